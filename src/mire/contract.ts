import * as z from 'zod'

/**
 * Messages between the mire's script and `/login/<name>/*`. The same LoginState comes from the WebSocket
 * (`/login/<name>/live`, one message per change, the first at once) and from polling (`GET /login/<name>/state`).
 */
export const LoginState = z.object({
  status: z.enum([
    'choosing',
    'waiting',
    'on-phone',
    'proved',
    'wrong-code',
    'denied',
    'two-at-once',
    'request-expired',
    'cancelled',
    'gone',
  ]),
  /** Whether the service's data must still be shown before going on. */
  disclose: z.boolean(),
  /** Where to go when proved (and disclosed): a path of this host. */
  next: z.string(),
})

/** POST /login/<name>/passkey: AuthenticationResponseJSON and whether to trust this browser → LoginState. */
export const PasskeyAnswer = z.strictObject({
  assertion: z.record(z.string(), z.unknown()),
  trust: z.boolean(),
})
export const PASSKEY_REFUSALS = [
  'unknown-passkey',
  'invalid-passkey',
  'suspended',
  'expired',
  'other-browser',
] as const
export const PasskeyRefusal = z.object({ error: z.enum(PASSKEY_REFUSALS) })
