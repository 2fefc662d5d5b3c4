import type { REFUSALS } from './contract.ts'

export type RefusalCode = (typeof REFUSALS)[number]

/** A call that the e-CPS refuses. `detail` is the private reason, for the trail only. */
export interface Refused {
  readonly refused: RefusalCode
  readonly attemptsLeft?: number
  readonly detail?: string
}

export const refuse = (refused: RefusalCode, detail?: string): Refused =>
  detail === undefined ? { refused } : { refused, detail }

/** The HTTP status of each refusal (RFC 9110 §15.5). */
export const STATUS = {
  'invalid-request': 400,
  'invalid-proof': 401,
  'unknown-device': 401,
  'device-revoked': 403,
  'device-expired': 403,
  suspended: 403,
  'wrong-codes': 403,
  'too-many-attempts': 403,
  'activation-expired': 410,
  'invalid-passkey': 403,
  'code-unknown': 404,
  'code-taken': 409,
  'request-gone': 410,
  'request-expired': 410,
  'already-decided': 409,
  'two-at-once': 409,
  'try-later': 429,
} as const satisfies Record<RefusalCode, number>
