import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { cardReferences } from '../../src/cards/card-reference.ts'
import type { CardRefusal } from '../../src/cards/refusal.ts'
import { words } from '../../src/cards/words.ts'
import { derivedMac } from '../../src/kernel/derived-key.ts'
import { CARD_ORIGIN, cardDesk, type Shown } from '../actors/card-desk.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'
import { ProofKey } from '../actors/proof.ts'

/** Each test has a person of its own: what is closed for one stays closed. */
let nationalId = '899700930000'
type Desk = Awaited<ReturnType<typeof cardDesk>>
let desk: Desk
let authority: Client
let key: ProofKey

const Client = z.object({ client_id: z.string(), client_secret: z.string() })
type Client = z.infer<typeof Client>

beforeAll(async () => {
  desk = await cardDesk()
  authority = await registered()
  key = await ProofKey.make()
  // The test authority makes its keys for its first card: no test pays for them.
  await inDirectory(anEntry(nationalId))
  await desk.buy({ nationalId })
})
beforeEach(async () => {
  nationalId = String(Number(nationalId) + 1)
  await inDirectory(anEntry(nationalId))
})
afterEach(() => void vi.useRealTimers())

/** A client that may ask for tokens of its own; what it is registered as may be changed. */
async function registered(change: Record<string, unknown> = {}): Promise<Client> {
  const response = await desk.fetch(
    new Request(`${desk.issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Autorité',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        scope: 'authority other',
        serment_authority: true,
        ...change,
      }),
    }),
  )
  return Client.parse(await response.json())
}

interface Asked {
  readonly client?: Client
  readonly scope?: string
  /** The token's key; `undefined` for a bearer token. */
  readonly boundTo?: ProofKey | undefined
}

async function token({ client = authority, scope = 'authority', boundTo }: Asked): Promise<string> {
  const url = `${desk.issuer}/token`
  const proof = async (nonce?: string): Promise<Record<string, string>> =>
    boundTo === undefined ? {} : { dpop: await boundTo.prove({ url, nonce }) }
  const ask = async (headers: Record<string, string>) =>
    desk.fetch(
      new Request(url, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`,
          ...headers,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      }),
    )
  const first = await ask(await proof())
  const nonce = first.headers.get('dpop-nonce') ?? undefined
  const answered = first.ok ? first : await ask(await proof(nonce))
  return z.object({ access_token: z.string() }).parse(await answered.json()).access_token
}

