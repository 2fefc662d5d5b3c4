import type { Certificate } from '../protocol/pki/certificate.ts'

/** What an authority's responder says (RFC 6960). */
export type OcspFinding =
  | { readonly said: 'good' | 'revoked' }
  /** No answer that is to be believed, or one that does not know. */
  | { readonly said: 'nothing'; readonly detail: string }

export interface Responders {
  /** Asks, or remembers: at most 1.5 s. Never rejects. */
  ask(url: string, certificate: Certificate, issuer: Certificate): Promise<OcspFinding>
}
