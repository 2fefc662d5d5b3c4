import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cardReferences } from '../../src/cards/card-reference.ts'
import type { CardRefusal } from '../../src/cards/refusal.ts'
import { words } from '../../src/cards/words.ts'
import { derivedMac } from '../../src/kernel/derived-key.ts'
import { words as mire } from '../../src/mire/words.ts'
import { tally } from '../actors/browser.ts'
import { CARD_ORIGIN, cardDesk, edgeFields, OTHER_CARD_ORIGIN, type Shown } from '../actors/card-desk.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'

const DOCTOR = '899700911111'
const SUSPENDED = '899700922222'
type Desk = Awaited<ReturnType<typeof cardDesk>>
let desk: Desk
let card: Shown

beforeAll(async () => {
  await inDirectory(anEntry(DOCTOR))
  await inDirectory(anEntry(SUSPENDED, { status: 'suspended' }))
  desk = await cardDesk()
  card = await desk.buy({ nationalId: DOCTOR })
})

const titleOf = async (response: Response) => {
  const html = await response.text()
  return (Object.keys(words.fr.refusals) as CardRefusal[]).find((name) =>
    html.includes(words.fr.refusals[name].title),
  )
}

describe('grants', () => {
  it('a good card signs in: out to its host, back with one use, to the service', async () => {
    const { browser, path, choosesCard } = await desk.begins()
    const at = await choosesCard()
    expect(at.startsWith(`${CARD_ORIGIN}/card/sign-in/`)).toBe(true)
    const shown = await desk.show(at, card)
    expect(shown.status).toBe(303)
    expect(shown.headers.getSetCookie()).toEqual([])
    expect(shown.headers.get('cache-control')).toBe('no-store')
    const back = shown.headers.get('location') ?? ''
    expect(back.startsWith(`${desk.issuer}${path}/card/`)).toBe(true)

    await browser.ask(back)
    const read = await browser.ask(`${path}/acknowledge`, { method: 'POST' })
    const callback = (await browser.ask(read.headers.get('location') ?? '')).headers.get('location') ?? ''
    expect(await desk.userinfo(callback)).toMatchObject({ SubjectNameID: DOCTOR, authMode: 'CARD' })
  })

  it('for a service that wants hardware, `acr` and `amr` say so (EAP ACR Values 1.0 §2, RFC 8176 §2)', async () => {
    const { browser, path, choosesCard } = await desk.begins({ acr_values: 'phrh' })
    const back = (await desk.show(await choosesCard(), card)).headers.get('location') ?? ''
    await browser.ask(back)
    const state = await (await browser.ask(`${path}/state`)).json<{ status: string }>()
    expect(state.status).toBe('proved')
  })

  it('the mire’s script reads the answer, and no other page does (Fetch §3.2.5)', async () => {
    const at = await (await desk.begins()).choosesCard()
    const json = { accept: 'application/json' }
    const foreign = await desk.show(at, undefined, { ...json, origin: 'https://elsewhere.example' })
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
    const ours = await desk.show(at, card, { ...json, origin: desk.issuer })
    expect(ours.headers.get('access-control-allow-origin')).toBe(desk.issuer)
    expect(ours.headers.get('access-control-allow-credentials')).toBe('true')
    expect(await ours.json()).toEqual({ next: expect.stringContaining(`${desk.issuer}/login/`) })
  })

  it('a second card after one that was refused, on the same handle', async () => {
    const at = await (await desk.begins()).choosesCard()
    const expired = await desk.buy({ nationalId: DOCTOR, kind: 'expired' })
    expect((await desk.show(at, expired)).status).toBe(403)
    expect((await desk.show(at.replace(CARD_ORIGIN, OTHER_CARD_ORIGIN), card)).status).toBe(303)
  })

  it('the directory counts where a card says another name, and the difference is written down', async () => {
    const other = await desk.buy({ nationalId: DOCTOR, kind: 'other-name' })
    expect((await desk.show(await (await desk.begins()).choosesCard(), other)).status).toBe(303)
    expect(JSON.stringify(desk.queued)).toContain('"card.disagrees","practitionerId":"899700911111"')
  })

  it('costs 3 object calls for the card, and at most 3 queries at its host', async () => {
    const { browser, choosesCard } = await desk.begins()
    const from = desk.calls.length
    const at = await choosesCard()
    const asked = desk.calls.length
    const back = (await desk.show(at, card)).headers.get('location') ?? ''
    const shown = desk.calls.length
    await browser.ask(back)
    expect(tally(desk.calls.slice(from, asked))).toEqual({ objects: ['LOGIN.askCard'], queries: [] })
    const { objects, queries } = tally(desk.calls.slice(asked, shown))
    expect(objects).toEqual(['LOGIN.presentCard'])
    expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(3)
    expect(tally(desk.calls.slice(shown))).toEqual({ objects: ['LOGIN.proveByCard'], queries: [] })
  })
})

