import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ObjectName } from '../../../src/kernel/identifiers.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import type { Browser } from '../../actors/browser.ts'
import {
  answerOf,
  authorize,
  type Client,
  issuer,
  locationOf,
  newBrowser,
  Person,
  refreshing,
  registered,
  request,
  passes as sessionPasses,
  throughMire,
  token,
  userinfo,
} from '../federator.ts'
import {
  ask,
  confirmation,
  connect,
  type Given,
  given,
  poll,
  post,
  reply,
  screen,
  signIn,
  told,
} from './world.ts'

let client: Client
let person: Person
beforeAll(async () => {
  client = await screen()
  person = await Person.who()
})

/** A browser in which this person is signed in, at some other service. */
async function signedIn(who = person): Promise<Browser> {
  const browser = newBrowser()
  await throughMire(browser, await authorize(browser, request(await registered())), who)
  return browser
}

const page = async (response: Response) => ({ status: response.status, html: await response.text() })

describe('RFC 8628 §3.3: the code is typed', () => {
  it('on a page of the issuer, in the person’s language, that no other site can embed', async () => {
    const response = await newBrowser().ask('/device', { headers: { 'accept-language': 'en' } })
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { status, html } = await page(response)
    expect(status).toBe(200)
    expect(html).toContain('Connect a screen')
    expect((await page(await newBrowser().ask('/device?lang=fr'))).html).toContain('Connecter un écran')
  })

  it('§3.3.1: the complete address fills it in, and confirms nothing', async () => {
    const device = await given(client)
    const browser = await signedIn()
    const { pathname, search } = new URL(device.verification_uri_complete)
    const { html } = await page(await browser.ask(pathname + search))
    expect(html).toContain(`value="${device.user_code}"`)
    expect(html).not.toContain('Tableau du service')
    expect(await told(client, device)).toBe('400 authorization_pending')
  })

  it.each(['<script>alert(1)</script>', 'AAAA-AAAA', '"><img src=x>'])(
    'what is no code is not written into it: %s',
    async (user_code) => {
      const { html } = await page(await newBrowser().ask(`/device?${new URLSearchParams({ user_code })}`))
      expect(html).toContain('value=""')
    },
  )

  it('§6.1: with or without its dash, in any case', async () => {
    const device = await given(client)
    const written = ` ${device.user_code.toLowerCase().replace('-', ' ')} `
    expect((await confirmation(newBrowser(), { user_code: written })).html).toContain(device.user_code)
  })

  it('under another name of this site it is asked for under the right one', async () => {
    const away = await newBrowser().ask('http://127.0.0.1:8787/device?user_code=WDJB-MJHT')
    expect(away.headers.get('location')).toBe(`${issuer}/device?user_code=WDJB-MJHT`)
  })
})

describe('RFC 8628 §3.3, §5.4: the screen is recognised', () => {
  it('by its code, service, time and place, with words of warning', async () => {
    const device = await given(client)
    const { html } = await confirmation(newBrowser(), device)
    for (const shown of [device.user_code, 'Tableau du service', 'moins d’une minute', 'Lieu inconnu'])
      expect(html).toContain(shown)
    expect(html).toContain('seulement si vous avez vous-même commencé cela')
  })

  it('§3.5 access_denied: "it is not me"', async () => {
    const device = await given(client)
    const { status, html } = await page(await reply(newBrowser(), device, 'no'))
    expect([status, html.includes('C’est refusé')]).toEqual([200, true])
    expect(await told(client, device)).toBe('400 access_denied')
  })

  it('§3.5 access_denied: given up at the mire', async () => {
    const device = await given(client)
    const browser = newBrowser()
    const path = locationOf(await reply(browser, device, 'yes')).pathname
    const cancelled = await browser.ask(`${path}/cancel`, { method: 'POST' })
    expect(locationOf(cancelled).pathname).toBe(path.replace('/login/', '/device/continue/'))
    expect((await page(await browser.ask(locationOf(cancelled).pathname))).html).toContain('C’est refusé')
    expect(await told(client, device)).toBe('400 access_denied')
  })
})

