import type { Context } from 'hono'
import { OAuthError } from '../../protocol/oauth/errors.ts'

/** Brackets within brackets: no metadata has half as many. What is kept is written as JSON again, which recurs. */
const DEEPEST = 16

/** RFC 7591 §3.1: the request is `application/json`. */
export async function jsonBody(context: Context): Promise<unknown> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new OAuthError('invalid_client_metadata', 'send application/json (RFC 7591 section 3.1)')
  }
  let body: unknown
  try {
    body = await context.req.json()
  } catch {
    throw new OAuthError('invalid_client_metadata', 'the body is not JSON')
  }
  if (depth(await context.req.text()) > DEEPEST) {
    throw new OAuthError('invalid_client_metadata', 'the metadata is nested too deep')
  }
  return body
}

/** How deep this JSON is. Linear, and no recursion. */
function depth(json: string): number {
  let open = 0
  let deepest = 0
  // Strings are read whole, so that brackets inside of them do not count.
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++open)
    else if (token === ']' || token === '}') open--
  }
  return deepest
}
