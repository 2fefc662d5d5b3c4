import { OAuthError } from '../oauth/errors.ts'
import type { Parameters } from '../oauth/parameters.ts'
import { parseScope, type Scope } from '../oauth/scope.ts'
import { type Acr, parseAcrValues, wantsPhishingResistance } from '../oidc/acr.ts'
import { type BindingMessage, bindingMessage } from './binding-message.ts'

/** Who the service says should be asked: exactly one way of saying it (CIBA Core §7.1). */
export type PersonHint =
  | { readonly means: 'login_hint'; readonly nationalId: string }
  | { readonly means: 'login_hint_token'; readonly token: string }
  | { readonly means: 'id_token_hint'; readonly token: string }

/** By which means the person answers: Pro Santé Connect's own parameter (PSC §3). */
export type Channel = 'MOBILE' | 'CARD'

/** An authentication request of a service (CIBA Core §7.1), the client apart. */
export interface BackchannelRequest {
  readonly channel: Channel
  readonly scopes: readonly Scope[]
  readonly acrValues: readonly Acr[]
  readonly hint: PersonHint
  readonly binding: BindingMessage
  /** Seconds, when the service asked for an expiry of its own. */
  readonly requestedExpiry: number | undefined
  readonly notificationToken: string | undefined
  /** Without the right one a phone whose owner has set one is not rung. */
  readonly userCode: string | undefined
}

/** RFC 6750 §2.1 `b64token`; CIBA Core §7.1: 1024 characters at most. */
const BEARER = /^[A-Za-z0-9\-._~+/]+=*$/
const LONGEST_TOKEN = 1024
const LONGEST_CODE = 64

/**
 * Parses an authentication request.
 * @throws OAuthError with a code of CIBA Core §13.
 */
export function backchannelRequest(sent: Parameters): BackchannelRequest {
  const scopes = openidScope(sent.get('scope'))
  const channel = channelOf(sent.get('channel'))
  const acrValues = parseAcrValues(sent.get('acr_values'))
  // A question that a service sends can be relayed, so it never reaches these: nobody is asked for nothing.
  if (wantsPhishingResistance(acrValues)) {
    throw new OAuthError('invalid_request', 'acr_values: a request of a service can only reach eidas1')
  }
  return {
    channel,
    scopes,
    acrValues,
    hint: personHint(sent),
    binding: bindingMessage(sent.get('binding_message')),
    requestedExpiry: requestedExpiry(sent.get('requested_expiry')),
    notificationToken: notificationToken(sent.get('client_notification_token')),
    userCode: userCode(sent.get('user_code')),
  }
}

/** CIBA Core §7.1: known to the person alone. What it looks like is theirs to choose within reason. */
function userCode(text: string | undefined): string | undefined {
  if (text !== undefined && (text === '' || text.length > LONGEST_CODE))
    throw new OAuthError('invalid_user_code', `user_code must have 1 to ${LONGEST_CODE} characters`)
  return text
}

function openidScope(text: string | undefined): readonly Scope[] {
  // CIBA Core §7.1: `scope` is required and has `openid`.
  const scopes = text === undefined ? [] : parseScope(text)
  if (!scopes.includes('openid')) {
    throw new OAuthError('invalid_scope', 'scope must have openid (CIBA Core section 7.1)')
  }
  return scopes
}

/** PSC §3: the phone, unless it says otherwise. */
function channelOf(asked: string | undefined): Channel {
  if (asked === undefined || asked === 'MOBILE') return 'MOBILE'
  if (asked === 'CARD') return 'CARD'
  throw new OAuthError('invalid_request', 'channel must be MOBILE or CARD')
}

/** CIBA Core §7.1: "it is REQUIRED that the client provides one (and only one) of the hints". */
function personHint(sent: Parameters): PersonHint {
  const nationalId = sent.get('login_hint')
  const hintToken = sent.get('login_hint_token')
  const idToken = sent.get('id_token_hint')
  const given = [nationalId, hintToken, idToken].filter((hint) => hint !== undefined).length
  if (given !== 1) {
    throw new OAuthError(
      'invalid_request',
      'send exactly one of login_hint, login_hint_token and id_token_hint (CIBA Core section 7.1)',
    )
  }
  if (nationalId !== undefined) return { means: 'login_hint', nationalId }
  return hintToken === undefined
    ? { means: 'id_token_hint', token: idToken ?? '' }
    : { means: 'login_hint_token', token: hintToken }
}

function requestedExpiry(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  // CIBA Core §7.1: "a positive integer".
  if (!/^[1-9][0-9]{0,8}$/.test(text)) {
    throw new OAuthError('invalid_request', 'requested_expiry must be a positive whole number of seconds')
  }
  return Number(text)
}

function notificationToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined
  if (token.length > LONGEST_TOKEN || !BEARER.test(token)) {
    throw new OAuthError(
      'invalid_request',
      'client_notification_token must be a bearer token of 1024 characters at most (CIBA Core section 7.1)',
    )
  }
  return token
}