describe('who answers', () => {
  it('nobody is left signed in in the browser by it', async () => {
    const browser = await connect(await given(client), person)
    expect(browser.cookie('session')).toBeUndefined()
    const next = await authorize(browser, request(await registered()))
    expect(locationOf(next).pathname).toMatch(/^\/login\//)
  })

  it('who is signed in already: under their name, and without the mire', async () => {
    await connect(await given(client), person)
    const browser = await signedIn()
    const device = await given(client)
    const { html } = await confirmation(browser, device)
    expect(html).toContain('Noa TESTEUR')
    const end = await reply(browser, device, 'yes')
    expect((await page(end)).html).toContain('regardez votre écran')
    const { body } = await poll(client, device)
    expect(decodeJwt(body.id_token).SubjectNameID).toBe(person.id)
  })

  it('who is signed in reads first what a service gets, when they do not know it yet', async () => {
    const newcomer = await screen()
    const browser = await signedIn()
    const device = await given(newcomer)
    const path = locationOf(await reply(browser, device, 'yes')).pathname
    expect((await page(await browser.ask(path))).html).toContain('Tableau du service')
    expect(await told(newcomer, device)).toBe('400 authorization_pending')
    const read = await browser.ask(`${path}/acknowledge`, { method: 'POST' })
    expect((await page(await browser.ask(locationOf(read).pathname))).html).toContain('regardez votre écran')
    expect((await poll(newcomer, device)).status).toBe(200)
  })

  it('"I am somebody else": the mire', async () => {
    const browser = await signedIn()
    const device = await given(client)
    const colleague = await Person.who()
    await signIn(browser, await reply(browser, device, 'other'), colleague)
    const { body } = await poll(client, device)
    expect(decodeJwt(body.id_token).SubjectNameID).toBe(colleague.id)
  })

  it('OIDC Core §3.1.2.1 max_age: a session that is too old is not offered', async () => {
    const hasty = await screen({ default_max_age: 0 })
    const browser = await signedIn()
    const { fields } = await confirmation(browser, await given(hasty))
    expect(fields.proof).toBeUndefined()
  })

  it('the screen’s session is one of its own: it ends, and the browser’s goes on', async () => {
    await connect(await given(client), person)
    const [browser, service] = [newBrowser(), await registered()]
    await throughMire(browser, await authorize(browser, request(service)), person)
    const device = await given(client)
    await reply(browser, device, 'yes')
    const { body } = await poll(client, device)
    const ofScreen = ObjectName.parse(String(decodeJwt(body.id_token).sid).slice(0, 22))
    expect(browser.cookie('session')).not.toContain(ofScreen)
    await objectSessions(env.SESSION).end(ofScreen)
    expect((await userinfo(body.access_token)).status).toBe(401)
    expect(answerOf(await authorize(browser, request(service))).code).toBeDefined()
  })

  it('from a session three hours old: an hour is left to the screen', async () => {
    await connect(await given(client), person)
    const browser = await signedIn()
    const device = await given(client)
    const session = ObjectName.parse((browser.cookie('session') ?? '').slice(0, 22))
    await runInDurableObject(env.SESSION.getByName(session), (_, { storage }) => {
      const identity = storage.kv.get<{ subject: { authTime: number } }>('identity')
      if (identity === undefined) throw new Error('a session is expected')
      const { subject } = identity
      storage.kv.put('identity', {
        ...identity,
        subject: { ...subject, authTime: subject.authTime - 10_800 },
      })
    })
    expect((await reply(browser, device, 'yes')).status).toBe(200)
    const { body } = await poll(client, device)
    let refreshToken = body.refresh_token
    for (const [seconds, status] of [
      [1_700, 200],
      [3_300, 200],
      [3_601, 400],
    ] as const) {
      await sessionPasses(refreshToken, seconds)
      const next = await token(client, refreshing(refreshToken))
      expect([seconds, next.status]).toEqual([seconds, status])
      refreshToken = next.body.refresh_token
    }
  })
})

describe('an old page', () => {
  it.each(['A'.repeat(22), 'nonsense'])('/device/continue/%s', async (name) => {
    const { status } = await newBrowser().ask(`/device/continue/${name}`)
    expect(status).toBe(name === 'nonsense' ? 410 : 400)
  })

  it('the result of a login is taken once, by the endpoint that began it', async () => {
    const device: Given = await given(client)
    const browser = newBrowser()
    const begun = await reply(browser, device, 'yes')
    const login = locationOf(begun).pathname
    expect(locationOf(await browser.ask(login.replace('/login/', '/device/continue/'))).pathname).toBe(login)
    expect((await signIn(browser, begun, person)).status).toBe(200)
    expect((await browser.ask(login.replace('/login/', '/device/continue/'))).status).toBe(410)

    const other = newBrowser()
    const elsewhere = await authorize(other, request(await registered()))
    const path = locationOf(elsewhere).pathname
    await other.ask(`${path}/cancel`, { method: 'POST' })
    expect((await other.ask(path.replace('/login/', '/device/continue/'))).status).toBe(410)
    const third = newBrowser()
    const ours = locationOf(await reply(third, await given(client), 'yes')).pathname
    await third.ask(`${ours}/cancel`, { method: 'POST' })
    expect((await third.ask(ours.replace('/login/', '/authorize/continue/'))).status).toBe(410)
  })

  it('a screen that stopped waiting meanwhile', async () => {
    const device = await given(client)
    const [first, second] = [newBrowser(), newBrowser()]
    const begun = await reply(first, device, 'yes')
    await reply(second, device, 'no')
    expect((await signIn(first, begun, person)).status).toBe(410)
    expect(await told(client, device)).toBe('400 access_denied')
    const late = await post(second, '/device/answer', { user_code: device.user_code, answer: 'yes' })
    expect((await page(late)).html).toContain('On a déjà répondu')
    expect((await ask(client)).status).toBe(200)
  })
})
