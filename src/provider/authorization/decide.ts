import type { Instant } from '../../kernel/instant.ts'
import { type Acr, isEnough, statedAcr } from '../../protocol/oidc/acr.ts'
import { tooOld } from '../../protocol/oidc/prompt.ts'
import type { AcceptedRequest } from './accept.ts'

/** Who is signed in here already. */
export interface SignedIn {
  readonly subject: string
  readonly authTime: Instant
  readonly contextClass: Acr
}

/** What a request demands of a session. */
export type Demands = Pick<AcceptedRequest, 'prompt' | 'maxAge' | 'acrValues' | 'hintedSubject'>

/** What an accepted request is answered with. */
export type Decision =
  /** A code, from the session. `disclose`: what is shared must be shown first (`prompt=consent`). */
  | { readonly outcome: 'answer'; readonly acr: Acr; readonly disclose: boolean }
  /** The mire. */
  | { readonly outcome: 'authenticate' }
  | { readonly outcome: 'refuse'; readonly code: 'login_required'; readonly reason: string }

/**
 * Whether the session can answer, or the person must sign in (OIDC Core §3.1.2.3), and what is said when that may
 * not be asked of them (`prompt=none`, §3.1.2.1, §3.1.2.6).
 */
export function decide(request: Demands, session: SignedIn | undefined, now: Instant): Decision {
  const reason = whyAuthenticate(request, session, now)
  if (session !== undefined && reason === undefined) {
    return {
      outcome: 'answer',
      acr: statedAcr(session.contextClass, request.acrValues),
      disclose: request.prompt.includes('consent'),
    }
  }
  if (request.prompt.includes('none')) {
    return { outcome: 'refuse', code: 'login_required', reason: reason ?? 'no session' }
  }
  return { outcome: 'authenticate' }
}

function whyAuthenticate(request: Demands, session: SignedIn | undefined, now: Instant): string | undefined {
  if (session === undefined) return 'no session'
  if (request.prompt.includes('login')) return 'prompt=login'
  // There is no list of accounts to choose from: choosing is signing in again.
  if (request.prompt.includes('select_account')) return 'prompt=select_account'
  if (request.hintedSubject !== undefined && request.hintedSubject !== session.subject)
    return 'another person'
  if (tooOld(session.authTime, request.maxAge, now)) return 'older than max_age'
  if (!isEnough(session.contextClass, request.acrValues)) return 'weaker than acr_values'
  return undefined
}
