import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { ActivationBegun, Me } from '../../src/ecps/contract.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { createCredential } from '../../src/sandbox/authenticator.ts'
import { countingEnv } from '../actors/counting-env.ts'
import { Phone } from '../actors/phone.ts'
import { person, suspend, ward } from './ward.ts'

const wrong = { emailCode: '000000', smsCode: '000000' }

/** Codes that are certainly not the right ones. */
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

describe('grants', () => {
  it('an e-CPS for two codes, a passkey and a device key', async () => {
    const { app, codes, trail, needs } = ward()
    const { nationalId, id } = await person()
    const phone = await Phone.unpacked(app)
    const done = await phone.finish(await phone.begin(nationalId, codes), { name: 'iPhone de Maëlle' })
    expect(done.status).toBe(201)
    const me = Me.parse(done.json)
    expect(me).toMatchObject({
      displayName: 'Maëlle ALLARD',
      nationalId,
      rpId: 'localhost',
      credentialId: phone.credential?.id,
      device: {
        id: phone.device.id,
        name: 'iPhone de Maëlle',
        current: true,
        passkeyKind: 'synced',
        activationMode: 'CONTACT',
      },
    })
    expect(me.device.expiresAt - me.device.createdAt).toBe(needs.deviceLifetime)
    expect(Me.parse((await phone.call('GET', 'me')).json)).toEqual(me)
    expect(trail.map(({ kind, practitionerId }) => [kind, practitionerId])).toEqual([
      ['enrolment.begun', id],
      ['ecps.activated', id],
    ])
  })

  it('tells the person by e-mail, whichever phone it was', async () => {
    const { app, codes, mailbox } = ward()
    const { nationalId, email } = await person()
    const phone = await Phone.unpacked(app)
    await phone.finish(await phone.begin(nationalId, codes), { name: 'Un\nautre' })
    expect(mailbox).toMatchObject([{ channel: 'email', to: email }])
    expect(mailbox[0]?.body).toContain('« Un autre »')
  })

  it('the same user handle for each passkey of a person (WebAuthn L3 §14.6.1)', async () => {
    const { activated } = ward()
    const { nationalId } = await person()
    const [first, second] = [await activated(nationalId), await activated(nationalId)]
    expect(second.credential?.userHandle).toBe(first.credential?.userHandle)
    expect(second.credential?.id).not.toBe(first.credential?.id)
  })

  it('codes typed with spaces, a number typed as printed on the card', async () => {
    const { app, codes } = ward()
    const { nationalId } = await person()
    const phone = await Phone.unpacked(app)
    const typed = nationalId.slice(1).replace(/(\d{3})/g, '$1 ')
    const started = await phone.begin(typed, () => {
      const read = codes()
      return read === undefined
        ? undefined
        : { emailCode: `${read.emailCode.slice(0, 3)} ${read.emailCode.slice(3)}`, smsCode: read.smsCode }
    })
    expect((await phone.finish(started)).status).toBe(201)
  })

  it('a sixth phone, in the place of the one used longest ago', async () => {
    const { needs: usual } = ward()
    // Over more than an hour, as the activation budget asks.
    const professionals = { ...usual.professionals, activationBegun: async () => 'within' as const }
    const { activated, needs } = ward({ professionals })
    const { nationalId } = await person()
    const phones: Phone[] = []
    for (let i = 0; i < 6; i++) {
      const phone = await activated(nationalId, { name: `n° ${i}` })
      // Ages differ by a minute, as they would.
      await env.DB.prepare('UPDATE device SET created_at = created_at - ? WHERE id = ?')
        .bind((6 - i) * 60, phone.device.id)
        .run()
      phones.push(phone)
    }
    const [first, second] = phones
    expect(await first?.call('GET', 'me')).toMatchObject({ status: 403, json: { error: 'device-revoked' } })
    expect((await second?.call('GET', 'me'))?.status).toBe(200)
    expect(await needs.passkeys.byCredential(first?.credential?.id as never)).toBeUndefined()
  })
})

