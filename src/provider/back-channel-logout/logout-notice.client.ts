import type { Clock } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import type { LogoutDelivery, LogoutNotice } from '../../notifications/queued.ts'
import { mayReceiveLogout } from '../../protocol/oauth/logout-metadata.ts'
import { LOGOUT_TOKEN_TYPE, logoutTokenClaims } from '../../protocol/oidc/logout-token.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'
import type { Subjects } from '../claims/subject.ts'

/** Milliseconds for the service's whole answer. */
const LONGEST_WAIT = 5_000
/** Statuses after which another try may do better (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4). */
const TRANSIENT: readonly number[] = [408, 425, 429]

export interface LogoutNoticeNeeds {
  readonly issuer: string
  readonly clock: Clock
  readonly signer: Pick<Signer, 'sign'>
  readonly subjects: Subjects
  readonly relyingParties: Pick<RelyingParties, 'find'>
  /** The network. Outside the sandbox it must lead to public addresses only (`global_fetch_strictly_public`). */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Whether services on this machine may be told: in the sandbox only. */
  readonly reachesInward: boolean
}

/**
 * Tells one service that a session ended (Back-Channel Logout §2.5): POST of a logout token made for this attempt. It
 * follows no redirect and reads nothing of the answer but its status. Suspended services are told too: nobody should
 * stay signed in there because we do not trust it any more.
 */
export const logoutNotifier =
  (needs: LogoutNoticeNeeds) =>
  async (id: string, attempt: number, notice: LogoutNotice): Promise<LogoutDelivery> => {
    const party = await needs.relyingParties.find(notice.clientId)
    const uri = party?.metadata.backchannel_logout_uri
    if (party === undefined || uri === undefined) return { outcome: 'not-wanted' }
    // Registration was held to this too; what is stored may be older than the rule.
    if (!mayReceiveLogout(uri, needs.reachesInward)) return { outcome: 'undeliverable', detail: 'not public' }
    const claims = logoutTokenClaims({
      issuer: needs.issuer,
      clientId: party.clientId,
      subject: await needs.subjects.of(party, notice.practitionerId),
      sid: notice.sid,
      id: `${id}.${attempt}`,
      issuedAt: needs.clock(),
    })
    // Back-Channel Logout §2.4: "signed with the same keys as ID Tokens", and so with the same algorithm.
    const alg = party.metadata.id_token_signed_response_alg
    const token = await needs.signer.sign(claims, { typ: LOGOUT_TOKEN_TYPE, alg })
    try {
      const response = await needs.fetch(uri, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ logout_token: token }).toString(),
        redirect: 'manual',
        signal: AbortSignal.timeout(LONGEST_WAIT),
      })
      await response.body?.cancel()
      return answered(response.status)
    } catch (error) {
      return { outcome: 'retry', detail: error instanceof Error ? error.name : 'unreachable' }
    }
  }

/** Back-Channel Logout §2.8: 200, or 204 of frameworks that insist; 400 or 501 when it did not work. */
function answered(status: number): LogoutDelivery {
  const detail = `HTTP ${status}`
  if (status === 200 || status === 204) return { outcome: 'delivered', detail }
  const isTransient = TRANSIENT.includes(status) || (status >= 500 && status !== 501)
  return { outcome: isTransient ? 'retry' : 'undeliverable', detail }
}
