import type { Entropy } from '../kernel/handle.ts'
import { type Clock, type Instant, instant } from '../kernel/instant.ts'
import { hexOf } from '../protocol/pki/der.ts'
import { certificateId, ocspRequest, readOcspAnswer } from '../protocol/pki/ocsp.ts'
import { judgeOcspAnswer } from '../protocol/pki/ocsp-verdict.ts'
import { issuerKeyOf } from './entry.ts'
import { exchange, type Outbound, type Patience } from './exchange.client.ts'
import type { OcspFinding, Responders } from './responders.ts'
import type { Revocations } from './revocation.ts'

/** Milliseconds for the whole answer: somebody waits at a sign-in. */
const LONGEST_WAIT = 1_500
const MOST_BYTES = 64 * 1024
/** Seconds for which an answer is remembered, whatever it promises beyond. */
const REMEMBERED = 3600
/** Seconds for which a responder that was too slow is not asked again. */
const REST = 15
/** Answers kept in one isolate; the oldest leaves first. */
const MOST = 2_000

export interface RespondersNeeds {
  readonly outbound: Outbound
  readonly clock: Clock
  readonly entropy: Entropy
  readonly patience: Patience
  readonly revocations: Revocations
}

/**
 * Responders over HTTP (RFC 6960 Appendix A.1), with what this isolate remembers of their answers. Only an answer that
 * holds is remembered, until it promises to be renewed and an hour at most: a lie or a silence is asked again.
 */
export function httpResponders({
  outbound,
  clock,
  entropy,
  patience,
  revocations,
}: RespondersNeeds): Responders {
  const remembered = new Map<string, { readonly finding: OcspFinding; readonly until: Instant }>()
  const resting = new Map<string, number>()

  return {
    async ask(url, certificate, issuer) {
      const id = await certificateId(certificate, issuer)
      const name = `${hexOf(id.issuerKeyHash)} ${id.serial}`
      const before = remembered.get(name)
      if (before !== undefined && before.until > clock()) return before.finding
      remembered.delete(name)
      if ((resting.get(url) ?? 0) > clock()) return nothing('was too slow a moment ago')

      // RFC 9654 §2.1: 32 octets.
      const nonce = entropy(32)
      const answer = await exchange(outbound, {
        url,
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
          body: ocspRequest(id, nonce).slice(),
        },
        most: MOST_BYTES,
        signal: patience(LONGEST_WAIT),
      })
      const now = clock()
      if (answer === 'not-modified') return nothing('answered 304')
      if ('problem' in answer) {
        if (answer.late) resting.set(url, now + REST)
        return nothing(answer.problem)
      }
      const read = readOcspAnswer(answer.body)
      if ('rejected' in read) return nothing(`${read.rejected}: ${read.detail}`)
      const verdict = await judgeOcspAnswer(read, { id, issuer, nonce, now })
      if ('rejected' in verdict) return nothing(verdict.rejected)
      if (verdict.status === 'unknown') return nothing('does not know the certificate')
      // RFC 6960 §4.2.2.2.1: a delegate's own revocation is asked of the list in hand.
      if (verdict.delegate !== undefined) {
        const listed = { issuerKey: await issuerKeyOf(issuer), serial: verdict.delegate.serial }
        const [standing] = await revocations.standing([listed])
        if (standing?.revoked !== undefined) return nothing('is itself revoked')
      }
      const finding: OcspFinding = { said: verdict.status }
      const until = instant(Math.min(verdict.until, now + REMEMBERED))
      if (until > now) remembered.set(name, { finding, until })
      const oldest = remembered.keys().next()
      if (remembered.size > MOST && !oldest.done) remembered.delete(oldest.value)
      return finding
    },
  }
}

const nothing = (detail: string): OcspFinding => ({ said: 'nothing', detail })
