import { env } from 'cloudflare:workers'
import { base64url } from 'jose'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { PractitionerId } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { newUserHandle, passkeyOf } from '../../src/passkeys/passkey.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import { readAttestation, verifyRegistration } from '../../src/protocol/webauthn/registration.ts'
import { createCredential, type SoftwareCredential } from '../../src/sandbox/authenticator.ts'

/** Registers a software passkey for someone who stands in the directory, as an activation would end. */
export async function holderOf(
  practitionerId: string,
  issuer: string,
  { synced = true } = {},
): Promise<SoftwareCredential> {
  const rpId = new URL(issuer).hostname
  const challenge = base64url.encode(systemEntropy(32))
  const userHandle = newUserHandle(systemEntropy)
  const { credential, response } = await createCredential(
    { rp: { id: rpId }, user: { id: userHandle }, challenge, pubKeyCredParams: [{ alg: -7 }] },
    issuer,
    systemEntropy,
    { synced },
  )
  const attestation = readAttestation(response)
  if (attestation === undefined) throw new Error('the software authenticator made no attestation')
  const made = await verifyRegistration(attestation, {
    challenge,
    policy: { rpId, rpName: 'Serment', origin: issuer },
  })
  if ('rejected' in made) throw new Error(made.rejected)
  const owner = { practitionerId: PractitionerId.parse(practitionerId), userHandle }
  await d1Passkeys(env.DB).add(passkeyOf(made.verified, owner, systemClock()))
  return credential
}
