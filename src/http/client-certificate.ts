import * as z from 'zod'
import { base64, type CertificateOf, thumbprintOf, type Vouched } from '../protocol/oauth/mutual-tls.ts'
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

/** Whether an organisation's certificate leads to an authority of ours, for `PresentedCertificate.examine`. */
export type ExamineOrganisation = (
  presented: PresentedChain,
) => Promise<Vouched | { readonly refused: string }>

/**
 * The client certificate of a request's TLS connection, as the edge attached it (`cf.tlsClientAuth`). On the card hosts
 * only: no other name asks for one, so what is said there of one is nothing that a handshake proved. No header is ever
 * read, for anybody can send one (RFC 8705 §6.5, RFC 9440 §4), and no verdict of the edge.
 */
export function certificates({
  origins,
  examine,
}: {
  readonly origins: readonly string[]
  readonly examine: ExamineOrganisation
}): CertificateOf {
  const hosts = new Set(origins.map((origin) => new URL(origin).host))
  return async (request) => {
    if (!hosts.has(new URL(request.url).host)) return undefined
    const presented = presentedChain(request)
    if (presented === 'none' || presented === 'too-large') return undefined
    const { leaf } = presented
    return { der: leaf, thumbprint: await thumbprintOf(leaf), examine: () => examine(presented) }
  }
}
