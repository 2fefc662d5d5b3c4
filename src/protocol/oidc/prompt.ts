import { after, type Instant } from '../../kernel/instant.ts'
import { OAuthError } from '../oauth/errors.ts'

/** What the relying party wants the person to be asked (OIDC Core §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const
export type Prompt = (typeof PROMPTS)[number]

/**
 * The values of `prompt`.
 * @throws OAuthError `invalid_request` for `none` beside another (OIDC Core §3.1.2.1), or one we do not have.
 */
export function parsePrompt(text: string | undefined): readonly Prompt[] {
  if (text === undefined) return []
  const words = text.split(' ').filter((word) => word !== '')
  const asked = PROMPTS.filter((prompt) => words.includes(prompt))
  if (words.some((word) => !PROMPTS.some((prompt) => prompt === word))) {
    throw new OAuthError('invalid_request', `prompt must be of: ${PROMPTS.join(', ')}`)
  }
  if (asked.includes('none') && asked.length > 1) {
    throw new OAuthError('invalid_request', 'prompt=none must be alone (OIDC Core section 3.1.2.1)')
  }
  return asked
}

/**
 * `max_age` in seconds.
 * @throws OAuthError `invalid_request` when it is not a whole number of seconds (OIDC Core §3.1.2.1).
 */
export function parseMaxAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new OAuthError('invalid_request', 'max_age must be a whole number of seconds')
  }
  return Number(text)
}

/** Whether an authentication of `authTime` is older than `max_age` allows at `now`. `max_age=0` always asks again. */
export const tooOld = (authTime: Instant, maxAge: number | undefined, now: Instant): boolean =>
  maxAge !== undefined && now >= after(authTime, maxAge)