describe('refuses, each with its own page', () => {
  it.each<[string, string, CardRefusal]>([
    ['an expired card', 'expired', 'expired'],
    ['a card that is not valid yet', 'not-yet-valid', 'not-yet-valid'],
    ['a revoked card', 'revoked', 'revoked'],
    ['a card of another authority', 'foreign', 'unknown-authority'],
    ['a card that names nobody', 'nameless', 'names-nobody'],
    ['a certificate for something else', 'wrong-usage', 'not-a-card'],
    ['a certificate whose signature is broken', 'broken-signature', 'unreadable'],
  ])('%s', async (_, kind, refused) => {
    const shown = await desk.buy({ nationalId: DOCTOR, kind })
    const response = await desk.show(await (await desk.begins()).choosesCard(), shown)
    expect(response.status).toBe(403)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await titleOf(response)).toBe(refused)
  })

  it.each<[string, () => Promise<Pick<Shown, 'leaf' | 'chain'> | undefined>, CardRefusal]>([
    ['no certificate', async () => undefined, 'no-certificate'],
    [
      'bytes that are no certificate',
      async () => ({ leaf: new Uint8Array([1, 2, 3]), chain: [] }),
      'unreadable',
    ],
    ['someone whom the directory suspended', () => desk.buy({ nationalId: SUSPENDED }), 'suspended'],
  ])('%s', async (_, presented, refused) => {
    const response = await desk.show(await (await desk.begins()).choosesCard(), await presented())
    expect(await titleOf(response)).toBe(refused)
  })

  it('a certificate larger than the edge hands on', async () => {
    const at = await (await desk.begins()).choosesCard()
    const cf = edgeFields(card)
    const response = await desk.fetch(
      new Request(at, {
        headers: { 'accept-language': 'fr' },
        cf: { tlsClientAuth: { ...cf.tlsClientAuth, certRFC9440: '', certRFC9440TooLarge: true } },
      } as RequestInit),
    )
    expect(await titleOf(response)).toBe('unreadable')
  })

  it('says it in the language that the mire spoke, and offers the other name and the other ways', async () => {
    const { path, choosesCard } = await desk.begins()
    const at = (await choosesCard()).replace('lang=fr', 'lang=en')
    const html = await (await desk.show(at, undefined)).text()
    expect(html).toContain('<html lang="en">')
    expect(html).toContain(words.en.refusals['no-certificate'].todo)
    expect(html).toContain(`href="${OTHER_CARD_ORIGIN}/card/sign-in/`)
    expect(html).toContain(`href="${desk.issuer}${path}"`)
  })
})

