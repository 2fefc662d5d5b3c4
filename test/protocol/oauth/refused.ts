import { OAuthError, type OAuthErrorCode } from '../../../src/protocol/oauth/errors.ts'

/** The code that `attempt` is refused with; anything else that happens is told as it is. */
export function refusal(attempt: () => unknown): OAuthErrorCode | string {
  try {
    return `not refused: ${JSON.stringify(attempt())}`
  } catch (thrown) {
    return thrown instanceof OAuthError ? thrown.code : `not a refusal: ${String(thrown)}`
  }
}
