import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { ApprovalRequest, Requests, SignIns } from '../../src/ecps/contract.ts'
import { after as later, systemClock } from '../../src/kernel/instant.ts'
import { createDeviceKey } from '../../src/sandbox/device-key.ts'
import { Phone } from '../actors/phone.ts'
import { person, suspend, ward } from './ward.ts'

type Shown = z.output<typeof ApprovalRequest>

/** A person, their phone, and a request that waits on it by way of its typed code. */
async function paired(options: { synced?: boolean } = {}) {
  const set = ward()
  const who = await person()
  const phone = await set.activated(who.nationalId, options)
  const asked = set.logins.ask(undefined)
  const shown = await phone.call('POST', 'pairings', { code: asked.code })
  const request = ApprovalRequest.parse(shown.json)
  set.trail.length = 0
  return { ...set, who, phone, request, asked }
}

describe('grants', () => {
  it.each([
    ['47', 'approved'],
    ['82', 'wrong-code'],
    ['none', 'denied'],
  ])('the choice %s, signed: %s', async (choice, outcome) => {
    const { phone, request, logins, trail, who } = await paired()
    expect(await phone.tap(request, choice)).toMatchObject({ status: 200, json: { outcome } })
    expect(logins.state(request.id)).toBe(outcome)
    expect(trail).toMatchObject([
      { kind: `approval.${outcome}`, practitionerId: who.id, clientId: 'dossier-demo' },
    ])
    expect(Requests.parse((await phone.call('GET', 'requests')).json).requests).toEqual([])
  })

  it.each([
    [true, ['pop', 'user', 'swk', 'mfa', 'mca'], false],
    [false, ['pop', 'user', 'hwk', 'mfa', 'mca'], true],
  ])('RFC8176-2 what was proved, synced %s: %j', async (synced, amr, hardware) => {
    const { phone, request, logins, who } = await paired({ synced })
    await phone.tap(request, '47')
    expect(logins.asked[0]?.by).toMatchObject({ amr, hardware, practitioner: { nationalId: who.nationalId } })
  })

  it('a wrong pick and a denial are listed among the sign-ins, newest first; an approval is not yet', async () => {
    const { phone, request, logins, who, phones } = await paired()
    await phone.tap(request, '15')
    const { approval } = logins.ask(who.id)
    await phones.announce({
      practitionerId: who.id,
      approval: approval.id,
      loginName: 'l'.repeat(22),
      service: 'Dossier Démo',
      expiresAt: approval.expiresAt,
    })
    const { requests } = Requests.parse((await phone.call('GET', 'requests')).json)
    expect(requests.map(({ id }) => id)).toEqual([approval.id])
    await phone.tap(requests[0] as Shown, 'none')
    const { signIns } = SignIns.parse((await phone.call('GET', 'sign-ins')).json)
    expect(signIns.map(({ outcome, means, live }) => [outcome, means, live])).toEqual([
      ['denied', 'MOBILE', false],
      ['wrong-code', 'MOBILE', false],
    ])
  })

  it('the last use of the device and the passkey is kept', async () => {
    const { phone, request } = await paired()
    await phone.tap(request, '47')
    const row = await env.DB.prepare(
      'SELECT d.last_used_at AS device, p.last_used_at AS passkey FROM device d JOIN passkey p USING (credential_id) WHERE d.id = ?',
    )
      .bind(phone.device.id)
      .first()
    expect(row).toEqual({ device: expect.any(Number), passkey: expect.any(Number) })
  })
})

