import { OAuthError } from './errors.ts'
import type { Parameters } from './parameters.ts'

/** `grant_type` of a token exchange (RFC 8693 §2.1). */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Token types (RFC 8693 §3). Our access tokens are JWTs, so either name is right for one. */
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const OURS: readonly string[] = [ACCESS_TOKEN, JWT]

/** A professional's access token to be exchanged for one of an API. */
export interface TokenExchange {
  readonly grantType: typeof TOKEN_EXCHANGE
  readonly subjectToken: string
  /** A JWT in which the client says for which software and activity. */
  readonly actorToken: string | undefined
  readonly audience: string
  readonly scope: string
}

/**
 * The parameters of a token exchange (RFC 8693 §2.1). `scope` is demanded, as the CI-SIS does: an API token for
 * everything is nobody's need. `resource` may be sent in place of `audience`.
 * @throws OAuthError `invalid_request`, `invalid_target` (§2.2.2) or `invalid_scope`
 */
export function tokenExchange(form: Parameters): TokenExchange {
  const subjectToken = form.get('subject_token')
  if (subjectToken === undefined) throw invalid("parameter 'subject_token' is missing")
  const type = form.get('subject_token_type')
  if (type === undefined || !OURS.includes(type)) {
    throw invalid('subject_token_type must be that of an access token or of a JWT (RFC 8693 section 3)')
  }
  const requested = form.get('requested_token_type')
  if (requested !== undefined && !OURS.includes(requested)) {
    throw invalid('requested_token_type must be that of an access token or of a JWT (RFC 8693 section 3)')
  }
  const scope = form.get('scope')
  if (scope === undefined) throw new OAuthError('invalid_scope', 'scope is needed: one or more of the API')
  return {
    grantType: TOKEN_EXCHANGE,
    subjectToken,
    actorToken: actorTokenOf(form),
    audience: audienceOf(form),
    scope,
  }
}

function audienceOf(form: Parameters): string {
  const audience = form.get('audience')
  const resource = form.get('resource')
  const named = audience ?? resource
  if (named === undefined) throw invalid("parameter 'audience' is missing")
  if (resource !== undefined && resource !== named) {
    throw new OAuthError('invalid_target', 'audience and resource name two APIs: exchange for one at a time')
  }
  return named
}

/** RFC 8693 §2.1: the type is there with the token, and never without it. */
function actorTokenOf(form: Parameters): string | undefined {
  const token = form.get('actor_token')
  const type = form.get('actor_token_type')
  if (token === undefined && type === undefined) return undefined
  if (token === undefined || type !== JWT) throw invalid(`actor_token is a JWT, with actor_token_type ${JWT}`)
  return token
}

const invalid = (why: string) => new OAuthError('invalid_request', why)
