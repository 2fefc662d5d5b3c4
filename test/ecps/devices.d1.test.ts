import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { d1Devices } from '../../src/ecps/devices.d1.ts'
import { type Device, MAX_DEVICES, unusable } from '../../src/ecps/devices.ts'
import { CredentialId, DeviceId, type PractitionerId } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import { countingEnv } from '../actors/counting-env.ts'
import { randomToken } from '../actors/phone.ts'
import { person, suspend } from './ward.ts'

const devices = d1Devices(env.DB)
const passkeys = d1Passkeys(env.DB)
const now = instant(1_800_000_000)
const jwk = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) } as const

/** A device and its passkey, stored. */
async function stored(practitionerId: PractitionerId, over: Partial<Device> = {}) {
  const credentialId = CredentialId.parse(randomToken())
  await passkeys.add({
    credentialId,
    practitionerId,
    userHandle: 'handle',
    publicKey: 'key',
    counter: 0,
    transports: ['internal'],
    deviceType: 'multiDevice',
    backedUp: true,
    aaguid: '',
    createdAt: now,
    lastUsedAt: undefined,
    revokedAt: undefined,
  })
  const device: Device = {
    id: DeviceId.parse((randomToken() + randomToken()).slice(0, 43)),
    practitionerId,
    credentialId,
    name: 'Téléphone',
    activationMode: 'CONTACT',
    createdAt: now,
    expiresAt: instant(now + 1000),
    lastUsedAt: undefined,
    revokedAt: undefined,
    ...over,
  }
  return { device, added: await devices.add(device, jwk) }
}

describe('find', () => {
  it('answers device, passkey and professional in one query', async () => {
    const { id, nationalId, email } = await person()
    const { device } = await stored(id)
    const { env: counted, calls } = countingEnv(env)
    expect(await d1Devices(counted.DB).find(device.id)).toMatchObject({
      device,
      passkey: { credentialId: device.credentialId, revoked: false, userHandle: 'handle', publicKey: 'key' },
      practitioner: { id, nationalId },
      contact: { email },
      status: 'active',
    })
    expect(calls).toHaveLength(1)
  })

  it('answers nothing for a key that nobody activated', async () => {
    expect(await devices.find(DeviceId.parse('z'.repeat(43)))).toBeUndefined()
  })

  it('answers nothing when the passkey is another person’s', async () => {
    const [mine, theirs] = [await person(), await person()]
    const { device } = await stored(theirs.id)
    const { device: borrowed } = await stored(mine.id, { credentialId: device.credentialId })
    expect(await devices.find(borrowed.id)).toBeUndefined()
  })
})

describe('what may not be used', () => {
  it.each<[string, (device: Device, id: PractitionerId) => Promise<unknown>, string | undefined]>([
    ['a live device', async () => undefined, undefined],
    ['a revoked device', (device, id) => devices.revoke(device.id, id, now), 'device-revoked'],
    [
      'one whose passkey was revoked',
      (device) => passkeys.revoke(device.credentialId, now),
      'device-revoked',
    ],
    ['one of a suspended person', (_, id) => suspend(id), 'suspended'],
  ])('%s', async (_, change, reason) => {
    const { id } = await person()
    const { device } = await stored(id)
    await change(device, id)
    const known = await devices.find(device.id)
    expect(known === undefined ? 'unknown' : unusable(known, now)).toBe(reason)
  })

  it('one at its end, to the second', async () => {
    const { device } = await stored((await person()).id)
    const known = await devices.find(device.id)
    if (known === undefined) throw new Error('unknown')
    expect(unusable(known, instant(device.expiresAt - 1))).toBeUndefined()
    expect(unusable(known, device.expiresAt)).toBe('device-expired')
  })
})

