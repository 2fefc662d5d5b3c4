import fc from 'fast-check'
import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { systemEntropy } from '../../../src/kernel/handle.ts'
import { CredentialId } from '../../../src/kernel/identifiers.ts'
import {
  readAttestation,
  registrationOptions,
  verifyRegistration,
} from '../../../src/protocol/webauthn/registration.ts'
import { createCredential } from '../../../src/sandbox/authenticator.ts'
import { freshChallenge, POLICY } from '../../actors/software-passkey.ts'

const handle = base64url.encode(systemEntropy(32))

const options = (challenge = freshChallenge()) =>
  registrationOptions({
    policy: POLICY,
    challenge,
    user: { handle, name: 'Camille Aubrac', displayName: 'Camille Aubrac' },
    exclude: [{ credentialId: CredentialId.parse('AAAA'), transports: ['internal'] }],
  })

describe('WebAuthn L3 §5.4 creation options', () => {
  it('ask for a discoverable, verified passkey of this device, and no other of theirs', async () => {
    const asked = await options()
    expect(asked).toMatchObject({
      rp: { id: 'localhost', name: 'Serment' },
      user: { id: handle },
      attestation: 'none',
      hints: ['client-device'],
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
        authenticatorAttachment: 'platform',
      },
      excludeCredentials: [{ id: 'AAAA', type: 'public-key', transports: ['internal'] }],
    })
    expect(asked.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -8, -257])
  })
})

describe('WebAuthn L3 §7.1 registering', () => {
  async function registered(
    change: { origin?: string; challenge?: string; rpId?: string; unverified?: boolean } = {},
  ) {
    const challenge = freshChallenge()
    const asked = await options(change.challenge ?? challenge)
    const made = await createCredential(
      change.rpId === undefined ? asked : { ...asked, rp: { ...asked.rp, id: change.rpId } },
      change.origin ?? POLICY.origin,
      systemEntropy,
    )
    const attestationObject = Uint8Array.from(base64url.decode(made.response.response.attestationObject))
    // The flags: 32 bytes of RP ID hash after the CBOR head of this fmt-none object (30 bytes), then one byte.
    const flagsAt = attestationObject.findIndex((byte, at) => byte === 0x59 && at > 20) + 3 + 32
    if (change.unverified === true) attestationObject[flagsAt] = (attestationObject[flagsAt] ?? 0) & ~0x04
    const attestation = readAttestation({
      ...made.response,
      response: { ...made.response.response, attestationObject: base64url.encode(attestationObject) },
    })
    if (attestation === undefined) throw new Error('unreadable')
    return { made, result: await verifyRegistration(attestation, { policy: POLICY, challenge }) }
  }

  it('grants a new credential', async () => {
    const { made, result } = await registered()
    expect(result).toMatchObject({
      verified: {
        credentialId: made.credential.id,
        counter: 0,
        transports: ['internal'],
        deviceType: 'multiDevice',
        backedUp: true,
        aaguid: '00000000-0000-0000-0000-000000000000',
      },
    })
  })

  describe('refuses', () => {
    it.each([
      ['another challenge', 'challenge', { challenge: freshChallenge() }],
      ['another origin', 'origin', { origin: 'http://localhost:8788' }],
      ['another RP ID', 'unverified', { rpId: 'example.org' }],
      ['no user verification', 'unverified', { unverified: true }],
    ])('%s', async (_, rejected, change) => {
      expect((await registered(change)).result).toMatchObject({ rejected })
    })
  })

  it('reads anything without throwing', () => {
    fc.assert(fc.property(fc.anything(), (json) => readAttestation(json) === undefined))
  })
})
