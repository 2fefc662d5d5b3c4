import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { words } from '../../src/card-activation/words.ts'
import { cardReferences } from '../../src/cards/card-reference.ts'
import { words as card } from '../../src/cards/words.ts'
import { CardTaken, Devices, Me } from '../../src/ecps/contract.ts'
import { derivedMac } from '../../src/kernel/derived-key.ts'
import { words as mire } from '../../src/mire/words.ts'
import { composeSandbox } from '../../src/sandbox/compose.ts'
import type { SandboxEnv } from '../../src/sandbox/environment.ts'
import { Browser } from '../actors/browser.ts'
import { CARD_ORIGIN, cardDesk, type Shown } from '../actors/card-desk.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'
import { Phone } from '../actors/phone.ts'

const DOCTOR = '899700933333'
const SUSPENDED = '899700944444'
let desk: Awaited<ReturnType<typeof cardDesk>>
let doctorsCard: Shown

beforeAll(async () => {
  await inDirectory(anEntry(DOCTOR))
  await inDirectory(anEntry(SUSPENDED, { status: 'suspended' }))
  desk = await cardDesk()
  doctorsCard = await desk.buy({ nationalId: DOCTOR })
})

const locationOf = (response: Response) => response.headers.get('location') ?? ''
const Options = z.object({
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ alg: z.number() })),
})

/** A computer with a card reader, at the page that activates. */
class Computer {
  readonly browser = new Browser(desk.issuer, desk.fetch)
  path = ''

  /** Presses the button; answers where the card is to be shown. */
  async begins(): Promise<string> {
    return locationOf(await this.browser.ask('/activation', { method: 'POST' }))
  }

  /** All the way to the QR. */
  async shows(shown: Shown = doctorsCard): Promise<this> {
    const back = locationOf(await desk.show(await this.begins(), shown))
    this.path = locationOf(await this.browser.ask(back))
    return this
  }

  async html(): Promise<string> {
    return (await this.browser.ask(this.path)).text()
  }

  async status(): Promise<unknown> {
    return (await this.browser.ask(`${this.path}/state`)).json()
  }

  /** The secret half is known to the object alone: a QR's modules are not read back here, its store is. */
  async screen(): Promise<{ qr: string; code: string }> {
    const html = await this.html()
    const code = /class="pairing-code">([^<]+)</.exec(html)?.[1] ?? ''
    const name = this.path.replace('/activation/', '')
    const stub = env.CARD_ACTIVATION.getByName(name)
    const secret = await runInDurableObject(
      stub,
      (_, state) =>
        /"secret":"([^"]+)"(?!.*"secret")/.exec(JSON.stringify([...state.storage.kv.list()]))?.[1],
    )
    return { qr: `SERMENT1A:${name}.${secret}`, code }
  }
}

async function unpacked(): Promise<Phone> {
  return Phone.unpacked({ origin: desk.issuer, fetch: desk.fetch })
}

const take = (phone: Phone, scanned: Readonly<Record<string, string>>) =>
  phone.post('activations/card', scanned)

function takenBy(called: { readonly json: unknown }) {
  const { activation, registration, displayName } = CardTaken.parse(called.json)
  return { activation, options: Options.parse(registration), displayName }
}

const told = () => JSON.stringify(desk.queued)

