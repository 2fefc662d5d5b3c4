import { randomBytes } from 'node:crypto'
import type { IDToken, UserInfoResponse } from 'openid-client'
import type { LoggedOut } from './logout-tokens.ts'

/** What was begun at the federator and waits for its answer, found again by `state`. */
export interface Begun {
  readonly nonce: string
  readonly verifier: string
  /** Epoch seconds; OIDC Core §3.1.3.7 rule 13 compares with it when `max_age` was asked. */
  readonly at: number
}

/** Who is signed in at the service. */
export interface SignedIn {
  readonly idToken: string
  readonly idClaims: IDToken
  readonly userinfo: UserInfoResponse
  readonly refreshToken: string | undefined
  readonly refreshedAt: number | undefined
}

export interface DemoSession {
  readonly id: string
  readonly begun: Map<string, Begun>
  signedIn: SignedIn | undefined
}

const MOST_SESSIONS = 1_000
const MOST_BEGUN = 10

/** Sessions in memory, behind a cookie that says nothing. The oldest goes when there are too many. */
export class DemoSessions {
  readonly #sessions = new Map<string, DemoSession>()

  find(id: string | undefined): DemoSession | undefined {
    return id === undefined ? undefined : this.#sessions.get(id)
  }

  open(): DemoSession {
    const session: DemoSession = {
      id: randomBytes(24).toString('base64url'),
      begun: new Map(),
      signedIn: undefined,
    }
    const oldest = this.#sessions.keys().next()
    if (this.#sessions.size >= MOST_SESSIONS && !oldest.done) this.#sessions.delete(oldest.value)
    this.#sessions.set(session.id, session)
    return session
  }

  close(session: DemoSession): void {
    this.#sessions.delete(session.id)
  }

  /** Every session that a logout token is about: of this `sid`, or without one of this person. */
  closeOf({ sid, sub }: LoggedOut): void {
    for (const session of this.#sessions.values()) {
      const claims = session.signedIn?.idClaims
      if (claims === undefined) continue
      if (sid === undefined ? claims.sub === sub : claims.sid === sid) this.close(session)
    }
  }

  /** Several tabs may begin at once, so each begun sign-in has its own entry. */
  remember(session: DemoSession, state: string, begun: Begun): void {
    const oldest = session.begun.keys().next()
    if (session.begun.size >= MOST_BEGUN && !oldest.done) session.begun.delete(oldest.value)
    session.begun.set(state, begun)
  }

  /** The begun sign-in of this `state`, once. */
  take(session: DemoSession, state: string): Begun | undefined {
    const begun = session.begun.get(state)
    session.begun.delete(state)
    return begun
  }
}
