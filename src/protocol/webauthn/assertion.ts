import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server'
import { base64url } from 'jose'
import * as z from 'zod'
import { CredentialId } from '../../kernel/identifiers.ts'
import { type Ceremony, type ClientData, foreign, readClientData } from './client-data.ts'
import { CEREMONY_TIMEOUT, type DeviceType, type WebAuthnPolicy } from './policy.ts'

export type { PublicKeyCredentialRequestOptionsJSON }

const bytes = z
  .string()
  .max(16_384)
  .regex(/^[A-Za-z0-9_-]+={0,2}$/)

const AssertionJSON = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish(),
  }),
})

/** An assertion that is well formed; nothing of it is proved yet. */
export interface Assertion {
  readonly credentialId: CredentialId
  readonly clientData: ClientData
  /** `user.id` that the authenticator keeps, base64url; discoverable credentials always hand it back. */
  readonly userHandle: string | undefined
  readonly response: AuthenticationResponseJSON
}

/** An `AuthenticationResponseJSON` (WebAuthn L3 §5.1.8) as it arrived, or `undefined`. Never throws. */
export function readAssertion(json: unknown): Assertion | undefined {
  const parsed = AssertionJSON.safeParse(json)
  if (!parsed.success) return undefined
  const { id, rawId, type, response } = parsed.data
  const clientData = readClientData(response.clientDataJSON)
  if (clientData === undefined) return undefined
  const { clientDataJSON, authenticatorData, signature } = response
  const userHandle = response.userHandle ?? undefined
  return {
    credentialId: id,
    clientData,
    userHandle,
    response: {
      id,
      rawId,
      type,
      clientExtensionResults: {},
      response: {
        clientDataJSON,
        authenticatorData,
        signature,
        ...(userHandle === undefined ? {} : { userHandle }),
      },
    },
  }
}

/** The parts of a credential record (WebAuthn L3 §4) that an assertion is held to. */
export interface CredentialRecord {
  readonly credentialId: CredentialId
  readonly userHandle: string
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly deviceType: DeviceType
}

/** What a verified assertion says, to be kept in the credential record. */
export interface VerifiedAssertion {
  readonly counter: number
  readonly backedUp: boolean
  readonly deviceType: DeviceType
}

/** Private reasons: for the trail. Outside, all of them are one refusal. */
export type AssertionRejection =
  | 'other-credential'
  | 'user-handle'
  | 'challenge'
  | 'origin'
  | 'cross-origin'
  | 'backup-eligibility'
  | 'unverified'

/**
 * Verifies an assertion against a credential record. User verification is always required.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */
export async function verifyAssertion(
  assertion: Assertion,
  credential: CredentialRecord,
  expected: Ceremony,
): Promise<{ verified: VerifiedAssertion } | { rejected: AssertionRejection; detail?: string }> {
  const { policy } = expected
  const { clientData, userHandle } = assertion
  if (assertion.credentialId !== credential.credentialId) return { rejected: 'other-credential' }
  // WebAuthn L3 §7.2 step 6: the user handle, if there is one, is that of the credential's owner.
  if (userHandle !== undefined && userHandle.replace(/=+$/, '') !== credential.userHandle)
    return { rejected: 'user-handle' }
  const rejected = await foreign(clientData, expected)
  if (rejected !== undefined) return { rejected }
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: assertion.response,
      expectedChallenge: clientData.challenge,
      expectedOrigin: policy.origin,
      expectedRPID: policy.rpId,
      requireUserVerification: true,
      credential: {
        id: credential.credentialId,
        publicKey: Uint8Array.from(base64url.decode(credential.publicKey)),
        counter: credential.counter,
      },
    })
    if (!verified) return { rejected: 'unverified', detail: 'signature' }
    // §7.2: backup eligibility is a property of the credential and never changes.
    if (authenticationInfo.credentialDeviceType !== credential.deviceType)
      return { rejected: 'backup-eligibility' }
    return {
      verified: {
        counter: authenticationInfo.newCounter,
        backedUp: authenticationInfo.credentialBackedUp,
        deviceType: authenticationInfo.credentialDeviceType,
      },
    }
  } catch (error) {
    return {
      rejected: 'unverified',
      detail: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
    }
  }
}

/**
 * Options for `navigator.credentials.get()`. Without `allow`, any discoverable passkey of this RP ID may answer
 * (WebAuthn L3 §5.5): nobody says who they are first, so nobody can ask whether somebody is known.
 */
export async function assertionOptions(input: {
  readonly policy: WebAuthnPolicy
  /** base64url */
  readonly challenge: string
  readonly allow?: readonly { readonly credentialId: CredentialId; readonly transports: readonly string[] }[]
}): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({
    rpID: input.policy.rpId,
    challenge: Uint8Array.from(base64url.decode(input.challenge)),
    userVerification: 'required',
    timeout: CEREMONY_TIMEOUT,
    allowCredentials: (input.allow ?? []).map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
  })
  return { ...options, hints: input.allow === undefined ? ['client-device', 'hybrid'] : ['client-device'] }
}
