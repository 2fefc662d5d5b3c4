import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { digest } from '../../../src/kernel/digest.ts'
import { address } from '../../../src/kernel/handle.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { objectInteractions } from '../../../src/mire/login.object.ts'
import type { RelyingParty } from '../../../src/relying-parties/relying-party.ts'
import {
  answer,
  Browser,
  CALLBACK,
  CAMILLE,
  CHALLENGE,
  DOMINIQUE,
  ISSUER,
  idToken,
  location,
  randomName,
  request,
  someone,
  stage,
} from './stage.ts'

const { app, service, events, opened, ended, sessions, acquaintances, time } = stage()
const party = await service()
const second = await service({ client_name: 'Agenda Démo' })
const mire = objectInteractions(env.LOGIN)
const acquaint = (client: RelyingParty, who = CAMILLE) =>
  acquaintances.remember(who, client.clientId, 'scope_all', systemClock())

/** Redeems the code that came back, as the token endpoint does. */
async function redeem(response: Response, client = party, challenge: string | undefined = undefined) {
  const code = address(answer(response).code ?? '')
  if (code === undefined) throw new Error(`no code came back: ${response.headers.get('location')}`)
  return sessions.redeem(code.object, {
    code: await digest(code.secret),
    clientId: client.clientId,
    redirectUri: CALLBACK,
    challenge,
    refresh: undefined,
  })
}

const sessionOf = (browser: Browser) => address(browser.cookies.get('session') ?? '')?.object

describe('grants', () => {
  it('OIDC Core §3.1.2.5, RFC 9207 §2: a code, state and iss, and a session cookie of four hours', async () => {
    const browser = new Browser(app)
    const response = await browser.signIn(
      request(party, { code_challenge: CHALLENGE, code_challenge_method: 'S256' }),
    )
    expect(response.status).toBe(303)
    expect(location(response).href.startsWith(`${CALLBACK}&code=`)).toBe(true)
    expect(answer(response)).toMatchObject({ own: '1', state: 'st', iss: ISSUER })
    const set = response.headers.getSetCookie().find((cookie) => cookie.startsWith('session='))
    expect(set).toMatch(
      /^session=[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}; Max-Age=14400; Path=\/; HttpOnly; SameSite=Lax$/,
    )

    const redeemed = await redeem(response, party, CHALLENGE)
    expect(redeemed).toMatchObject({
      grant: { scope: 'openid scope_all', nonce: 'no', acr: 'eidas1', subject: { practitionerId: CAMILLE } },
    })
    expect(opened.at(-1)).toMatchObject({
      practitionerId: CAMILLE,
      serviceName: 'Dossier Démo',
      authMode: 'MOBILE',
      session: sessionOf(browser),
    })
    expect(events.at(-1)).toMatchObject({
      kind: 'session.opened',
      practitionerId: CAMILLE,
      means: 'MOBILE',
    })
  })

  it('OIDC Core §3.1.2.3: a second service answers without a page once its data was shown', async () => {
    const browser = new Browser(app)
    await browser.signIn(request(party))
    await acquaint(second)
    const response = await browser.authorize(request(second, { prompt: 'none' }))
    expect(await redeem(response, second)).toMatchObject({ grant: { clientId: second.clientId } })
    expect(answer(response).code?.split('.')[0]).toBe(sessionOf(browser))
  })

  it('a service whose data was never shown: only that is left to read, in the same session', async () => {
    const third = await service({ client_name: 'Courbes Démo' })
    const browser = new Browser(app)
    await browser.signIn(request(party))
    const before = sessionOf(browser)
    const sent = await browser.authorize(request(third))
    const { name, browser: mine } = await browser.login(sent)
    // Unread, it leads nowhere but back to the mire.
    expect(location(await browser.request(`/authorize/continue/${name}`)).pathname).toBe(`/login/${name}`)
    await mire.acknowledge(name, mine)
    const response = await browser.request(`/authorize/continue/${name}`)
    expect(await redeem(response, third)).toMatchObject({ grant: { clientId: third.clientId } })
    expect(sessionOf(browser)).toBe(before)
  })

  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['prompt=select_account', { prompt: 'select_account' }],
    ['prompt=consent', { prompt: 'consent' }],
    ['max_age=0', { max_age: '0' }],
    ['acr_values=phr after a phone', { acr_values: 'phr' }],
  ])(
    'OIDC Core §3.1.2.1: %s shows a page to someone who is signed in',
    async (_, more: Record<string, string>) => {
      const browser = new Browser(app)
      await browser.signIn(request(party))
      await acquaint(party)
      expect(location(await browser.authorize(request(party, more))).pathname).toMatch(/^\/login\//)
    },
  )

  it('OIDC Registration §2: default_max_age', async () => {
    const impatient = await service({ default_max_age: 60 })
    const browser = new Browser(app)
    await browser.signIn(request(party))
    await acquaint(impatient)
    expect(answer(await browser.authorize(request(impatient))).code).toBeDefined()
    time.ahead = 61
    const response = await browser.authorize(request(impatient))
    time.ahead = 0
    expect(location(response).pathname).toMatch(/^\/login\//)
  })

  it.each([
    ['eidas1', 'phrh', 'eidas1'],
    ['phr', 'phr', 'phr'],
    ['phrh phr', 'phr', 'phr'],
    ['', 'phr', 'eidas1'],
  ] as const)('OIDC Core §2: acr, asked %j and reached %s: %s', async (acr_values, reached, stated) => {
    const response = await new Browser(app).signIn(request(party, { acr_values }), someone(CAMILLE, reached))
    expect(await redeem(response)).toMatchObject({ grant: { acr: stated } })
  })

  it('RFC 7591 §2: a service gets no more scope than it registered', async () => {
    const modest = await service({ scope: 'openid identity' })
    const response = await new Browser(app).signIn(request(modest, { scope: 'openid identity contact' }))
    expect(await redeem(response, modest)).toMatchObject({ grant: { scope: 'openid identity' } })
  })

  it('someone else signs in here: the session before is ended', async () => {
    const browser = new Browser(app)
    const first = await browser.signIn(request(party))
    const response = await browser.signIn(request(party, { prompt: 'login' }), someone(DOMINIQUE))
    expect(await redeem(response)).toMatchObject({ grant: { subject: { practitionerId: DOMINIQUE } } })
    expect(await redeem(first)).toEqual({ refused: 'unknown' })
  })

  it('whoever keeps a list is told of the session that was left, and the trail too', async () => {
    const browser = new Browser(app)
    await browser.signIn(request(party))
    const left = sessionOf(browser)
    await browser.signIn(request(party, { prompt: 'login' }), someone(DOMINIQUE))
    expect(ended).toContainEqual({
      session: left,
      practitionerId: CAMILLE,
      services: [{ clientId: party.clientId, sid: expect.any(String) }],
    })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'session.ended', practitionerId: CAMILLE }))
  })

  it('two tabs sign in side by side', async () => {
    const browser = new Browser(app)
    const one = await browser.authorize(request(party, { state: 'one' }))
    const two = await browser.authorize(request(party, { state: 'two' }))
    expect(answer(await browser.prove(one, someone()))).toMatchObject({ state: 'one' })
    expect(answer(await browser.prove(two, someone()))).toMatchObject({ state: 'two' })
  })
})

