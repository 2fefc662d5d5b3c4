import { beforeAll, describe, expect, it } from 'vitest'
import { words } from '../../src/cards/words.ts'
import { CARD_ORIGIN, cardDesk, type Shown } from '../actors/card-desk.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'

const DOCTOR = '899700933333'
let desk: Awaited<ReturnType<typeof cardDesk>>
let card: Shown

beforeAll(async () => {
  await inDirectory(anEntry(DOCTOR))
  desk = await cardDesk()
  card = await desk.buy({ nationalId: DOCTOR })
})

const json = { accept: 'application/json' }
/** What browsers say of a request by themselves (Fetch Metadata §2); no page can say otherwise. */
const says = (dest: string, mode: string, site: string) => ({
  'sec-fetch-dest': dest,
  'sec-fetch-mode': mode,
  'sec-fetch-site': site,
})

describe('attack: another site shows the card of whoever visits it', () => {
  it.each<[string, Record<string, string>]>([
    ['as a picture', says('image', 'no-cors', 'cross-site')],
    ['as a script', says('script', 'no-cors', 'cross-site')],
    ['in a frame', says('iframe', 'navigate', 'cross-site')],
    ['by a fetch whose answer it cannot read', { ...json, ...says('empty', 'no-cors', 'cross-site') }],
    [
      'by a fetch of its own origin',
      { ...json, ...says('empty', 'cors', 'cross-site'), origin: 'https://elsewhere.example' },
    ],
    ['by a fetch of nobody’s origin', { ...json, ...says('empty', 'cors', 'cross-site'), origin: 'null' }],
  ])('%s: the card is not looked at, and the handle is still good', async (_, headers) => {
    const at = await (await desk.begins()).choosesCard()
    const lines = desk.queued.length
    const forced = await desk.show(at, card, headers)
    expect(forced.status).toBe(403)
    expect(JSON.stringify(desk.queued.slice(lines))).not.toContain(DOCTOR)
    expect((await desk.show(at, card)).status).toBe(303)
  })

  it.each<[string, () => Record<string, string>, number]>([
    ['grants a navigation', () => says('document', 'navigate', 'same-site'), 303],
    [
      'grants the mire’s script, on a host of another site too',
      () => ({ ...json, ...says('empty', 'cors', 'cross-site'), origin: desk.issuer }),
      200,
    ],
  ])('%s', async (_, headers, status) => {
    const at = await (await desk.begins()).choosesCard()
    expect((await desk.show(at, card, headers())).status).toBe(status)
  })
})

describe('what every answer of the card host carries', () => {
  it.each([
    ['the way back', () => card, {}],
    ['the way back, for the script', () => card, json],
    ['a page', () => undefined, {}],
    ['a refusal, for the script', () => undefined, json],
  ])('%s: no type is guessed, no address told, nothing kept', async (_, shown, headers) => {
    const answer = await desk.show(await (await desk.begins()).choosesCard(), shown(), headers)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
  })

  it('under the host’s name with a dot at its end there is no card host (RFC 1034 §3.1)', async () => {
    const at = await (await desk.begins()).choosesCard()
    const dotted = at.replace(CARD_ORIGIN, CARD_ORIGIN.replace('.test', '.test.'))
    expect((await desk.show(dotted, card)).status).toBe(404)
  })

  it('the page of a purpose that there is not names no way on', async () => {
    const html = await (await desk.show(`${CARD_ORIGIN}/card/__proto__/x`, card)).text()
    expect(html).toContain(words.fr.refusals['link-expired'].title)
    expect(html).not.toContain('/login/')
  })
})

describe('attack: a link sent to somebody else, who shows their card (RFC 9700 §4.7)', () => {
  const stateOf = async ({ browser, path }: Awaited<ReturnType<typeof desk.begins>>) =>
    (await (await browser.ask(`${path}/state`)).json<{ status: string }>()).status

  it.each<[string, () => Promise<{ ask(url: string): Promise<Response> }>]>([
    ['who has no login here', async () => ({ ask: (url) => desk.show(url, undefined) })],
    ['who has one of their own', async () => (await desk.begins()).browser],
  ])('%s: the address that they arrive at is worth nothing, read out or not', async (_, victim) => {
    const attacker = await desk.begins()
    const back = (await desk.show(await attacker.choosesCard(), card)).headers.get('location') ?? ''
    expect((await (await victim()).ask(back)).status).toBe(400)
    await attacker.browser.ask(back)
    expect(await stateOf(attacker)).toBe('choosing')
  })

  it('a way back that was made up spends nothing', async () => {
    const mine = await desk.begins()
    const back = (await desk.show(await mine.choosesCard(), card)).headers.get('location') ?? ''
    await desk.show(`${desk.issuer}${mine.path}/card/${'x'.repeat(43)}`, undefined)
    await mine.browser.ask(back)
    expect(await stateOf(mine)).toBe('proved')
  })
})