describe('says nothing of who exists', () => {
  const cases: [string, () => Promise<string>][] = [
    ['known', async () => (await person()).nationalId],
    ['unknown', async () => '899999999999'],
    ['suspended', async () => (await person({ status: 'suspended' })).nationalId],
    ['without e-mail', async () => (await person({ email: '' })).nationalId],
    ['without phone', async () => (await person({ phone: '' })).nationalId],
    ['not a number at all', async () => 'Maëlle'],
  ]

  it.each(cases)('%s: the same answer but for the handle', async (_, number) => {
    const { app } = ward()
    const phone = await Phone.unpacked(app)
    const known = await phone.post('activations', { nationalId: (await person()).nationalId })
    const asked = await phone.post('activations', { nationalId: await number() })
    const blank = ({ text }: { text: string }) => text.replace(/"[\w-]{22}\.[\w-]{43}"/, '""')
    expect(blank(asked)).toBe('{"activation":"","expiresIn":600}')
    expect(blank(asked)).toBe(blank(known))
    expect(asked.status).toBe(known.status)
    expect([...asked.headers]).toEqual([...known.headers])
  })

  it.each(cases)('%s: the same calls behind it', async (_, number) => {
    const nationalId = await number()
    const { env: counted, calls } = countingEnv(env)
    const { app } = ward({}, counted)
    const phone = await Phone.unpacked(app)
    await phone.post('activations', { nationalId })
    const kinds = calls.map(({ kind, what }) => (kind === 'object' ? what : 'query'))
    expect(kinds.toSorted()).toEqual(['ENROLMENT.begin', 'PROFESSIONAL.activationBegun', 'query', 'query'])
  })

  it.each(cases.slice(1))(
    '%s: nothing leaves, and wrong codes are refused the same way',
    async (_, number) => {
      const { app, mailbox } = ward()
      const phone = await Phone.unpacked(app)
      const real = ActivationBegun.parse(
        (await phone.post('activations', { nationalId: (await person()).nationalId })).json,
      )
      mailbox.length = 0
      const nowhere = ActivationBegun.parse(
        (await phone.post('activations', { nationalId: await number() })).json,
      )
      expect(mailbox).toEqual([])
      for (let i = 0; i < 6; i++) {
        const [a, b] = [
          await phone.post('activations/codes', { activation: real.activation, ...wrong }),
          await phone.post('activations/codes', { activation: nowhere.activation, ...wrong }),
        ]
        expect(b.text).toBe(a.text)
        expect(b.status).toBe(a.status)
      }
    },
  )
})

