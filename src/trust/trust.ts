import type { Certificate } from '../protocol/pki/certificate.ts'
import type { PathRejection } from '../protocol/pki/path.ts'
import type { Purpose } from './authority.ts'

/** A certificate that leads to an authority of the registry and is not revoked. */
export interface Examined {
  readonly certificate: Certificate
  /** As the registry has it of the issuing authority: ELEMENTAIRE, STANDARD, FORT… */
  readonly range: string
  /** The issuing authority's `id` in the registry. */
  readonly authority: string
  /** What says that it is not revoked. `unknown`: nothing did, and the deployment accepts that. */
  readonly revocation: 'ocsp' | 'crl' | 'unknown'
}

export type ExamineRefusal = PathRejection | 'revoked' | 'revocation-unknown' | 'too-large'

/** The answer to "may this certificate speak here". `detail` is for the trail; nothing personal is in it. */
export type Examination =
  | { readonly trusted: Examined }
  | { readonly refused: ExamineRefusal; readonly detail: string }

/** The registry of authorities, and what they have revoked, as one question. */
export interface Trust {
  /**
   * The certificate and chain of this connection, from DER only. One query once the registry is in memory, whatever the
   * lists hold.
   */
  examine(
    presented: { readonly leaf: Uint8Array; readonly chain: readonly Uint8Array[] },
    purpose: Purpose,
  ): Promise<Examination>
}
