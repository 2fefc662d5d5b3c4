import * as z from 'zod'
import { base64, type PresentedCertificate, thumbprintOf } from '../protocol/oauth/mutual-tls.ts'

/** What the edge says of the TLS connection. It is there whatever became of the certificate's validation. */
const TlsClientAuth = z.object({
  certPresented: z.literal('1'),
  certVerified: z.string(),
  certRevoked: z.string(),
  /** The certificate itself, a byte sequence of RFC 8941 §3.3.5; empty when there is none, or too much of it. */
  certRFC9440: z.string().regex(/^:[^:]+:$/),
})

/**
 * The client certificate of this request's TLS connection, as the edge attached it (`cf.tlsClientAuth`). No header
 * is ever read: anybody can send one (RFC 8705 §6.5, RFC 9440 §4).
 */
export async function clientCertificate(request: Request): Promise<PresentedCertificate | undefined> {
  const cf = request.cf as { tlsClientAuth?: unknown } | undefined
  const read = TlsClientAuth.safeParse(cf?.tlsClientAuth)
  if (!read.success) return undefined
  const { certRFC9440, certVerified, certRevoked } = read.data
  const der = base64(certRFC9440.slice(1, -1))
  if (der === undefined) return undefined
  // A certificate that the edge knows to be revoked is still "SUCCESS": the two are asked apart.
  const revoked = certRevoked !== '0'
  return {
    der,
    thumbprint: await thumbprintOf(der),
    trusted: certVerified === 'SUCCESS' && !revoked,
    revoked,
  }
}