describe('grants', () => {
  it.each(['qr', 'code'] as const)('an e-CPS to the phone that reads the %s', async (means) => {
    const computer = await new Computer().shows()
    expect(await computer.html()).toContain(words.fr.of)
    expect(await computer.status()).toEqual({ status: 'shown' })

    const phone = await unpacked()
    const { [means]: read } = await computer.screen()
    const taken = takenBy(await take(phone, { [means]: read }))
    expect(await computer.status()).toEqual({ status: 'taken' })
    expect(await computer.html()).toContain(words.fr.takenTitle)

    const done = await phone.finish(taken, { name: `Téléphone ${means}` })
    expect(done.status).toBe(201)
    const me = Me.parse(done.json)
    expect(me).toMatchObject({ nationalId: DOCTOR, displayName: taken.displayName })
    expect(me.device.activationMode).toBe('CARD')
    const { devices } = Devices.parse((await phone.call('GET', 'devices')).json)
    expect(devices.find(({ current }) => current)?.activationMode).toBe('CARD')
    expect(await computer.status()).toEqual({ status: 'done' })
    expect(await computer.html()).toContain(words.fr.device(`Téléphone ${means}`))
    // The contact points are told, whoever it was.
    expect(told()).toContain(`Téléphone ${means}`)
    expect(told()).toContain('by card')
  })

  it('several cards: one that is refused spends nothing', async () => {
    const computer = new Computer()
    const at = await computer.begins()
    expect(at.startsWith(`${CARD_ORIGIN}/card/activation/`)).toBe(true)
    const expired = await desk.buy({ nationalId: DOCTOR, kind: 'expired' })
    expect((await desk.show(at, expired)).status).toBe(403)
    const back = locationOf(await desk.show(at, doctorsCard))
    expect((await computer.browser.ask(back)).status).toBe(303)
  })

  it('the script: the address of the card as JSON', async () => {
    const answer = await new Computer().browser.ask('/activation', {
      method: 'POST',
      headers: { accept: 'application/json' },
    })
    expect(await answer.json()).toEqual({ url: expect.stringContaining(`${CARD_ORIGIN}/card/activation/`) })
  })

  it('after "not my phone": nothing to the one that had it, all to the next', async () => {
    const computer = await new Computer().shows()
    const stranger = await unpacked()
    const hold = takenBy(await take(stranger, { qr: (await computer.screen()).qr }))
    const off = await computer.browser.ask(`${computer.path}/another`, { method: 'POST' })
    expect(off.status).toBe(303)
    const refused = await stranger.finish(hold)
    expect([refused.status, refused.json]).toEqual([410, { error: 'activation-expired' }])

    const phone = await unpacked()
    const done = await phone.finish(takenBy(await take(phone, { qr: (await computer.screen()).qr })))
    expect(done.status).toBe(201)
  })

  it('the page of the start says the card’s way, in both languages, and the mire too', async () => {
    const browser = new Browser(desk.issuer, desk.fetch)
    expect(await (await browser.ask('/activation?lang=en')).text()).toContain(words.en.lead)
    expect(await (await browser.ask('/activation/card?silent&lang=fr')).text()).toContain(words.fr.silent)
    const at = await desk.begins()
    expect(await (await at.browser.ask(at.path)).text()).toContain(mire.fr.activateByCard)
  })
})

describe('refuses a card', () => {
  it('of somebody who is suspended', async () => {
    const shown = await desk.buy({ nationalId: SUSPENDED })
    const response = await desk.show(await new Computer().begins(), shown)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain(card.fr.refusals.suspended.title)
  })

  it('that an authority blocked', async () => {
    const insert =
      'INSERT INTO card_block (id, practitioner_id, card, reason, blocked_by, blocked_at) VALUES (?, ?, NULL, ?, ?, 0)'
    await env.DB.prepare(insert).bind('for-activation', DOCTOR, 'lost', 'authority').run()
    const response = await desk.show(await new Computer().begins(), doctorsCard)
    await env.DB.prepare("DELETE FROM card_block WHERE id = 'for-activation'").run()
    expect(await response.text()).toContain(card.fr.refusals.blocked.title)
  })

  it('a second time at the same address', async () => {
    const at = await new Computer().begins()
    expect((await desk.show(at, doctorsCard)).status).toBe(303)
    expect((await desk.show(at, doctorsCard)).status).toBe(403)
  })

  it('at a login’s address, and a login’s card at an activation’s', async () => {
    const activation = await new Computer().begins()
    expect((await desk.show(activation.replace('/activation/', '/sign-in/'), doctorsCard)).status).toBe(403)
    const login = await (await desk.begins()).choosesCard()
    expect((await desk.show(login.replace('/sign-in/', '/activation/'), doctorsCard)).status).toBe(403)
  })
})

