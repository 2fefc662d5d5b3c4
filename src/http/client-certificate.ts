import * as z from 'zod'
import { base64, type PresentedCertificate, thumbprintOf } from '../protocol/oauth/mutual-tls.ts'
import type { PresentedChain } from '../protocol/pki/presented-chain.ts'

/** What was presented, as far as the edge hands it on: up to 10 kB for the certificate, 16 kB for the others. */
const Presented = z.object({
  certPresented: z.literal('1'),
  certRFC9440: z.string().max(20_000),
  certRFC9440TooLarge: z.boolean(),
  certChainRFC9440: z.string().max(40_000),
})

/**
 * What this request's TLS connection presented, as the edge attached it. `none`: the browser had nothing to show, or
 * its person declined; `too-large`: more than the edge hands on, which no card or software certificate is.
 */
export function presentedChain(request: Request): PresentedChain | 'none' | 'too-large' {
  const cf = request.cf as { tlsClientAuth?: unknown } | undefined
  const read = Presented.safeParse(cf?.tlsClientAuth)
  if (!read.success) return 'none'
  const { certRFC9440, certRFC9440TooLarge, certChainRFC9440 } = read.data
  const leaf = byteSequence(certRFC9440)
  if (certRFC9440TooLarge) return 'too-large'
  if (leaf === undefined) return 'none'
  const chain = certChainRFC9440.split(',').flatMap((member) => byteSequence(member.trim()) ?? [])
  return { leaf, chain }
}

/** RFC 8941 §3.3.5, RFC 9440 §2.1. */
const byteSequence = (text: string): Uint8Array | undefined =>
  /^:[^:]+:$/.test(text) ? base64(text.slice(1, -1)) : undefined

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
