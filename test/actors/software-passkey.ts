import { base64url } from 'jose'
import { systemEntropy } from '../../src/kernel/handle.ts'
import type { PractitionerId } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { newUserHandle, type Passkey, passkeyOf } from '../../src/passkeys/passkey.ts'
import type { WebAuthnPolicy } from '../../src/protocol/webauthn/policy.ts'
import {
  readAttestation,
  registrationOptions,
  verifyRegistration,
} from '../../src/protocol/webauthn/registration.ts'
import { createCredential, getAssertion, type SoftwareCredential } from '../../src/sandbox/authenticator.ts'

export const POLICY: WebAuthnPolicy = {
  rpId: 'localhost',
  rpName: 'Serment',
  origin: 'http://localhost:8787',
}

export const freshChallenge = () => base64url.encode(systemEntropy(32))

/** A passkey that really signs, and what was kept of it when it was registered. */
export class SoftwarePasskey {
  credential: SoftwareCredential
  readonly passkey: Passkey

  constructor(credential: SoftwareCredential, passkey: Passkey) {
    this.credential = credential
    this.passkey = passkey
  }

  static async registered(practitionerId: PractitionerId, { synced = true } = {}): Promise<SoftwarePasskey> {
    const challenge = freshChallenge()
    const userHandle = newUserHandle(systemEntropy)
    const options = await registrationOptions({
      policy: POLICY,
      challenge,
      user: { handle: userHandle, name: 'Camille Aubrac', displayName: 'Camille Aubrac' },
      exclude: [],
    })
    const made = await createCredential(options, POLICY.origin, systemEntropy, { synced })
    const attestation = readAttestation(made.response)
    const result =
      attestation === undefined
        ? { rejected: 'malformed' }
        : await verifyRegistration(attestation, { policy: POLICY, challenge })
    if ('rejected' in result) throw new Error(result.rejected)
    return new SoftwarePasskey(
      made.credential,
      passkeyOf(result.verified, { practitionerId, userHandle }, systemClock()),
    )
  }

  /** Signs a challenge, as the browser at `origin` would pass it on. */
  async sign(challenge: string, { origin = POLICY.origin, rpId = POLICY.rpId } = {}) {
    const { credential, response } = await getAssertion(this.credential, { challenge, rpId }, origin)
    this.credential = credential
    return response
  }
}