describe('refuses', () => {
  it('ASVS 6.3.1: a fifth wrong answer ends it, right codes or not', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const { nationalId } = await person()
    const { activation } = ActivationBegun.parse((await phone.post('activations', { nationalId })).json)
    const right = codes()
    const answers = []
    for (let i = 0; i < 5; i++)
      answers.push((await phone.post('activations/codes', { activation, ...wrong })).json)
    expect(answers).toEqual([
      { error: 'wrong-codes', attemptsLeft: 4 },
      { error: 'wrong-codes', attemptsLeft: 3 },
      { error: 'wrong-codes', attemptsLeft: 2 },
      { error: 'wrong-codes', attemptsLeft: 1 },
      { error: 'too-many-attempts' },
    ])
    expect(await phone.post('activations/codes', { activation, ...right })).toMatchObject({
      status: 403,
      json: { error: 'too-many-attempts' },
    })
  })

  it('one wrong code of two, without saying which', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const { nationalId } = await person()
    const { activation } = ActivationBegun.parse((await phone.post('activations', { nationalId })).json)
    const { emailCode = '', smsCode = '' } = codes() ?? {}
    const first = await phone.post('activations/codes', { activation, emailCode: other(emailCode), smsCode })
    const second = await phone.post('activations/codes', { activation, emailCode, smsCode: other(smsCode) })
    const swapped = await phone.post('activations/codes', {
      activation,
      emailCode: smsCode,
      smsCode: emailCode,
    })
    expect([first, second, swapped].map(({ json }) => json)).toEqual([
      { error: 'wrong-codes', attemptsLeft: 4 },
      { error: 'wrong-codes', attemptsLeft: 3 },
      { error: 'wrong-codes', attemptsLeft: 2 },
    ])
  })

  it.each(['', 'x', `${'a'.repeat(22)}.${'b'.repeat(43)}`, '.'.repeat(2000)])(
    'an activation that is none: %j',
    async (activation) => {
      const phone = await Phone.unpacked(ward().app)
      expect(await phone.post('activations/codes', { activation, ...wrong })).toMatchObject({
        status: 410,
        json: { error: 'activation-expired' },
      })
    },
  )

  it('the handle of one activation with the secret of another', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const { nationalId } = await person()
    const mine = ActivationBegun.parse((await phone.post('activations', { nationalId })).json)
    const theirs = ActivationBegun.parse((await phone.post('activations', { nationalId })).json)
    const mixed = `${mine.activation.split('.')[0]}.${theirs.activation.split('.')[1]}`
    expect((await phone.post('activations/codes', { activation: mixed, ...codes() })).json).toEqual({
      error: 'activation-expired',
    })
  })

  it('ASVS 6.5.1: the same codes twice', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const { nationalId } = await person()
    let read: ReturnType<typeof codes>
    const { activation } = await phone.begin(nationalId, () => {
      read = codes()
      return read
    })
    expect((await phone.post('activations/codes', { activation, ...read })).json).toEqual({
      error: 'activation-expired',
    })
  })

  it('a registration challenge used twice', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const started = await phone.begin((await person()).nationalId, codes)
    expect((await phone.finish(started)).status).toBe(201)
    expect(await phone.finish(started)).toMatchObject({ status: 410, json: { error: 'activation-expired' } })
  })

  it('a passkey for another challenge, which spends the right one', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const started = await phone.begin((await person()).nationalId, codes)
    const forged = { ...started, options: { ...started.options, challenge: 'A'.repeat(43) } }
    expect((await phone.finish(forged)).json).toEqual({ error: 'invalid-passkey' })
    expect((await phone.finish(started)).json).toEqual({ error: 'activation-expired' })
  })

  it('WebAuthn L3 §13.4.9: a passkey made on another origin', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const { activation, options } = await phone.begin((await person()).nationalId, codes)
    const { response } = await createCredential(options as never, 'https://evil.example', systemEntropy)
    const body = { activation, attestation: response, deviceName: 'x' }
    expect((await phone.call('POST', 'activations/device', body)).json).toEqual({ error: 'invalid-passkey' })
  })

  it('a device key that was activated before', async () => {
    const { app, codes, activated } = ward()
    const theirs = await activated((await person()).nationalId)
    const phone = new Phone(app, theirs.device)
    const started = await phone.begin((await person()).nationalId, codes)
    expect((await phone.finish(started)).json).toEqual({ error: 'invalid-proof' })
    expect((await theirs.call('GET', 'me')).status).toBe(200)
  })

  it.each([
    ['no proof', { proof: null }],
    ['a proof for another path', { about: { path: 'activations' } }],
    ['a proof for another body', { about: { body: '{}' } }],
  ])('%s, before the challenge is spent', async (_, tampering) => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const started = await phone.begin((await person()).nationalId, codes)
    const { activation, options } = started
    const { response } = await createCredential(options as never, app.origin, systemEntropy)
    const body = { activation, attestation: response, deviceName: 'x' }
    expect(await phone.call('POST', 'activations/device', body, tampering)).toMatchObject({
      status: 401,
      json: { error: 'invalid-proof' },
    })
    expect((await phone.finish(started)).status).toBe(201)
  })

  it('a person suspended in between', async () => {
    const { app, codes } = ward()
    const phone = await Phone.unpacked(app)
    const { nationalId, id } = await person()
    const started = await phone.begin(nationalId, codes)
    await suspend(id)
    expect(await phone.finish(started)).toMatchObject({ status: 403, json: { error: 'suspended' } })
  })

  it('a sixth activation within the hour: no codes leave, and the answer does not say so', async () => {
    const { app, mailbox, trail } = ward()
    const phone = await Phone.unpacked(app)
    const { nationalId } = await person()
    for (let i = 0; i < 6; i++) expect((await phone.post('activations', { nationalId })).status).toBe(201)
    expect(mailbox).toHaveLength(10)
    expect(trail.at(-1)).toMatchObject({ kind: 'enrolment.begun', detail: 'activation budget exceeded' })
  })

  it.each<[string, unknown, Record<string, string>]>([
    ['a form', { nationalId: '1' }, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', { nationalId: '1' }, { 'content-type': 'text/plain' }],
    ['an empty number', { nationalId: '' }, {}],
    ['a number that is no text', { nationalId: 8 }, {}],
    ['another member', { nationalId: '1', to: 'me@evil.example' }, {}],
    ['an array', [], {}],
    ['a body over 32 kB', { nationalId: 'a'.repeat(40_000) }, {}],
  ])('%s', async (_, body, headers) => {
    const phone = await Phone.unpacked(ward().app)
    expect(await phone.post('activations', body, headers)).toMatchObject({
      status: 400,
      json: { error: 'invalid-request' },
    })
  })
})
