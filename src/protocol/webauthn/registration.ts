import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { base64url } from 'jose'
import * as z from 'zod'
import { CredentialId } from '../../kernel/identifiers.ts'
import { type Ceremony, type ClientData, foreign, readClientData } from './client-data.ts'
import { ALGORITHMS, CEREMONY_TIMEOUT, type DeviceType, type WebAuthnPolicy } from './policy.ts'

const bytes = z
  .string()
  .max(65_536)
  .regex(/^[A-Za-z0-9_-]+={0,2}$/)

const AttestationJSON = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(32)).max(8).optional(),
  }),
})

/** A registration response that is well formed; nothing of it is proved yet. */
export interface Attestation {
  readonly clientData: ClientData
  readonly response: RegistrationResponseJSON
}

/** A `RegistrationResponseJSON` (WebAuthn L3 §5.1.8) as it arrived, or `undefined`. Never throws. */
export function readAttestation(json: unknown): Attestation | undefined {
  const parsed = AttestationJSON.safeParse(json)
  if (!parsed.success) return undefined
  const { id, rawId, type, response } = parsed.data
  const clientData = readClientData(response.clientDataJSON)
  if (clientData === undefined) return undefined
  const { clientDataJSON, attestationObject, transports } = response
  return {
    clientData,
    response: {
      id,
      rawId,
      type,
      clientExtensionResults: {},
      response: { clientDataJSON, attestationObject, ...(transports === undefined ? {} : { transports }) },
    },
  }
}

/** A credential that was just made, in the terms of a credential record (WebAuthn L3 §4). */
export interface NewCredential {
  readonly credentialId: CredentialId
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly deviceType: DeviceType
  readonly backedUp: boolean
  readonly aaguid: string
}

/** Private reasons: for the trail. */
export type RegistrationRejection = 'challenge' | 'origin' | 'cross-origin' | 'unverified'

/**
 * Options for `navigator.credentials.create()`: a discoverable credential on this very device, with user
 * verification. `attestation` is `none`: phones give no statement for passkeys, and what a statement names would
 * have to be explained to people for nothing.
 * @see https://www.w3.org/TR/webauthn-3/#dictionary-makecredentialoptions
 */
export async function registrationOptions(input: {
  readonly policy: WebAuthnPolicy
  /** base64url */
  readonly challenge: string
  readonly user: {
    /** 32 random bytes, base64url; the same for all passkeys of a person, never their number (§14.6.1). */
    readonly handle: string
    readonly name: string
    readonly displayName: string
  }
  readonly exclude: readonly { readonly credentialId: CredentialId; readonly transports: readonly string[] }[]
}): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { policy, user } = input
  return generateRegistrationOptions({
    rpID: policy.rpId,
    rpName: policy.rpName,
    challenge: Uint8Array.from(base64url.decode(input.challenge)),
    userID: Uint8Array.from(base64url.decode(user.handle)),
    userName: user.name,
    userDisplayName: user.displayName,
    timeout: CEREMONY_TIMEOUT,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    // Sets `hints: ["client-device"]` and, for browsers without hints, `authenticatorAttachment: "platform"`.
    preferredAuthenticatorType: 'localDevice',
    supportedAlgorithmIDs: [...ALGORITHMS],
    excludeCredentials: input.exclude.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
  })
}

/**
 * Verifies a registration. User verification is always required.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential
 */
export async function verifyRegistration(
  attestation: Attestation,
  expected: Ceremony,
): Promise<{ verified: NewCredential } | { rejected: RegistrationRejection; detail?: string }> {
  const { policy } = expected
  const { clientData, response } = attestation
  const rejected = await foreign(clientData, expected)
  if (rejected !== undefined) return { rejected }
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: clientData.challenge,
      expectedOrigin: policy.origin,
      expectedRPID: policy.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    })
    if (!verified) return { rejected: 'unverified', detail: 'attestation' }
    const { credential, credentialDeviceType, credentialBackedUp, aaguid } = registrationInfo
    return {
      verified: {
        credentialId: CredentialId.parse(credential.id),
        publicKey: base64url.encode(credential.publicKey),
        counter: credential.counter,
        transports: response.response.transports ?? [],
        deviceType: credentialDeviceType,
        backedUp: credentialBackedUp,
        aaguid,
      },
    }
  } catch (error) {
    return {
      rejected: 'unverified',
      detail: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
    }
  }
}
