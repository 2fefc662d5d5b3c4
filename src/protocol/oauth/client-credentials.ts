import { decodeJwt } from 'jose'
import { ClientId } from '../../kernel/identifiers.ts'
import { OAuthError } from './errors.ts'
import type { Parameters } from './parameters.ts'

/** `client_assertion_type` of a JWT (RFC 7523 §2.2). */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How a client presented itself. Nothing here is proved yet: an assertion is only read for the name in it. */
export type ClientCredentials =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post'
      readonly clientId: ClientId
      readonly secret: string
    }
  | { readonly method: 'private_key_jwt'; readonly clientId: ClientId; readonly assertion: string }
  | { readonly method: 'none'; readonly clientId: ClientId }

/**
 * Reads how a client presented itself: HTTP Basic or form (RFC 6749 §2.3.1), assertion (RFC 7521 §4.2), or by its
 * name alone (a public client).
 * @throws OAuthError `invalid_request` for more than one way (RFC 6749 §2.3, §5.2); `invalid_client` for none, or for
 * one that cannot be read.
 */
export function clientCredentials(authorization: string | undefined, form: Parameters): ClientCredentials {
  const secret = form.get('client_secret')
  const assertion = form.get('client_assertion')
  const assertionType = form.get('client_assertion_type')
  const asserted = assertion !== undefined || assertionType !== undefined
  const ways = [authorization !== undefined, secret !== undefined, asserted].filter(Boolean).length
  if (ways > 1) {
    throw new OAuthError(
      'invalid_request',
      'the client authenticates in more than one way (RFC 6749 section 2.3)',
    )
  }
  if (authorization !== undefined) return sameClient(basic(authorization), form)
  if (asserted) return sameClient(byAssertion(assertion, assertionType), form)
  const clientId = clientIdOf(form.get('client_id'))
  return secret === undefined
    ? { method: 'none', clientId }
    : { method: 'client_secret_post', clientId, secret }
}

/** RFC 6749 §2.3.1: each half is form-urlencoded before RFC 7617 joins them. */
function basic(authorization: string): ClientCredentials {
  const encoded = /^Basic +([A-Za-z0-9+/]{1,4096}={0,2})$/i.exec(authorization)?.[1]
  if (encoded === undefined) throw unreadable('the Authorization header is not HTTP Basic')
  const text = latin1(encoded)
  const colon = text.indexOf(':')
  if (colon < 0) throw unreadable('the Authorization header has no colon')
  return {
    method: 'client_secret_basic',
    clientId: clientIdOf(formDecoded(text.slice(0, colon))),
    secret: formDecoded(text.slice(colon + 1)),
  }
}

function byAssertion(assertion: string | undefined, type: string | undefined): ClientCredentials {
  if (assertion === undefined || type !== JWT_BEARER) {
    throw unreadable(`client_assertion needs client_assertion_type ${JWT_BEARER}`)
  }
  let subject: unknown
  try {
    subject = decodeJwt(assertion).sub
  } catch {
    throw unreadable('client_assertion is not a JWT')
  }
  return { method: 'private_key_jwt', clientId: clientIdOf(subject), assertion }
}

/** RFC 7521 §4.2: a `client_id` beside the credentials must name the same client. Held for Basic too. */
function sameClient(credentials: ClientCredentials, form: Parameters): ClientCredentials {
  const named = form.get('client_id')
  if (named === undefined || named === credentials.clientId) return credentials
  throw new OAuthError('invalid_request', 'client_id is not the client that authenticates')
}

function clientIdOf(value: unknown): ClientId {
  const parsed = ClientId.safeParse(value)
  if (!parsed.success)
    throw unreadable(value === undefined ? 'client authentication is missing' : 'the client is unknown')
  return parsed.data
}

function latin1(encoded: string): string {
  try {
    return atob(encoded)
  } catch {
    throw unreadable('the Authorization header is not base64')
  }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw unreadable('the Authorization header is not form-urlencoded (RFC 6749 section 2.3.1)')
  }
}

const unreadable = (why: string) => new OAuthError('invalid_client', why)
