import type { Entropy } from '../../kernel/handle.ts'
import type { Place } from '../../kernel/place.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Grant, GrantRefusal, Sessions } from '../../sessions/sessions.ts'
import type { RefreshToken } from '../tokens/issue.ts'

export interface GrantNeeds {
  readonly sessions: Pick<Sessions, 'redeem' | 'rotate'>
  readonly entropy: Entropy
}

/** What the sender of a token request showed, as the session's object compares and keeps it. */
export interface Shown {
  /** Thumbprint of the key of its DPoP proof. */
  readonly jkt: string | undefined
  /** What whoever refreshes must show again, for a public client. */
  readonly holder: string | undefined
}

/** What a grant type makes of a request: what to sign, and the refresh token that goes with it. */
export interface Granted {
  readonly grant: Grant
  readonly refresh: RefreshToken | undefined
}

/** Told of each session opened without a browser, behind the answer: it must neither wait nor throw. */
export type OnGranted = (opened: {
  readonly grant: Grant
  readonly serviceName: string
  readonly place: Place
}) => void

/** The private reason of a refusal by which something stolen shows itself, and by which a family ended. */
export const REUSE: GrantRefusal = 'already-used'

/**
 * What the outside learns. A mistake in the request is named, for the developer who must repair it; whether a code or
 * token ever existed, to whom it was given and what became of it is not.
 */
const DESCRIPTIONS: Partial<Record<GrantRefusal, string>> = {
  'redirect-uri-mismatch':
    'redirect_uri is not the one of the authorization request (RFC 6749 section 4.1.3)',
  'verifier-missing': 'code_verifier is missing (RFC 7636 section 4.5)',
  'verifier-unexpected': 'code_verifier is there, but the authorization request had no code_challenge',
  'verifier-mismatch': 'code_verifier does not match code_challenge (RFC 7636 section 4.6)',
  'key-missing': 'a DPoP proof or certificate of the key that it is bound to is missing (RFC 9449 section 5)',
  'key-mismatch': 'it is bound to another key (RFC 9449 sections 5 and 10)',
}

/** RFC 6749 §5.2: `invalid_grant`, or `invalid_scope` where only the scope was too much. */
export function grantRefused(reason: GrantRefusal): OAuthError {
  if (reason === 'scope-exceeded') {
    return new OAuthError('invalid_scope', 'scope exceeds what was granted (RFC 6749 section 6)', reason)
  }
  const description =
    DESCRIPTIONS[reason] ?? 'the code or refresh token is not valid for this client, or not any more'
  return new OAuthError('invalid_grant', description, reason)
}
