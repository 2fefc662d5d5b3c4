import {
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  WebAuthnError,
} from '@simplewebauthn/browser'
import {
  isLoginState,
  isPasskeyRefusal,
  isRequestOptions,
  type LoginState,
  type PasskeyRefusal,
} from './messages.ts'

export type Asked =
  | { readonly assertion: AuthenticationResponseJSON }
  | { readonly failed: 'replaced' | 'not-done' }

/**
 * Asks this device for a passkey. Nothing is awaited before the browser's own call, which Safari before 17.4 wants
 * to come straight from the tap. A second call ends the first, which then answers `replaced`.
 */
export async function ask(options: PublicKeyCredentialRequestOptionsJSON, autofill: boolean): Promise<Asked> {
  try {
    return { assertion: await startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill }) }
  } catch (error) {
    const replaced = error instanceof WebAuthnError && error.code === 'ERROR_CEREMONY_ABORTED'
    return { failed: replaced ? 'replaced' : 'not-done' }
  }
}

export type Answered =
  | { readonly state: LoginState }
  | { readonly refused: PasskeyRefusal['error'] }
  | { readonly refused: 'no-answer' }

export async function answer(
  path: string,
  assertion: AuthenticationResponseJSON,
  trust: boolean,
): Promise<Answered> {
  try {
    const response = await fetch(`${path}/passkey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ assertion, trust }),
    })
    const body: unknown = await response.json()
    if (response.ok && isLoginState(body)) return { state: body }
    return { refused: isPasskeyRefusal(body) ? body.error : 'invalid-passkey' }
  } catch {
    return { refused: 'no-answer' }
  }
}

/** A fresh challenge after one was spent. */
export async function freshOptions(path: string): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
  try {
    const response = await fetch(`${path}/options`)
    const body: unknown = await response.json()
    return response.ok && isRequestOptions(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** Tells the passkey's provider that we do not know it (WebAuthn L3 §5.1.10.2), so that it stops offering it. */
export async function forget(rpId: string | undefined, credentialId: string): Promise<void> {
  if (rpId === undefined || typeof PublicKeyCredential.signalUnknownCredential !== 'function') return
  await PublicKeyCredential.signalUnknownCredential({ rpId, credentialId }).catch(() => undefined)
}