describe('a lost card', () => {
  const block = () =>
    env.DB.prepare(
      "INSERT INTO card_block (id, practitioner_id, reason, blocked_by, blocked_at) VALUES ('lost', ?, 'lost', 'ordre', 0)",
    )
      .bind(DOCTOR)
      .run()

  it('that is blocked while its e-CPS is being made opens none', async () => {
    const computer = await new Computer().shows()
    const phone = await unpacked()
    const taken = takenBy(await take(phone, { qr: (await computer.screen()).qr }))
    await block()
    const finished = await phone.finish(taken, { name: 'Trop tard' })
    await env.DB.prepare('DELETE FROM card_block').run()
    expect(finished.json).toEqual({ error: 'activation-expired' })
  })

  it('is kept with the e-CPS that it opened, by the name that blocks have for it', async () => {
    const computer = await new Computer().shows()
    const phone = await unpacked()
    const taken = takenBy(await take(phone, { qr: (await computer.screen()).qr }))
    const me = Me.parse((await phone.finish(taken, { name: 'De la carte' })).json)
    const reference = await cardReferences(derivedMac(env.NAMING_KEY, 'card'))(doctorsCard.cardId)
    const row = await env.DB.prepare('SELECT card FROM device WHERE id = ?').bind(me.device.id).first()
    expect(row).toEqual({ card: reference })
  })
})

describe('refuses who is not at home', () => {
  it('a link sent to somebody else shows their QR to nobody (RFC 9700 §4.7)', async () => {
    const attacker = new Computer()
    const victim = new Browser(desk.issuer, desk.fetch)
    const back = locationOf(await desk.show(await attacker.begins(), doctorsCard))
    const came = await victim.ask(back)
    expect(came.status).toBe(403)
    expect(await came.text()).toContain(words.fr.problems['other-browser'].title)
    attacker.path = new URL(back).pathname.replace(/\/card\/.*/, '')
    expect(await attacker.status()).toEqual({ status: 'card' })
    expect(locationOf(await attacker.browser.ask(attacker.path))).toBe('/activation')
  })

  it('another browser at the QR, its state and its buttons', async () => {
    const computer = await new Computer().shows()
    const other = new Browser(desk.issuer, desk.fetch)
    expect((await other.ask(computer.path)).status).toBe(403)
    expect((await other.ask(`${computer.path}/state`)).status).toBe(403)
    expect((await other.ask(`${computer.path}/another`, { method: 'POST' })).status).toBe(403)
  })

  it('a form of another site', async () => {
    const request = new Request(`${desk.issuer}/activation`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect((await desk.fetch(request)).status).toBe(403)
  })

  it('a way back twice, and one that was made up', async () => {
    const computer = new Computer()
    const back = locationOf(await desk.show(await computer.begins(), doctorsCard))
    const path = new URL(back).pathname.replace(/\/card\/.*/, '')
    const made = await computer.browser.ask(`${path}/card/${'x'.repeat(43)}`)
    expect(locationOf(made)).toBe('/activation/card?spent')
    await computer.browser.ask(back)
    expect(locationOf(await computer.browser.ask(back))).toBe(path)
  })
})

describe('refuses a phone', () => {
  it('the second one: the first has it', async () => {
    const computer = await new Computer().shows()
    const { qr, code } = await computer.screen()
    const first = await unpacked()
    const hold = takenBy(await take(first, { qr }))
    for (const scanned of [{ qr }, { code }]) {
      const second = await take(await unpacked(), scanned)
      expect([second.status, second.json]).toEqual([409, { error: 'code-taken' }])
    }
    expect((await first.finish(hold)).status).toBe(201)
    expect((await first.finish(hold)).status).toBe(410)
  })

  it('one of twenty at once has it', async () => {
    const { qr } = await (await new Computer().shows()).screen()
    const phone = await unpacked()
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(phone, { qr })))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['a QR that was made up', { qr: `SERMENT1A:${'a'.repeat(22)}.${'b'.repeat(22)}` }],
    ['another QR in the world', { qr: 'https://example.org/' }],
    ['a code that was made up', { code: 'K7QM-2XRD-9BTW' }],
    ['no code', { code: '' }],
  ])('%s', async (_, scanned) => {
    const answer = await take(await unpacked(), scanned)
    expect([answer.status, answer.json]).toEqual([404, { error: 'code-unknown' }])
  })

  it('both at once are no message of the contract', async () => {
    expect((await take(await unpacked(), { qr: 'a', code: 'b' })).status).toBe(400)
  })

  it('a login’s QR and code here, and an activation’s QR and code at a login', async () => {
    const login = await desk.begins()
    await login.browser.ask(`${login.path}/phone`, { method: 'POST' })
    const html = await (await login.browser.ask(login.path)).text()
    const typed = /class="pairing-code">([^<]+)</.exec(html)?.[1] ?? ''
    expect(typed).toMatch(/^\w{4}-\w{4}$/)
    const name = login.path.replace('/login/', '')
    for (const scanned of [{ code: typed }, { qr: `SERMENT1:${name}.${'s'.repeat(22)}` }])
      expect((await take(await unpacked(), scanned)).json).toEqual({ error: 'code-unknown' })

    const first = await new Computer().shows()
    const phone = await unpacked()
    await phone.finish(takenBy(await take(phone, { qr: (await first.screen()).qr })))
    const next = await (await new Computer().shows()).screen()
    for (const scanned of [{ qr: next.qr }, { code: next.code }])
      expect((await phone.call('POST', 'pairings', scanned)).json).toEqual({ error: 'code-unknown' })
    // Neither was spent by being mistaken.
    expect((await phone.call('POST', 'pairings', { code: typed })).status).toBe(200)
    expect((await take(await unpacked(), { code: next.code })).status).toBe(201)
  })

  it('whose person was suspended meanwhile, before the passkey and after', async () => {
    const suspended = '899700955555'
    await inDirectory(anEntry(suspended))
    const shown = await desk.buy({ nationalId: suspended })
    const [early, late] = [await new Computer().shows(shown), await new Computer().shows(shown)]
    const phone = await unpacked()
    const hold = takenBy(await take(phone, { qr: (await early.screen()).qr }))
    await env.DB.prepare("UPDATE practitioner SET status = 'suspended' WHERE id = ?").bind(suspended).run()
    expect((await phone.finish(hold)).json).toEqual({ error: 'suspended' })
    expect((await take(phone, { qr: (await late.screen()).qr })).json).toEqual({ error: 'suspended' })
  })
})