describe('refuses who is not at home', () => {
  it('the way back in a browser that did not begin: a link sent to somebody signs in nobody (RFC 9700 §4.7)', async () => {
    const attacker = await desk.begins()
    const victim = await desk.begins()
    const back = (await desk.show(await attacker.choosesCard(), card)).headers.get('location') ?? ''
    expect((await victim.browser.ask(back)).status).toBe(400)
    const state = await (await attacker.browser.ask(`${attacker.path}/state`)).json<{ status: string }>()
    expect(state.status).toBe('choosing')
  })

  it('a way back twice, and one that was made up', async () => {
    const { browser, path, choosesCard } = await desk.begins()
    const back = (await desk.show(await choosesCard(), card)).headers.get('location') ?? ''
    const made = await browser.ask(`${path}/card/${'x'.repeat(43)}`)
    expect(made.headers.get('location')).toBe(`${path}/card?spent`)
    expect(await (await browser.ask(`${path}/card?spent`)).text()).toContain(mire.fr.cardSpent)
    await browser.ask(back)
    await browser.ask(`${path}/acknowledge`, { method: 'POST' })
    const again = await browser.ask(back)
    expect(again.headers.get('location')).toBe(path)
  })

  it.each([
    ['a handle twice', (at: string) => desk.show(at, card).then(() => at)],
    [
      'a handle that was made up',
      async (at: string) => at.replace(/\.[A-Za-z0-9_-]{43}/, `.${'x'.repeat(43)}`),
    ],
    ['no handle at all', async () => `${CARD_ORIGIN}/card/sign-in/nothing`],
    ['another purpose', async (at: string) => at.replace('sign-in', 'constructor')],
  ])('%s', async (_, made) => {
    const at = await made(await (await desk.begins()).choosesCard())
    expect(await titleOf(await desk.show(at, card))).toBe('link-expired')
  })
})

describe('a certificate counts on the card host only', () => {
  it('elsewhere there is no such page, whatever `cf` says', async () => {
    const at = await (await desk.begins()).choosesCard()
    const response = await desk.show(at.replace(CARD_ORIGIN, desk.issuer), card)
    expect(response.status).toBe(404)
  })

  it.each(['client-cert', 'client-cert-chain', 'mf-cf-blob', 'cf-client-cert-der-base64', 'x-client-cert'])(
    'the header %s is nobody’s identity (RFC 9440 §4)',
    async (header) => {
      const at = await (await desk.begins()).choosesCard()
      const sequence = edgeFields(card).tlsClientAuth.certRFC9440
      const value = header === 'mf-cf-blob' ? JSON.stringify(edgeFields(card)) : sequence
      expect(await titleOf(await desk.show(at, undefined, { [header]: value }))).toBe('no-certificate')
    },
  )

  it('a verdict of the edge opens nothing by itself', async () => {
    const foreign = await desk.buy({ nationalId: DOCTOR, kind: 'foreign' })
    const at = await (await desk.begins()).choosesCard()
    const response = await desk.fetch(
      new Request(at, {
        headers: { 'accept-language': 'fr' },
        cf: edgeFields(foreign, 'SUCCESS'),
      } as RequestInit),
    )
    expect(await titleOf(response)).toBe('unknown-authority')
  })

  it.each(['/', '/authorize', '/login/abc', '/ecps/api/me', '/sandbox', '/register'])(
    'nothing else is there: %s',
    async (path) => {
      const response = await desk.show(`${CARD_ORIGIN}${path}`, card)
      expect([302, 404]).toContain(response.status)
      expect(response.headers.getSetCookie()).toEqual([])
    },
  )
})

describe('a card that an authority blocked', () => {
  beforeEach(async () => {
    await env.DB.prepare('DELETE FROM card_block').run()
  })
  const block = (cardId: string | null, lifted: number | null = null) =>
    env.DB.prepare(
      'INSERT INTO card_block (id, practitioner_id, card, reason, blocked_by, blocked_at, lifted_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
      .bind(crypto.randomUUID(), DOCTOR, cardId, 'lost', 'authority', 0, lifted)
      .run()
  const shown = async () => desk.show(await (await desk.begins()).choosesCard(), card)

  it.each([
    ['all cards of the person', null, null, 'blocked'],
    ['another card of theirs', 'x'.repeat(43), null, undefined],
    ['a block that was lifted', null, 1, undefined],
  ])('%s', async (_, reference, lifted, refused) => {
    await block(reference, lifted)
    expect(await titleOf(await shown())).toBe(refused)
  })

  it('this very card, at its next use', async () => {
    expect((await shown()).status).toBe(303)
    await block(await cardReferences(derivedMac(env.NAMING_KEY, 'card'))(card.cardId))
    expect(await titleOf(await shown())).toBe('blocked')
  })
})
