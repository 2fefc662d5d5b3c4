import type { Context } from 'hono'
import { OAuthError } from '../../protocol/oauth/errors.ts'

/** RFC 7591 §3.1: the request is `application/json`. */
export async function jsonBody(context: Context): Promise<unknown> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new OAuthError('invalid_client_metadata', 'send application/json (RFC 7591 section 3.1)')
  }
  try {
    return await context.req.json()
  } catch {
    throw new OAuthError('invalid_client_metadata', 'the body is not JSON')
  }
}