describe('add', () => {
  it('takes a key once, whoever brings it and whatever became of it', async () => {
    const { id } = await person()
    const { device } = await stored(id)
    const again = { ...device, credentialId: CredentialId.parse(randomToken()) }
    expect(await devices.add(again, jwk)).toEqual({ refused: 'taken' })
    await devices.revoke(device.id, id, now)
    expect(await devices.add(again, jwk)).toEqual({ refused: 'taken' })
    expect((await devices.find(device.id))?.device.credentialId).toBe(device.credentialId)
  })

  it('keeps five, and lets go of the one used longest ago', async () => {
    const { id } = await person()
    const made: Device[] = []
    for (let i = 0; i < MAX_DEVICES; i++) {
      const { device, added } = await stored(id, { createdAt: instant(now - 100 + i) })
      expect(added).toEqual({ retired: [] })
      made.push(device)
    }
    const [oldest, second] = made
    if (oldest === undefined || second === undefined) throw new Error('none made')
    await devices.touch(oldest.id, now)
    const { device, added } = await stored(id, { createdAt: now })
    expect(added).toMatchObject({ retired: [{ id: second.id, revokedAt: now }] })
    const live = await devices.list(id, now)
    expect(live.map((each) => each.id).toSorted()).toEqual(
      [...made.filter((each) => each.id !== second.id), device].map((each) => each.id).toSorted(),
    )
  })

  it('counts neither expired nor revoked ones, nor other people’s', async () => {
    const [{ id }, other] = [await person(), await person()]
    await stored(id, { expiresAt: now })
    const { device } = await stored(id)
    await devices.revoke(device.id, id, now)
    for (let i = 0; i < MAX_DEVICES; i++) await stored(other.id)
    for (let i = 0; i < MAX_DEVICES; i++) expect((await stored(id)).added).toEqual({ retired: [] })
  })

  it('never keeps more than five, of eight at once', async () => {
    const { id } = await person()
    await Promise.all(Array.from({ length: 8 }, () => stored(id)))
    expect(await devices.list(id, now)).toHaveLength(MAX_DEVICES)
  })
})

describe('revoke', () => {
  it('answers the device, once', async () => {
    const { id } = await person()
    const { device } = await stored(id)
    expect(await devices.revoke(device.id, id, now)).toEqual({ ...device, revokedAt: now })
    expect(await devices.revoke(device.id, id, now)).toBeUndefined()
  })

  it('is for its own person', async () => {
    const { device } = await stored((await person()).id)
    expect(await devices.revoke(device.id, (await person()).id, now)).toBeUndefined()
  })
})

describe('revokeOpenedBy', () => {
  it.each([
    ['the card that was lost', 'lost', now, ['lost, today']],
    ['it, further back', 'lost', instant(now - 1000), ['lost, today', 'lost, before']],
    ['any card', undefined, now, ['lost, today', 'other, today']],
    ['a card that opened nothing', 'unknown', instant(0), []],
  ])('%s', async (_, card, since, names) => {
    const { id } = await person()
    await stored(id, { name: 'lost, today', activationMode: 'CARD', card: 'lost' })
    await stored(id, {
      name: 'lost, before',
      activationMode: 'CARD',
      card: 'lost',
      createdAt: instant(now - 500),
    })
    await stored(id, { name: 'other, today', activationMode: 'CARD', card: 'other' })
    await stored(id, { name: 'by codes' })
    await stored((await person()).id, { name: 'somebody else’s', activationMode: 'CARD', card: 'lost' })
    const revoked = await devices.revokeOpenedBy(id, { card, since }, now)
    expect(revoked.map(({ name }) => name).toSorted()).toEqual([...names].sort())
    expect(await devices.revokeOpenedBy(id, { card, since }, now)).toEqual([])
  })
})

describe('touch', () => {
  it.each([
    [59, now],
    [60, now],
    [61, instant(now + 61)],
  ])('after %d s keeps %d', async (later, kept) => {
    const { device } = await stored((await person()).id)
    await devices.touch(device.id, now)
    await devices.touch(device.id, instant(now + later))
    expect((await devices.find(device.id))?.device.lastUsedAt).toBe(kept)
  })
})
