import { beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../actors/browser.ts'
import { cardDesk, type Shown } from '../actors/card-desk.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'

const DOCTOR = '899700955555'
let desk: Awaited<ReturnType<typeof cardDesk>>
let card: Shown

beforeAll(async () => {
  await inDirectory(anEntry(DOCTOR))
  desk = await cardDesk()
  card = await desk.buy({ nationalId: DOCTOR })
})

const locationOf = (response: Response) => response.headers.get('location') ?? ''

/** Somebody begins an activation; the card is shown where their link leads. */
async function begun() {
  const browser = new Browser(desk.issuer, desk.fetch)
  const at = locationOf(await browser.ask('/activation', { method: 'POST' }))
  return { browser, back: locationOf(await desk.show(at, card)) }
}

describe('attack: a link sent to somebody else, who shows their card (RFC 9700 §4.7)', () => {
  it.each<[string, () => Promise<{ ask(url: string): Promise<Response> }>]>([
    ['who activates nothing here', async () => ({ ask: (url) => desk.show(url, undefined) })],
    ['who activates an e-CPS of their own', async () => (await begun()).browser],
  ])('%s: the address that they arrive at is worth nothing, read out or not', async (_, victim) => {
    const attacker = await begun()
    expect((await (await victim()).ask(attacker.back)).status).toBe(403)
    expect(locationOf(await attacker.browser.ask(attacker.back))).toBe('/activation/card?spent')
  })

  it('a way back that was made up spends nothing', async () => {
    const { browser, back } = await begun()
    await desk.show(back.replace(/[^/]+$/, 'x'.repeat(43)), undefined)
    expect(locationOf(await browser.ask(back))).toMatch(/^\/activation\/[\w-]{22}$/)
  })
})
