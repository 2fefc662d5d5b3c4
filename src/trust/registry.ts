import type { Certificate } from '../protocol/pki/certificate.ts'
import type { Authority } from './authority.ts'

/** An authority with its certificate read. */
export interface KnownAuthority {
  readonly authority: Authority
  readonly certificate: Certificate
}

/** The authorities of this deployment's environment that are not retired. */
export interface Registry {
  /** At most a minute old. */
  active(): Promise<readonly KnownAuthority[]>
}
