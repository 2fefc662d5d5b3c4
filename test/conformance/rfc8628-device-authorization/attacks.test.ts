import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ObjectName } from '../../../src/kernel/identifiers.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import type { Browser } from '../../actors/browser.ts'
import {
  authorize,
  BUSY_ADDRESS,
  type Client,
  events,
  locationOf,
  newBrowser,
  Person,
  registered,
  request,
  passes as sessionPasses,
  throughMire,
  userinfo,
} from '../federator.ts'
import { confirmation, connect, given, passes, poll, post, reply, screen, told } from './world.ts'

let client: Client
let person: Person
let stranger: Person
beforeAll(async () => {
  client = await screen()
  person = await Person.who()
  stranger = await Person.who()
  // They know the service, so that nothing but their word is missing.
  for (const who of [person, stranger]) await connect(await given(client), who)
})

async function signedIn(who: Person): Promise<Browser> {
  const browser = newBrowser()
  await throughMire(browser, await authorize(browser, request(await registered())), who)
  return browser
}
const sessionOf = (browser: Browser) => ObjectName.parse((browser.cookie('session') ?? '').slice(0, 22))

describe('RFC 8628 §5: the device code', () => {
  it('§3.4: of another client, which changes nothing for its own', async () => {
    const thief = await screen()
    const device = await given(client)
    await connect(device, person)
    expect(await told(thief, device)).toBe('400 invalid_grant')
    expect((await poll(client, device)).status).toBe(200)
  })

  it('§5.2: with another secret half', async () => {
    const device = await given(client)
    await connect(device, person)
    const guessed = {
      device_code: `${device.device_code.slice(0, -1)}${device.device_code.endsWith('A') ? 'B' : 'A'}`,
    }
    expect(await told(client, guessed)).toBe('400 invalid_grant')
    const userCodeAsSecret = {
      device_code: `${device.device_code.slice(0, 23)}${device.user_code.padEnd(43, 'A')}`,
    }
    expect(await told(client, userCodeAsSecret)).toBe('400 invalid_grant')
  })

  it('§3.5: polled too fast, again and again', async () => {
    const device = await given(client)
    expect(await told(client, device)).toBe('400 authorization_pending')
    expect(await told(client, device)).toBe('400 slow_down')
    expect(await told(client, device)).toBe('400 slow_down')
    await passes(device, 13)
    expect(await told(client, device)).toBe('400 slow_down')
    await passes(device, 40)
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it('§3.5: expired, and neither code opens anything any more', async () => {
    const device = await given(client)
    await passes(device, 600)
    expect(await told(client, device)).toBe('400 expired_token')
    const { status, html } = await confirmation(newBrowser(), device)
    expect([status, html.includes('trop ancien')]).toEqual([400, true])
  })

  it('redeemed twice', async () => {
    const device = await given(client)
    await connect(device, person)
    expect((await poll(client, device)).status).toBe(200)
    expect(await told(client, device)).toBe('400 invalid_grant')
    expect(events.at(-1)).toMatchObject({ kind: 'token.reuse', clientId: client.client_id })
  })

  it('fifty at once: one gets tokens', async () => {
    const device = await given(client)
    await connect(device, person)
    const all = await Promise.all(Array.from({ length: 50 }, () => told(client, device)))
    expect(all.filter((one) => one === '200')).toHaveLength(1)
    expect(new Set(all)).toEqual(new Set(['200', '400 invalid_grant']))
  })
})

describe('RFC 8628 §5.1: the user code is guessed', () => {
  it.each(['/device', '/device/answer'])('%s: too often from one address', async (path) => {
    const device = await given(client)
    const fields = { user_code: device.user_code, answer: 'no' }
    const headers = { 'cf-connecting-ip': BUSY_ADDRESS }
    const response = await post(newBrowser(), path, fields, headers)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60'])
    expect(await response.text()).toContain('Trop d’essais')
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it('a wrong one says so, is recorded, and leaves nothing behind', async () => {
    const { status, html } = await confirmation(newBrowser(), { user_code: 'BCDF-GHJK' })
    expect([status, html.includes('Aucun écran')]).toEqual([400, true])
    expect(events.at(-1)).toMatchObject({ kind: 'login.refused', detail: 'device: user code unknown' })
    expect(JSON.stringify(events.at(-1))).not.toContain('BCDF')
  })
})

describe('RFC 8628 §5.4: a page of somebody else answers', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('%s posts the form', async (_, headers) => {
    const browser = await signedIn(person)
    const device = await given(client)
    const { fields } = await confirmation(browser, device)
    const forged = { 'content-type': 'application/x-www-form-urlencoded', ...headers }
    for (const path of ['/device', '/device/answer']) {
      // As a browser sends it: the header of the site is the browser's own.
      const response = await crossSite(browser, path, { ...fields, answer: 'yes' }, forged)
      expect(response.status).toBe(403)
    }
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it('a script posts JSON', async () => {
    const response = await post(newBrowser(), '/device', {}, { 'content-type': 'application/json' })
    expect(response.status).toBe(403)
  })

  it('an answer that was on no button', async () => {
    const device = await given(client)
    const fields = { user_code: device.user_code, answer: 'perhaps' }
    expect((await post(newBrowser(), '/device/answer', fields)).status).toBe(403)
    expect(await told(client, device)).toBe('400 authorization_pending')
  })
})

describe('somebody else’s session', () => {
  it('a stranger signed in after the page was shown: they are asked who they are', async () => {
    const device = await given(client)
    const { fields } = await confirmation(await signedIn(person), device)
    const browser = await signedIn(stranger)
    const response = await post(browser, '/device/answer', { ...fields, answer: 'yes' })
    expect(locationOf(response).pathname).toMatch(/^\/login\//)
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it('a page shown to nobody, answered where somebody is signed in: the mire', async () => {
    const device = await given(client)
    const { fields } = await confirmation(newBrowser(), device)
    const response = await post(await signedIn(stranger), '/device/answer', { ...fields, answer: 'yes' })
    expect(locationOf(response).pathname).toMatch(/^\/login\//)
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it('the page of one screen does not answer for another', async () => {
    const browser = await signedIn(person)
    const [mine, theirs] = [await given(client), await given(client)]
    const { fields } = await confirmation(browser, mine)
    const forged = { ...fields, user_code: theirs.user_code, answer: 'yes' }
    expect(locationOf(await post(browser, '/device/answer', forged)).pathname).toMatch(/^\/login\//)
    expect(await told(client, theirs)).toBe('400 authorization_pending')
  })

  it('a login that one browser began is not collected by another', async () => {
    const device = await given(client)
    const mine = newBrowser()
    const path = locationOf(await reply(mine, device, 'yes')).pathname
    const thief = await newBrowser().ask(path.replace('/login/', '/device/continue/'))
    expect(thief.status).toBe(400)
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it('read by one, with another session in the cookie by then: the mire', async () => {
    const newcomer = await screen()
    const device = await given(newcomer)
    const browser = await signedIn(person)
    const path = locationOf(await reply(browser, device, 'yes')).pathname
    await throughMire(
      browser,
      await authorize(browser, request(await registered(), { prompt: 'login' })),
      stranger,
    )
    const read = await browser.ask(`${path}/acknowledge`, { method: 'POST' })
    const back = await browser.ask(locationOf(read).pathname)
    expect(locationOf(back).pathname).toMatch(/^\/login\//)
    expect(await told(newcomer, device)).toBe('400 authorization_pending')
  })
})

describe('what ended meanwhile', () => {
  it('the session that answered, before the tokens were fetched: none', async () => {
    const browser = await signedIn(person)
    const device = await given(client)
    expect((await reply(browser, device, 'yes')).status).toBe(200)
    await objectSessions(env.SESSION).end(sessionOf(browser))
    expect(await told(client, device)).toBe('400 invalid_grant')
  })

  it('the session, between the page and its answer: the mire', async () => {
    const browser = await signedIn(person)
    const device = await given(client)
    const { fields } = await confirmation(browser, device)
    await objectSessions(env.SESSION).end(sessionOf(browser))
    const response = await post(browser, '/device/answer', { ...fields, answer: 'yes' })
    expect(locationOf(response).pathname).toMatch(/^\/login\//)
  })

  it('the screen’s own session, as any other: its tokens with it', async () => {
    const device = await given(client)
    await connect(device, person)
    const { body } = await poll(client, device)
    const sid = String(decodeJwt(body.id_token).sid)
    await sessionPasses(sid, 14_400)
    expect((await userinfo(body.access_token)).status).toBe(401)
  })

  it('the right to sign in: who was suspended is signed out, and asked at the mire', async () => {
    const leaver = await Person.who()
    await connect(await given(client), leaver)
    const browser = await signedIn(leaver)
    const device = await given(client)
    const { fields } = await confirmation(browser, device)
    await env.DB.prepare(`UPDATE practitioner SET status = 'suspended' WHERE id = ?`).bind(leaver.id).run()
    const response = await post(browser, '/device/answer', { ...fields, answer: 'yes' })
    expect(locationOf(response).pathname).toMatch(/^\/login\//)
    expect(await objectSessions(env.SESSION).end(sessionOf(browser))).toBeUndefined()
    expect(await told(client, device)).toBe('400 authorization_pending')
  })
})

/** A form posted from elsewhere: the actor's browser would say same-origin. */
async function crossSite(
  browser: Browser,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string>,
): Promise<Response> {
  return browser.ask(path, { method: 'post', headers, body: new URLSearchParams(fields).toString() })
}