describe('refuses', () => {
  const decision = async (
    phone: Phone,
    request: Shown,
    over: Partial<{ id: string; choice: string; assertion: unknown }> = {},
  ) => ({ id: request.id, choice: '47', assertion: await phone.sign(request, '47'), ...over })

  describe('and leaves the request as it was', () => {
    let set: Awaited<ReturnType<typeof paired>>
    let stranger: Phone
    let second: Phone
    beforeAll(async () => {
      set = await paired()
      stranger = await set.activated((await person()).nationalId)
      second = await set.activated(set.who.nationalId)
    })

    const cases: [string, string, () => Promise<unknown>][] = [
      [
        'an approval signed by another person’s passkey',
        'invalid-passkey',
        async () => decision(set.phone, set.request, { assertion: await stranger.sign(set.request, '47') }),
      ],
      [
        'an approval signed by another passkey of the same person',
        'invalid-passkey',
        async () => decision(set.phone, set.request, { assertion: await second.sign(set.request, '47') }),
      ],
      [
        'a signature for another choice than the one claimed',
        'invalid-passkey',
        async () => decision(set.phone, set.request, { assertion: await set.phone.sign(set.request, '82') }),
      ],
      [
        'a signed denial claimed as an approval',
        'invalid-passkey',
        async () =>
          decision(set.phone, set.request, { assertion: await set.phone.sign(set.request, 'none') }),
      ],
      [
        'a value off the list, signed',
        'invalid-request',
        async () =>
          decision(set.phone, set.request, {
            choice: '33',
            assertion: await set.phone.sign(set.request, '33'),
          }),
      ],
      [
        'a value off the list, signed and claimed as one on it',
        'invalid-passkey',
        async () => decision(set.phone, set.request, { assertion: await set.phone.sign(set.request, '33') }),
      ],
      [
        'a context changed by one word',
        'invalid-passkey',
        async () => {
          const context = set.request.context.replace('Lyon', 'Brest')
          const assertion = await set.phone.sign({ nonce: set.request.nonce, context }, '47')
          return decision(set.phone, set.request, { assertion })
        },
      ],
      [
        'a signature for another request',
        'invalid-passkey',
        async () => {
          const { approval } = set.logins.ask(set.who.id)
          return decision(set.phone, set.request, { assertion: await set.phone.sign(approval, '47') })
        },
      ],
      [
        'WebAuthn L3 §13.4.9: a signature on another origin',
        'invalid-passkey',
        async () =>
          decision(set.phone, set.request, {
            assertion: await set.phone.sign(set.request, '47', { origin: 'https://evil.example' }),
          }),
      ],
      [
        'an assertion that is none',
        'invalid-passkey',
        async () => decision(set.phone, set.request, { assertion: {} }),
      ],
      ['a missing member', 'invalid-request', async () => ({ id: set.request.id, choice: '47' })],
      [
        'an approval id nobody gave',
        'request-gone',
        async () => decision(set.phone, set.request, { id: `${'a'.repeat(22)}.${'b'.repeat(22)}` }),
      ],
    ]

    it.each(cases)('%s: %s', async (_, error, body) => {
      expect((await set.phone.call('POST', 'decisions', await body())).json).toEqual({ error })
      expect(set.logins.state(set.request.id)).toBe('waiting')
    })

    it('an approval by another device key of the same person, with the first one’s passkey', async () => {
      const body = await decision(set.phone, set.request)
      expect((await second.call('POST', 'decisions', body)).json).toEqual({ error: 'invalid-passkey' })
      expect(set.logins.state(set.request.id)).toBe('waiting')
    })

    it('an approval by a device key that nobody activated: a stolen keychain alone', async () => {
      const body = await decision(set.phone, set.request)
      const key = await createDeviceKey()
      expect(await set.phone.call('POST', 'decisions', body, { key })).toMatchObject({
        status: 401,
        json: { error: 'unknown-device' },
      })
      expect(set.logins.state(set.request.id)).toBe('waiting')
    })

    it('a stranger’s approval id, with everything else in order', async () => {
      const body = await decision(stranger, set.request)
      expect((await stranger.call('POST', 'decisions', body)).json).toEqual({ error: 'request-gone' })
      expect(set.logins.state(set.request.id)).toBe('waiting')
    })

    it.each([
      ['for another path', { about: { path: 'pairings' } }],
      ['for another method', { about: { method: 'GET' } }],
      ['for another body', { about: { body: '{"id":"","choice":"47"}' } }],
      ['without a body digest', { about: { body: '' } }],
      ['of two minutes ago', { at: systemClock() - 120 }],
      ['of the minute after next', { at: systemClock() + 120 }],
      ['that is missing', { proof: null }],
    ])('a proof %s', async (_, tampering) => {
      const refused = await set.phone.call(
        'POST',
        'decisions',
        await decision(set.phone, set.request),
        tampering,
      )
      expect(refused).toMatchObject({ status: 401, json: { error: 'invalid-proof' } })
      expect(Date.parse(refused.headers.get('date') ?? '')).not.toBeNaN()
      expect(set.logins.state(set.request.id)).toBe('waiting')
    })

    it('and is decided by the right phone in the end', async () => {
      expect((await set.phone.tap(set.request, '47')).json).toEqual({ outcome: 'approved' })
    })
  })

  it('a decision sent twice, byte for byte', async () => {
    const { phone, request, logins } = await paired()
    const body = await decision(phone, request)
    const proof = await phone.proofFor('POST', 'decisions', JSON.stringify(body))
    expect((await phone.call('POST', 'decisions', body, { proof })).json).toEqual({ outcome: 'approved' })
    expect((await phone.call('POST', 'decisions', body, { proof })).json).toEqual({ error: 'request-gone' })
    expect(logins.state(request.id)).toBe('approved')
  })

  it('a second decision', async () => {
    const { phone, request, logins } = await paired()
    await phone.tap(request, '82')
    expect((await phone.tap(request, '47')).json).toEqual({ error: 'request-gone' })
    expect(logins.state(request.id)).toBe('wrong-code')
  })

  it('all but one of ten at once', async () => {
    const { phone, request } = await paired()
    const bodies = await Promise.all(Array.from({ length: 10 }, () => decision(phone, request)))
    const answers = await Promise.all(bodies.map((body) => phone.call('POST', 'decisions', body)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('a request that has expired', async () => {
    const { phone, request, logins, needs } = await paired()
    const late = ward({ ...needs, approvals: logins, clock: () => later(systemClock(), 91) })
    const there = new Phone(late.app, phone.device)
    there.credential = phone.credential
    const assertion = await there.sign(request, '47')
    const body = { id: request.id, choice: '47', assertion }
    const refused = await there.call('POST', 'decisions', body, { at: systemClock() + 91 })
    expect(refused).toMatchObject({ status: 410, json: { error: 'request-expired' } })
    expect(logins.state(request.id)).toBe('waiting')
  })

  it('a person suspended since', async () => {
    const { phone, request, who, logins } = await paired()
    await suspend(who.id)
    expect((await phone.tap(request, '47')).json).toEqual({ error: 'suspended' })
    expect(logins.state(request.id)).toBe('waiting')
  })

  it.each([
    ['device-revoked', 'UPDATE device SET revoked_at = 1 WHERE id = ?1'],
    [
      'device-revoked',
      'UPDATE passkey SET revoked_at = 1 WHERE credential_id = (SELECT credential_id FROM device WHERE id = ?1)',
    ],
    ['device-expired', 'UPDATE device SET expires_at = 1 WHERE id = ?1'],
    [
      'unknown-device',
      "UPDATE passkey SET practitioner_id = 'another' WHERE credential_id = (SELECT credential_id FROM device WHERE id = ?1)",
    ],
  ])('%s: %s', async (error, change) => {
    const { phone, request, logins } = await paired()
    await env.DB.prepare(change).bind(phone.device.id).run()
    expect((await phone.tap(request, '47')).json).toEqual({ error })
    expect(logins.state(request.id)).toBe('waiting')
  })
})
