import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { CredentialId, PractitionerId } from '../../src/kernel/identifiers.ts'
import { instant, systemClock } from '../../src/kernel/instant.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import { SoftwarePasskey } from '../actors/software-passkey.ts'

const passkeys = d1Passkeys(env.DB)
const now = systemClock()

let people = 0
const someone = () => PractitionerId.parse(`81000000${String(people++).padStart(4, '0')}`)

describe('passkeys', () => {
  it('come back as they were added, oldest first', async () => {
    const owner = someone()
    const [first, second] = [
      await SoftwarePasskey.registered(owner),
      await SoftwarePasskey.registered(owner, { synced: false }),
    ]
    const older = { ...first.passkey, createdAt: instant(now - 60) }
    expect(await passkeys.add(second.passkey)).toBe('added')
    expect(await passkeys.add(older)).toBe('added')
    expect(await passkeys.byCredential(older.credentialId)).toEqual(older)
    expect(await passkeys.ofPractitioner(owner)).toEqual([older, second.passkey])
    expect(await passkeys.ofPractitioner(someone())).toEqual([])
  })

  it('WebAuthn L3 §7.2: are touched after use, and the counter never goes back', async () => {
    const { passkey } = await SoftwarePasskey.registered(someone(), { synced: false })
    await passkeys.add(passkey)
    await passkeys.touch(passkey.credentialId, { counter: 5, backedUp: false, at: now })
    await passkeys.touch(passkey.credentialId, { counter: 3, backedUp: true, at: instant(now + 1) })
    expect(await passkeys.byCredential(passkey.credentialId)).toMatchObject({
      counter: 5,
      backedUp: true,
      lastUsedAt: instant(now + 1),
    })
  })

  describe('refuses', () => {
    it('a credential id twice, whoever brings it (WebAuthn L3 §7.1, last steps)', async () => {
      const { passkey } = await SoftwarePasskey.registered(someone())
      await passkeys.add(passkey)
      expect(await passkeys.add({ ...passkey, practitionerId: someone() })).toBe('already-known')
      expect((await passkeys.byCredential(passkey.credentialId))?.practitionerId).toBe(passkey.practitionerId)
    })
    it('to find, to end twice or to take back what was revoked', async () => {
      const owner = someone()
      const { passkey } = await SoftwarePasskey.registered(owner)
      await passkeys.add(passkey)
      expect(await passkeys.revoke(passkey.credentialId, now)).toBe(true)
      expect(await passkeys.revoke(passkey.credentialId, now)).toBe(false)
      expect(await passkeys.byCredential(passkey.credentialId)).toBeUndefined()
      expect(await passkeys.ofPractitioner(owner)).toEqual([])
      expect(await passkeys.add(passkey)).toBe('already-known')
    })
    it('an unknown one', async () => {
      expect(await passkeys.byCredential(CredentialId.parse('unknown'))).toBeUndefined()
      expect(await passkeys.revoke(CredentialId.parse('unknown'), now)).toBe(false)
    })
  })
})