describe('refuses', () => {
  const waiting = async (browser: Browser, more: Record<string, string> = {}) => {
    const response = await browser.authorize(request(party, more))
    return browser.login(response)
  }

  it('undecided: back to the mire', async () => {
    const browser = new Browser(app)
    const { name } = await waiting(browser)
    const response = await browser.request(`/authorize/continue/${name}`)
    expect(response.status).toBe(303)
    expect(location(response).pathname).toBe(`/login/${name}`)
  })

  it('RFC 6749 §4.1.2.1: cancelled is access_denied, with state and iss', async () => {
    const browser = new Browser(app)
    const { name, browser: mine } = await waiting(browser)
    await mire.cancel(name, mine)
    const response = await browser.request(`/authorize/continue/${name}`)
    expect(answer(response)).toMatchObject({ error: 'access_denied', state: 'st', iss: ISSUER })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('OIDC Core §3.1.2.2: another person than the hint names', async () => {
    const browser = new Browser(app)
    const hint = await idToken(CAMILLE, party.clientId)
    const response = await browser.signIn(request(party, { id_token_hint: hint }), someone(DOMINIQUE))
    expect(answer(response)).toMatchObject({ error: 'login_required' })
    expect(browser.cookies.has('session')).toBe(false)
  })

  it('the missing cookie, by name', async () => {
    const { name } = await waiting(new Browser(app))
    const response = await new Browser(app).request(`/authorize/continue/${name}`)
    expect(response.status).toBe(400)
    const page = await response.text()
    expect(page).toContain('n’a pas rendu le cookie')
    expect(page).toContain('localhost:8787')
  })

  it('the wrong host, by name', async () => {
    const { name } = await waiting(new Browser(app))
    const page = await (await app.request(`http://127.0.0.1:8787/authorize/continue/${name}?lang=en`)).text()
    expect(page).toContain('This page was opened under another name')
    expect(page).toContain('The right name is localhost:8787')
  })

  it('another browser’s cookie', async () => {
    const { name } = await waiting(new Browser(app))
    const other = new Browser(app)
    other.cookies.set(`login-${name.slice(0, 8)}`, 'x'.repeat(43))
    const response = await other.request(`/authorize/continue/${name}`)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('un autre navigateur')
  })

  it('the old page: the result is taken once', async () => {
    const browser = new Browser(app)
    const begun = await browser.authorize(request(party))
    const { name } = await browser.login(begun)
    expect(answer(await browser.prove(begun, someone())).code).toBeDefined()
    const response = await browser.request(`/authorize/continue/${name}`)
    expect(response.status).toBe(410)
    expect(await response.text()).toContain('Cette page est ancienne')
  })

  it('fifty at once take the result once', async () => {
    const browser = new Browser(app)
    const { name, browser: mine } = await waiting(browser)
    const shown = await mire.view(name, mine)
    if (!('view' in shown)) throw new Error('no view')
    const known = { [party.clientId]: 'scope_all' }
    await mire.prove(name, mine, { challenge: shown.view.challenge, authentication: someone(), known })
    const all = await Promise.all(
      Array.from({ length: 50 }, () => browser.request(`/authorize/continue/${name}`)),
    )
    expect(all.map((response) => response.status).sort()).toEqual([
      303,
      ...Array.from({ length: 49 }, () => 410),
    ])
  })

  it.each(['x', '..%2Fauthorize', `${'a'.repeat(22)}b`])('a tampered name: %s', async (name) => {
    expect((await new Browser(app).request(`/authorize/continue/${name}`)).status).toBe(410)
  })

  it('a login that never was', async () => {
    const name = randomName()
    const browser = new Browser(app)
    browser.cookies.set(`login-${name.slice(0, 8)}`, 'x'.repeat(43))
    expect((await browser.request(`/authorize/continue/${name}`)).status).toBe(410)
  })

  it.each(['', 'x', 'a.b', `${'a'.repeat(22)}.${'b'.repeat(43)}`])(
    'a tampered session cookie: %j',
    async (value) => {
      const browser = new Browser(app)
      browser.cookies.set('session', value)
      expect(location(await browser.authorize(request(party))).pathname).toMatch(/^\/login\//)
    },
  )

  it('a session’s name without its secret ends nobody’s session', async () => {
    const victim = new Browser(app)
    await victim.signIn(request(party))
    const attacker = new Browser(app)
    attacker.cookies.set('session', `${sessionOf(victim)}.${'x'.repeat(43)}`)
    await attacker.signIn(request(party), someone(DOMINIQUE))
    await acquaint(party)
    expect(answer(await victim.authorize(request(party, { prompt: 'none' }))).code).toBeDefined()
  })

  it('a reading done for one session does not answer in another', async () => {
    const fourth = await service()
    const browser = new Browser(app)
    await browser.signIn(request(party))
    const { name, browser: mine } = await browser.login(await browser.authorize(request(fourth)))
    await mire.acknowledge(name, mine)
    await browser.signIn(request(party, { prompt: 'login' }), someone(DOMINIQUE))
    const response = await browser.request(`/authorize/continue/${name}`)
    expect(location(response).pathname).toMatch(/^\/login\//)
  })

  it('OIDC Core §3.1.2.1: max_age, when the proof grew too old while the person was reading', async () => {
    const fifth = await service()
    const browser = new Browser(app)
    await browser.signIn(request(party))
    const begun = await browser.authorize(request(fifth, { max_age: '60' }))
    const { name, browser: mine } = await browser.login(begun)
    await mire.acknowledge(name, mine)
    time.ahead = 61
    const response = await browser.request(`/authorize/continue/${name}`)
    time.ahead = 0
    const again = location(response).pathname
    expect(again).toMatch(/^\/login\//)
    expect(again).not.toBe(`/login/${name}`)
  })

  it('an address withdrawn meanwhile', async () => {
    const moved = await service()
    const browser = new Browser(app)
    const begun = await browser.authorize(request(moved))
    await env.DB.prepare(
      "UPDATE relying_party SET metadata = json_set(metadata, '$.redirect_uris[0]', 'https://new.example/') WHERE client_id = ?",
    )
      .bind(moved.clientId)
      .run()
    time.ahead = 60
    const response = await browser.prove(begun, someone())
    time.ahead = 0
    expect(response.status).toBe(400)
    expect(browser.cookies.has('session')).toBe(false)
  })
})
