import fc from 'fast-check'
import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { CredentialId, PractitionerId } from '../../../src/kernel/identifiers.ts'
import {
  type Assertion,
  assertionOptions,
  type CredentialRecord,
  readAssertion,
  verifyAssertion,
} from '../../../src/protocol/webauthn/assertion.ts'
import { freshChallenge, POLICY, SoftwarePasskey } from '../../actors/software-passkey.ts'

const OWNER = PractitionerId.parse('810000000018')

function read(json: unknown): Assertion {
  const assertion = readAssertion(json)
  if (assertion === undefined) throw new Error('unreadable')
  return assertion
}

/** A response with its client data, or its authenticator data, changed after the signature. */
function tampered(
  response: Awaited<ReturnType<SoftwarePasskey['sign']>>,
  change: { client?: object; flags?: (flags: number) => number },
) {
  const client = JSON.parse(new TextDecoder().decode(base64url.decode(response.response.clientDataJSON)))
  const data = Uint8Array.from(base64url.decode(response.response.authenticatorData))
  if (change.flags !== undefined) data[32] = change.flags(data[32] ?? 0)
  return {
    ...response,
    response: {
      ...response.response,
      clientDataJSON: base64url.encode(JSON.stringify({ ...client, ...change.client })),
      authenticatorData: base64url.encode(data),
    },
  }
}

describe('WebAuthn L3 §7.2 verifying an assertion', () => {
  describe('grants', () => {
    it.each([
      ['a synced passkey', true, { deviceType: 'multiDevice', backedUp: true, counter: 0 }],
      [
        'a device-bound one, with its counter',
        false,
        { deviceType: 'singleDevice', backedUp: false, counter: 1 },
      ],
    ])('%s', async (_, synced, verified) => {
      const key = await SoftwarePasskey.registered(OWNER, { synced })
      const challenge = freshChallenge()
      const assertion = read(await key.sign(challenge))
      expect(await verifyAssertion(assertion, key.passkey, { policy: POLICY, challenge })).toEqual({
        verified,
      })
    })

    it('a challenge that a predicate accepts', async () => {
      const key = await SoftwarePasskey.registered(OWNER)
      const picked = freshChallenge()
      const possible = new Set([freshChallenge(), picked])
      const assertion = read(await key.sign(picked))
      const result = await verifyAssertion(assertion, key.passkey, {
        policy: POLICY,
        challenge: async (signed) => possible.has(signed),
      })
      expect(result).toHaveProperty('verified')
    })

    it('an assertion without a user handle: the credential id says enough', async () => {
      const key = await SoftwarePasskey.registered(OWNER)
      const challenge = freshChallenge()
      const signed = await key.sign(challenge)
      const { userHandle: _, ...rest } = signed.response
      const assertion = read({ ...signed, response: rest })
      expect(await verifyAssertion(assertion, key.passkey, { policy: POLICY, challenge })).toHaveProperty(
        'verified',
      )
    })
  })

  describe('refuses', () => {
    const challenge = freshChallenge()
    type Changed = {
      sign?: Parameters<SoftwarePasskey['sign']>[1]
      signed?: string
      after?: Parameters<typeof tampered>[1]
      record?: (record: CredentialRecord, other: SoftwarePasskey) => CredentialRecord
    }
    it.each<[string, string, Changed]>([
      ['another challenge', 'challenge', { signed: freshChallenge() }],
      ['another origin (§13.4.9)', 'origin', { sign: { origin: 'https://serment.example' } }],
      ['the same host on another port', 'origin', { sign: { origin: 'http://localhost:8788' } }],
      ['a frame of another site', 'cross-origin', { after: { client: { crossOrigin: true } } }],
      ['another RP ID', 'unverified', { sign: { rpId: 'example.org' } }],
      [
        'a registration in place of an assertion',
        'unverified',
        { after: { client: { type: 'webauthn.create' } } },
      ],
      ['no user verification (§7.2, UV)', 'unverified', { after: { flags: (flags) => flags & ~0x04 } }],
      ['no user present (§7.2, UP)', 'unverified', { after: { flags: (flags) => flags & ~0x01 } }],
      ['authenticator data that was not signed', 'unverified', { after: { flags: (flags) => flags ^ 0x10 } }],
      [
        'a user handle of somebody else (step 6)',
        'user-handle',
        { record: (record, other) => ({ ...record, userHandle: other.passkey.userHandle }) },
      ],
      [
        'the key of another credential',
        'unverified',
        { record: (record, other) => ({ ...record, publicKey: other.passkey.publicKey }) },
      ],
      [
        'a record of another credential',
        'other-credential',
        { record: (record, other) => ({ ...record, credentialId: other.passkey.credentialId }) },
      ],
      [
        'a counter that does not grow (§6.1.1)',
        'unverified',
        { record: (record) => ({ ...record, counter: 7 }) },
      ],
      [
        'a backup eligibility that changed',
        'backup-eligibility',
        { record: (record) => ({ ...record, deviceType: 'multiDevice' }) },
      ],
    ])('%s: %s', async (_, rejected, changed) => {
      const key = await SoftwarePasskey.registered(OWNER, { synced: false })
      const other = await SoftwarePasskey.registered(OWNER)
      const signed = await key.sign(changed.signed ?? challenge, changed.sign)
      const assertion = read(changed.after === undefined ? signed : tampered(signed, changed.after))
      const record = changed.record?.(key.passkey, other) ?? key.passkey
      expect(await verifyAssertion(assertion, record, { policy: POLICY, challenge })).toMatchObject({
        rejected,
      })
    })
  })
})

describe('WebAuthn L3 §5.1.8 reading an assertion', () => {
  it('never throws, whatever arrives', () => {
    fc.assert(fc.property(fc.anything(), (json) => readAssertion(json) === undefined))
  })
  it('never throws on client data of any bytes', async () => {
    const signed = await (await SoftwarePasskey.registered(OWNER)).sign(freshChallenge())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          const clientDataJSON = base64url.encode(bytes)
          return readAssertion({ ...signed, response: { ...signed.response, clientDataJSON } }) === undefined
        },
      ),
    )
  })
})

describe('WebAuthn L3 §5.5 options', () => {
  it('ask for any passkey of this RP ID, with user verification', async () => {
    const challenge = freshChallenge()
    expect(await assertionOptions({ policy: POLICY, challenge })).toEqual({
      challenge,
      rpId: 'localhost',
      timeout: 120_000,
      userVerification: 'required',
      allowCredentials: [],
      hints: ['client-device', 'hybrid'],
    })
  })
  it('ask for the bound one only', async () => {
    const allow = [{ credentialId: CredentialId.parse('AAAA'), transports: ['internal'] }]
    const options = await assertionOptions({ policy: POLICY, challenge: freshChallenge(), allow })
    expect(options.allowCredentials).toEqual([{ id: 'AAAA', type: 'public-key', transports: ['internal'] }])
  })
})