const post = (path: string, body: unknown, headers: Record<string, string>) =>
  desk.fetch(
    new Request(`${desk.issuer}/authority/card-blocks${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )

/** A proof for that path; the nonce is the one that the API gives out. */
async function proofFor(path: string, accessToken: string, by = key): Promise<string> {
  const nonce = (await post(path, {}, {})).headers.get('dpop-nonce') ?? undefined
  return by.prove({ url: `${desk.issuer}/authority/card-blocks${path}`, accessToken, nonce })
}

/** As an authority calls. */
async function call(path: string, body: unknown): Promise<Response> {
  const held = await token({ boundTo: key })
  return post(path, body, { authorization: `DPoP ${held}`, dpop: await proofFor(path, held) })
}

const Blocked = z.object({ id: z.string(), sessions_ended: z.number(), devices_revoked: z.number() })
async function block(card?: Shown, more: Readonly<Record<string, unknown>> = {}) {
  const body = { national_id: nationalId, reason: 'perdue', ...(card && { card: card.cardId }), ...more }
  const response = await call('', body)
  expect(response.status).toBe(201)
  return Blocked.parse(await response.json())
}

async function refusalOf(card: Shown): Promise<CardRefusal | undefined> {
  const html = await (await desk.show(await (await desk.begins()).choosesCard(), card)).text()
  return (Object.keys(words.fr.refusals) as CardRefusal[]).find((name) =>
    html.includes(words.fr.refusals[name].title),
  )
}

/** A person who has shown the card and not yet read what the service will get. */
async function proves(card: Shown) {
  const begun = await desk.begins()
  const back = (await desk.show(await begun.choosesCard(), card)).headers.get('location') ?? ''
  await begun.browser.ask(back)
  return begun
}

async function arrives({ browser, path }: Awaited<ReturnType<typeof proves>>): Promise<string> {
  const read = await browser.ask(`${path}/acknowledge`, { method: 'POST' })
  return (await browser.ask(read.headers.get('location') ?? '')).headers.get('location') ?? ''
}

/** A browser that is signed in, and what it is asked the next time. */
async function signedIn(card: Shown) {
  const begun = await proves(card)
  await desk.userinfo(await arrives(begun))
  const silent = new URLSearchParams({
    response_type: 'code',
    client_id: desk.client.client_id,
    redirect_uri: 'https://dossier.example.test/callback',
    scope: 'openid',
    prompt: 'none',
  })
  return {
    stillOpen: async () => {
      const location = (await begun.browser.ask(`/authorize?${silent}`)).headers.get('location') ?? ''
      return new URL(location).searchParams.has('code')
    },
  }
}

describe('grants', () => {
  it('one card: it opens nothing more, what it opened ends and its service is told; another card stays', async () => {
    const [lost, kept] = [await desk.buy({ nationalId }), await desk.buy({ nationalId })]
    const [withLost, withKept] = [await signedIn(lost), await signedIn(kept)]
    const from = desk.queued.length
    expect(await block(lost)).toMatchObject({ sessions_ended: 1 })
    expect([await withLost.stillOpen(), await withKept.stillOpen()]).toEqual([false, true])
    expect([await refusalOf(lost), await refusalOf(kept)]).toEqual(['blocked', undefined])
    expect(JSON.stringify(desk.queued.slice(from))).toContain(desk.client.client_id)
    expect(JSON.stringify(desk.queued.slice(from))).toContain('card.blocked')
  })

  it.each([
    ['made today', 0, {}, 1],
    ['made two months ago', 60, {}, 0],
    ['made two months ago, when the card may have been lost already', 60, { lost_since: 0 }, 1],
  ])('revokes the e-CPS that the card opened, %s', async (_, days, more, revoked) => {
    const card = await desk.buy({ nationalId })
    const reference = await cardReferences(derivedMac(env.NAMING_KEY, 'card'))(card.cardId)
    const at = Math.floor(Date.now() / 1000) - days * 86_400
    const insert =
      "INSERT INTO device (id, practitioner_id, credential_id, public_jwk, name, activation_mode, card, created_at, expires_at) VALUES (?, ?, ?, '{}', 'Téléphone', 'CARD', ?, ?, ?)"
    await env.DB.prepare(insert)
      .bind(crypto.randomUUID(), nationalId, crypto.randomUUID(), reference, at, at + 100 * 86_400)
      .run()
    const from = desk.queued.length
    // A session that this card did not open: the e-CPS that it made may have, and nobody can tell.
    const other = await signedIn(await desk.buy({ nationalId }))
    expect(await block(card, more)).toMatchObject({ devices_revoked: revoked, sessions_ended: revoked })
    expect(await other.stillOpen()).toBe(revoked === 0)
    const told = JSON.stringify(desk.queued.slice(from))
    expect([told.includes('ecps.revoked'), told.includes('noa.testeur@exemple.test')]).toEqual(
      revoked === 1 ? [true, true] : [false, false],
    )
  })

  it('all cards of somebody, those to come included', async () => {
    const cards = [await desk.buy({ nationalId }), await desk.buy({ nationalId })]
    const open = [await signedIn(cards[0] ?? fail()), await signedIn(cards[1] ?? fail())]
    expect(await block()).toMatchObject({ sessions_ended: 2 })
    for (const one of open) expect(await one.stillOpen()).toBe(false)
    for (const card of [...cards, await desk.buy({ nationalId })])
      expect(await refusalOf(card)).toBe('blocked')
  })

  it('lifts a block: the card opens again, what it had opened stays ended; a second block of it stays', async () => {
    const card = await desk.buy({ nationalId })
    const before = await signedIn(card)
    const { id } = await block(card)
    const { id: second } = await block()
    expect(await (await call(`/${id}/lift`, {})).json()).toEqual({ lifted: true })
    expect(await refusalOf(card)).toBe('blocked')
    expect((await call(`/${second}/lift`, {})).status).toBe(200)
    expect(await refusalOf(card)).toBeUndefined()
    expect(await before.stillOpen()).toBe(false)
    expect((await call(`/${id}/lift`, {})).status).toBe(404)
  })

  it('shows what stands and what stood, without the number of a card', async () => {
    const card = await desk.buy({ nationalId })
    const { id } = await block(card)
    await call(`/${id}/lift`, {})
    await block()
    const response = await call('/search', { national_id: nationalId })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const text = await response.text()
    expect(text).not.toContain(card.cardId)
    expect(JSON.parse(text)).toEqual({
      blocks: expect.arrayContaining([
        expect.objectContaining({ id, all_cards: false, reason: 'perdue', lifted_by: authority.client_id }),
        expect.objectContaining({ all_cards: true, blocked_by: authority.client_id }),
      ]),
    })
  })

  it.each([
    ['at once', 0, true],
    ['five seconds later', 5, true],
    ['a minute later', 60, true],
    ['a minute later, of a card that is not', 60, false],
  ])('a sign-in whose card is blocked before it reaches its service: %s', async (_, later, lost) => {
    const card = await desk.buy({ nationalId })
    const begun = await proves(card)
    if (lost) await block(card)
    vi.useFakeTimers({ now: Date.now() + later * 1000, toFake: ['Date'] })
    const claims = await desk.userinfo(await arrives(begun)).catch(() => undefined)
    expect(claims?.SubjectNameID).toBe(lost ? undefined : nationalId)
  })
})

const fail = (): never => {
  throw new Error('a card is expected')
}

describe('refuses', () => {
  const body = () => ({ national_id: nationalId, reason: 'perdue' })
  const dpop = async (held: string, by = key) => ({
    authorization: `DPoP ${held}`,
    dpop: await proofFor('', held, by),
  })

  it.each<[string, number, string | undefined, () => Promise<Record<string, string>>]>([
    ['no token (RFC 6750 §3.1)', 401, undefined, async () => ({})],
    [
      'a token that anybody could carry away',
      401,
      'invalid_token',
      async () => ({ authorization: `Bearer ${await token({})}` }),
    ],
    [
      'a bound token as if it were not (RFC 9449 §7.1)',
      401,
      'invalid_token',
      async () => ({ authorization: `Bearer ${await token({ boundTo: key })}` }),
    ],
    [
      'a bound token without proof',
      401,
      'invalid_dpop_proof',
      async () => ({ authorization: `DPoP ${await token({ boundTo: key })}` }),
    ],
    [
      'another key’s proof (RFC 9449 §7.1)',
      401,
      'invalid_token',
      async () => dpop(await token({ boundTo: key }), await ProofKey.make()),
    ],
    [
      'a proof for another address',
      401,
      'invalid_dpop_proof',
      async () => {
        const held = await token({ boundTo: key })
        return { authorization: `DPoP ${held}`, dpop: await proofFor('/search', held) }
      },
    ],
    [
      'a token without the scope',
      403,
      'insufficient_scope',
      async () => dpop(await token({ boundTo: key, scope: 'other' })),
    ],
    [
      'a client without the right, whatever its scope',
      403,
      'insufficient_scope',
      async () => dpop(await token({ boundTo: key, client: await registered({ serment_authority: false }) })),
    ],
    ['a token that was made up', 401, 'invalid_token', async () => dpop('e30.e30.e30')],
  ])('%s', async (_, status, error, headers) => {
    const response = await post('', body(), await headers())
    expect(response.status).toBe(status)
    const said = response.headers.get('www-authenticate') ?? ''
    expect(said).toContain('DPoP')
    if (error !== undefined) expect(said).toContain(`error="${error}"`)
    const found = await (await call('/search', { national_id: nationalId })).json()
    expect(found).toEqual({ blocks: [] })
  })

  it('a professional’s token, though its client is an authority and its key the right one', async () => {
    const both = await registered({
      grant_types: ['client_credentials', 'authorization_code'],
      response_types: ['code'],
      redirect_uris: ['https://dossier.example.test/callback'],
    })
    const begun = await desk.begins({ client_id: both.client_id, scope: 'openid' })
    const card = await desk.buy({ nationalId })
    const back = (await desk.show(await begun.choosesCard(), card)).headers.get('location') ?? ''
    await begun.browser.ask(back)
    const code = new URL(await arrives(begun)).searchParams.get('code') ?? ''
    const url = `${desk.issuer}/token`
    const ask = async (nonce?: string) =>
      desk.fetch(
        new Request(url, {
          method: 'POST',
          headers: {
            authorization: `Basic ${btoa(`${both.client_id}:${both.client_secret}`)}`,
            dpop: await key.prove({ url, nonce }),
          },
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            code,
            redirect_uri: 'https://dossier.example.test/callback',
          }),
        }),
      )
    const nonce = (await post('', {}, {})).headers.get('dpop-nonce') ?? undefined
    const { access_token } = z.object({ access_token: z.string() }).parse(await (await ask(nonce)).json())
    const response = await post('', body(), await dpop(access_token))
    expect(response.status).toBe(403)
  })

  it('attack: a proof a second time (RFC 9449 §11.1)', async () => {
    const held = await token({ boundTo: key })
    const headers = await dpop(held)
    expect((await post('', body(), headers)).status).toBe(201)
    const again = await post('', body(), headers)
    expect(again.status).toBe(401)
    expect(again.headers.get('www-authenticate')).toContain('invalid_dpop_proof')
  })

  it.each<[string, number, () => unknown]>([
    ['a person whom nobody knows', 404, () => ({ ...body(), national_id: '899700999999' })],
    ['what is no number of a person', 400, () => ({ ...body(), national_id: '12' })],
    ['a number that no card has', 400, () => ({ ...body(), card: '1/2' })],
    ['no reason', 400, () => ({ national_id: nationalId })],
    ['a member that is not known', 400, () => ({ ...body(), until: 'tomorrow' })],
    ['what is no object', 400, () => 'perdue'],
  ])('%s', async (_, status, wrong) => {
    expect((await call('', wrong())).status).toBe(status)
  })

  it('on the card host there is no such address', async () => {
    const response = await desk.fetch(
      new Request(`${CARD_ORIGIN}/authority/unknown`, { method: 'POST', body: '{}' }),
    )
    expect([401, 404]).toContain(response.status)
  })
})
