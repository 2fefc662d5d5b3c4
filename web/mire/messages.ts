import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import type * as z from 'zod'
import type * as contract from '../../src/mire/contract.ts'
import { type Guard, isBoolean, isNumber, isRecord, isString, oneOf, parse, shape } from '../shape.ts'

export type LoginState = z.infer<typeof contract.LoginState>
export type PasskeyRefusal = z.infer<typeof contract.PasskeyRefusal>

export const isLoginState = shape<LoginState>({
  status: oneOf(
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
  ),
  disclose: isBoolean,
  next: isString,
})

export const isPasskeyRefusal = shape<PasskeyRefusal>({
  error: oneOf('unknown-passkey', 'invalid-passkey', 'suspended', 'expired', 'other-browser'),
})

/** WebAuthn L3 §5.1.10, as the server made it. */
export const isRequestOptions: Guard<PublicKeyCredentialRequestOptionsJSON> = (
  value,
): value is PublicKeyCredentialRequestOptionsJSON => isRecord(value) && isString(value.challenge)

/** What the page says of its login, in `data-login` of `#login`. */
export interface Login {
  readonly name: string
  readonly language: 'fr' | 'en'
  readonly state: LoginState
  /** Absent on a page without a passkey button. */
  readonly options: PublicKeyCredentialRequestOptionsJSON | undefined
  /** When the request on the phone ends, in seconds since 1970. */
  readonly expiresAt: number | undefined
}

export function loginOf(text: string): Login | undefined {
  const data = parse(text, isRecord)
  if (data === undefined || !isString(data.name) || !isLoginState(data.state)) return undefined
  return {
    name: data.name,
    language: data.language === 'en' ? 'en' : 'fr',
    state: data.state,
    options: isRequestOptions(data.options) ? data.options : undefined,
    expiresAt: isNumber(data.expiresAt) ? data.expiresAt : undefined,
  }
}