describe('ends', () => {
  it('and leaves nothing behind', async () => {
    const computer = await new Computer().shows()
    const { qr } = await computer.screen()
    const stub = env.CARD_ACTIVATION.getByName(computer.path.replace('/activation/', ''))
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await runInDurableObject(stub, (_, state) => [...state.storage.kv.list()])).toEqual([])
    expect(await computer.status()).toEqual({ status: 'gone' })
    expect(await computer.html()).toContain(words.fr.problems.over.title)
    expect((await take(await unpacked(), { qr })).json).toEqual({ error: 'code-unknown' })
  })

  it('keeps no secret of the card’s ways, and no name of the person in any address', async () => {
    const computer = new Computer()
    const at = await computer.begins()
    const back = locationOf(await desk.show(at, doctorsCard))
    const name = new URL(back).pathname.split('/')[2] ?? ''
    const kept = await runInDurableObject(env.CARD_ACTIVATION.getByName(name), (_, state) =>
      JSON.stringify([...state.storage.kv.list()]),
    )
    expect(kept).toContain(DOCTOR)
    const handle = /\.([\w-]+)\?/.exec(at)?.[1] ?? 'none'
    for (const secret of [handle, back.split('/').at(-1) ?? 'none']) expect(kept).not.toContain(secret)
    expect(`${at}${back}`).not.toContain(DOCTOR)
  })
})

it('where cards are not accepted, that is said', async () => {
  const bindings: SandboxEnv = Object.create(env)
  const { app, settings } = composeSandbox(bindings)
  const browser = new Browser(settings.issuer, (request) => app.fetch(request, bindings))
  expect(await (await browser.ask('/activation')).text()).toContain(words.fr.closedTitle)
  expect(locationOf(await browser.ask('/activation', { method: 'POST' }))).toBe('/activation')
})
