import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { type Guard, oneOf } from '../shape.ts'

export type Failed = 'unsupported' | 'not-done' | 'already-here'

const isTransport: Guard<AuthenticatorTransport> = oneOf('ble', 'hybrid', 'internal', 'nfc', 'usb')

/** WebAuthn L3 §5.1.3: `InvalidStateError` says that this authenticator already holds one of ours. */
const failure = (error: unknown): Failed =>
  error instanceof Error && error.name === 'InvalidStateError' ? 'already-here' : 'not-done'

export async function createPasskey(
  options: PublicKeyCredentialCreationOptionsJSON,
): Promise<{ readonly attestation: RegistrationResponseJSON } | { readonly failed: Failed }> {
  if (!browserSupportsWebAuthn()) return { failed: 'unsupported' }
  try {
    return { attestation: await startRegistration({ optionsJSON: options }) }
  } catch (error) {
    return { failed: failure(error) }
  }
}

/**
 * Has this phone's own passkey sign a challenge that stands for one choice. Only the credential that the device key
 * is bound to is asked for.
 */
export async function sign(wanted: {
  readonly challenge: string
  readonly rpId: string
  readonly credentialId: string
  readonly transports: readonly string[]
}): Promise<{ readonly assertion: AuthenticationResponseJSON } | { readonly failed: Failed }> {
  if (!browserSupportsWebAuthn()) return { failed: 'unsupported' }
  const known = wanted.transports.filter(isTransport)
  try {
    const assertion = await startAuthentication({
      optionsJSON: {
        challenge: wanted.challenge,
        rpId: wanted.rpId,
        timeout: 60_000,
        userVerification: 'required',
        allowCredentials: [
          {
            id: wanted.credentialId,
            type: 'public-key',
            transports: known.length === 0 ? ['internal'] : known,
          },
        ],
      },
    })
    return { assertion }
  } catch (error) {
    return { failed: failure(error) }
  }
}
