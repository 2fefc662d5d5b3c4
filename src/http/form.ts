import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { OAuthError } from '../protocol/oauth/errors.ts'
import { type Parameters, parameters } from '../protocol/oauth/parameters.ts'

const FORM = /^application\/x-www-form-urlencoded *(?:;|$)/i

/** Whether the body says that it is a form. */
export const isForm = (context: Context): boolean => FORM.test(context.req.header('content-type') ?? '')

/** A posted form, as its fields came. Not by `.text()`: the runtime warns about that unless the type is text/*. */
export const formFields = async (context: Context): Promise<URLSearchParams> =>
  new URLSearchParams(new TextDecoder().decode(await context.req.arrayBuffer()))

/**
 * The parameters of a posted form (RFC 6749 Appendix B).
 * @throws OAuthError `invalid_request` for another content type, and as `parameters` does.
 */
export async function formOf(context: Context): Promise<Parameters> {
  if (!isForm(context)) {
    throw new OAuthError('invalid_request', 'the content type must be application/x-www-form-urlencoded')
  }
  return parameters(await formFields(context))
}

/** 64 kB are far more than any request of the protocol: what is larger is not read. */
export const formLimit = bodyLimit({
  maxSize: 64 * 1024,
  onError: (context) => {
    context.header('Cache-Control', 'no-store')
    return context.json(new OAuthError('invalid_request', 'the body is too large').body(), 413)
  },
})
