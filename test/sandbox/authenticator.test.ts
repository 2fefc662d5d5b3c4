import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { createCredential, getAssertion, type SoftwareCredential } from '../../src/sandbox/authenticator.ts'

const origin = 'http://localhost:8787'
const rpId = 'localhost'

const options = () =>
  generateRegistrationOptions({
    rpName: 'Serment',
    rpID: rpId,
    userName: 'Camille Aubrac',
    authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
  })

async function registered(synced: boolean) {
  const asked = await options()
  const made = await createCredential(asked, origin, systemEntropy, { synced })
  return { ...made, asked, verified: await verifyRegistration(made.response, asked.challenge) }
}

const verifyRegistration = (response: RegistrationResponseJSON, expectedChallenge: string) =>
  verifyRegistrationResponse({ response, expectedChallenge, expectedOrigin: origin, expectedRPID: rpId })

async function stored(credential: SoftwareCredential, response: RegistrationResponseJSON, challenge: string) {
  const { registrationInfo } = await verifyRegistration(response, challenge)
  if (registrationInfo === undefined) throw new Error(`${credential.id} was not verified`)
  return registrationInfo.credential
}

describe('a software passkey, verified by @simplewebauthn/server', () => {
  it.each([
    [true, 'multiDevice'],
    [false, 'singleDevice'],
  ])('registers (synced: %j) as %s (WebAuthn L3 §7.1)', async (synced, deviceType) => {
    const { verified, credential, asked } = await registered(synced)
    expect(verified.verified).toBe(true)
    expect(verified.registrationInfo).toMatchObject({
      fmt: 'none',
      userVerified: true,
      credentialDeviceType: deviceType,
      credentialBackedUp: synced,
      credential: { id: credential.id, counter: 0 },
    })
    expect(credential.userHandle).toBe(asked.user.id)
  })

  it.each([true, false])(
    'signs in, many times (synced: %j): every DER length occurs (WebAuthn L3 §7.2)',
    async (synced) => {
      const { credential: first, response, asked } = await registered(synced)
      let known = await stored(first, response, asked.challenge)
      let credential = first
      for (let i = 0; i < 40; i++) {
        const challenge = base64url.encode(systemEntropy(32))
        const asserted = await getAssertion(credential, { challenge, rpId }, origin)
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: asserted.response,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: rpId,
          credential: known,
        })
        expect(verified).toBe(true)
        expect(asserted.response.response.userHandle).toBe(asked.user.id)
        known = { ...known, counter: authenticationInfo.newCounter }
        credential = asserted.credential
      }
      expect(credential.counter).toBe(synced ? 0 : 40)
    },
  )

  it('survives being written as JSON', async () => {
    const { credential, response, asked } = await registered(true)
    const again: SoftwareCredential = JSON.parse(JSON.stringify(credential))
    const challenge = base64url.encode(systemEntropy(32))
    const asserted = await getAssertion(again, { challenge }, origin)
    const { verified } = await verifyAuthenticationResponse({
      response: asserted.response,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: await stored(credential, response, asked.challenge),
    })
    expect(verified).toBe(true)
  })

  describe('is refused', () => {
    const sign = async (credential: SoftwareCredential, rp = rpId, from = origin) => {
      const challenge = base64url.encode(systemEntropy(32))
      return { challenge, ...(await getAssertion(credential, { challenge, rpId: rp }, from)) }
    }

    it('over another challenge (§7.2 step 11), from another origin (step 12), for another RP ID (step 15)', async () => {
      const { credential, response, asked } = await registered(true)
      const known = await stored(credential, response, asked.challenge)
      const verify = (signed: Awaited<ReturnType<typeof sign>>, expectedChallenge = signed.challenge) =>
        verifyAuthenticationResponse({
          response: signed.response,
          expectedChallenge,
          expectedOrigin: origin,
          expectedRPID: rpId,
          credential: known,
        })
      await expect(verify(await sign(credential), 'AAAA')).rejects.toThrow(/challenge/)
      await expect(verify(await sign(credential, rpId, 'https://evil.example'))).rejects.toThrow(/origin/)
      await expect(verify(await sign(credential, 'evil.example'))).rejects.toThrow(/RP ID/)
    })

    it('by another key under the same id (§7.2 step 21)', async () => {
      const { credential, response, asked } = await registered(true)
      const other = await registered(true)
      const signed = await sign({ ...credential, privateJwk: other.credential.privateJwk })
      const { verified } = await verifyAuthenticationResponse({
        response: signed.response,
        expectedChallenge: signed.challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        credential: await stored(credential, response, asked.challenge),
      })
      expect(verified).toBe(false)
    })

    it('makes nothing when ES256 is not accepted', async () => {
      const asked = await options()
      await expect(
        createCredential({ ...asked, pubKeyCredParams: [{ alg: -257 }] }, origin, systemEntropy),
      ).rejects.toThrow('ES256')
    })
  })
})
