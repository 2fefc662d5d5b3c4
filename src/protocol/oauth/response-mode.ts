import { OAuthError } from './errors.ts'

/**
 * How an authorization response travels: in the query, in a form that posts itself (OAuth 2.0 Form Post Response Mode
 * §2), and either of them as one signed JWT (JARM §2.3). `jwt` is the latter's default for the code flow (§2.3.4).
 */
export const RESPONSE_MODES = ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'] as const
export type ResponseMode = Exclude<(typeof RESPONSE_MODES)[number], 'jwt'>

/** Whether the answer is a signed JWT. */
export const isSigned = (mode: ResponseMode): mode is 'query.jwt' | 'form_post.jwt' => mode.endsWith('.jwt')

/** Whether the answer is a form that posts itself. */
export const isForm = (mode: ResponseMode): boolean => mode.startsWith('form_post')

/** Whether a form can be posted to this redirect URI: a private scheme opens an application, which reads no body. */
export const takesForms = (redirectUri: string | undefined): boolean => /^https?:/.test(redirectUri ?? '')

/**
 * The mode asked for; `query` when none is (OAuth 2.0 Multiple Response Types §2.1).
 * @throws OAuthError `invalid_request`. `fragment` is refused too: it would show a code to every script of the page.
 */
export function responseMode(text: string | undefined): ResponseMode {
  if (text === undefined) return 'query'
  if (text === 'jwt') return 'query.jwt'
  const found = RESPONSE_MODES.find((mode) => mode === text)
  if (found === undefined || found === 'jwt') {
    throw new OAuthError('invalid_request', `response_mode must be of: ${RESPONSE_MODES.join(', ')}`)
  }
  return found
}
