import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../actors/browser.ts'
import {
  answerOf,
  authorize,
  type Client,
  codeFor,
  fetch,
  issuer,
  locationOf,
  newBrowser,
  Person,
  passkeyAnswer,
  REDIRECT_URI,
  redemption,
  registered,
  request,
  shown,
  throughMire,
  token,
  userinfo,
} from './federator.ts'

let client: Client
let open: Client
let person: Person
beforeAll(async () => {
  client = await registered()
  open = await registered({ token_endpoint_auth_method: 'none' })
  person = await Person.who()
})

describe('the authorization endpoint grants', () => {
  it('OIDC Core §3.1.2.5, RFC 9207 §2: a code, with the state as it was and who answers', async () => {
    const browser = newBrowser()
    const { answer } = await throughMire(browser, await authorize(browser, request(client)), person)
    expect(answer).toEqual({ code: expect.any(String), state: 'the state', iss: issuer })
  })

  it('OIDC Core §3.1.2.1 prompt=consent: what is shared is shown again, to a fresh proof and to a session', async () => {
    const browser = newBrowser()
    await codeFor(client, person, {}, browser)
    const fresh = newBrowser()
    const again = await throughMire(fresh, await authorize(fresh, request(client)), person)
    expect(again.disclosed).toBe(false)

    const other = newBrowser()
    const consented = await throughMire(
      other,
      await authorize(other, request(client, { prompt: 'consent' })),
      person,
    )
    expect(consented.disclosed).toBe(true)
    const known = await authorize(other, request(client, { prompt: 'consent' }))
    expect(locationOf(known).pathname).toMatch(/^\/login\//)
    const page = await (await other.ask(locationOf(known).pathname)).text()
    expect(page).toContain('/acknowledge')
  })
})

describe('the authorization endpoint refuses on a page, because there is nowhere to answer', () => {
  it('RFC 6749 §4.1.2.1: an unknown client', async () => {
    const response = await authorize(newBrowser(), request({ client_id: 'nobody' }))
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it.each([
    ['a slash more', `${REDIRECT_URI}/`],
    ['a character less', REDIRECT_URI.slice(0, -1)],
    ['a letter in capitals', REDIRECT_URI.replace('callback', 'Callback')],
    ['the host in capitals', REDIRECT_URI.replace('dossier', 'DOSSIER')],
    ['a query', `${REDIRECT_URI}?`],
    ['a fragment', `${REDIRECT_URI}#`],
    ['http for https', REDIRECT_URI.replace('https', 'http')],
    ['a port', REDIRECT_URI.replace('.test/', '.test:443/')],
    ['a dot segment', REDIRECT_URI.replace('/callback', '/./callback')],
    ['an encoded letter', REDIRECT_URI.replace('callback', '%63allback')],
  ])('RFC 9700 §2.1, RFC 6749 §3.1.2.3: a redirect URI off by one, %s', async (_, redirect_uri) => {
    const response = await authorize(newBrowser(), request(client, { redirect_uri }))
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it.each(['client_id', 'redirect_uri', 'state', 'scope', 'nonce', 'code_challenge', 'unheard_of'])(
    'RFC 6749 §3.1: a duplicated parameter, %s, by GET and by POST',
    async (name) => {
      const twice = new URLSearchParams({ ...request(client), [name]: request(client)[name] ?? 'x' })
      twice.append(name, twice.get(name) ?? '')
      const got = await newBrowser().ask(`/authorize?${twice}`)
      const posted = await newBrowser().ask('/authorize', { method: 'POST', body: twice })
      for (const response of [got, posted]) {
        expect(response.status).toBe(400)
        expect(response.headers.get('location')).toBeNull()
      }
    },
  )
})

describe('the authorization endpoint refuses to the service', () => {
  const refused = async (
    to: () => Client | Promise<Client>,
    change: Record<string, string | undefined>,
    browser: Browser = newBrowser(),
  ) => {
    const response = await authorize(browser, request(await to(), change))
    expect(response.status).toBe(303)
    expect(locationOf(response).origin + locationOf(response).pathname).toBe(REDIRECT_URI)
    const { error, state, iss } = answerOf(response)
    expect({ state, iss }).toEqual({ state: 'the state', iss: issuer })
    return error
  }
  const without = { code_challenge: undefined, code_challenge_method: undefined }

  it('RFC 9700 §2.1.1, RFC 7636 §4.4.1: PKCE missing where it is required, of a public client', async () => {
    expect(await refused(() => open, without)).toBe('invalid_request')
  })

  it('RFC 9700 §2.1.1, RFC 7636 §4.4.1: PKCE missing where it is required, of a strict client', async () => {
    expect(await refused(() => registered({ serment_profile: 'strict' }), without)).toBe('invalid_request')
  })

  it.each([
    ['said', 'plain'],
    ['meant by saying nothing', undefined],
  ])('RFC 7636 §4.3, RFC 9700 §2.1.1: plain, %s', async (_, code_challenge_method) => {
    for (const to of [client, open])
      expect(await refused(() => to, { code_challenge_method })).toBe('invalid_request')
  })

  it('OIDC Core §3.1.2.6: prompt=none without a session', async () => {
    expect(await refused(() => client, { prompt: 'none' })).toBe('login_required')
  })

  it('OIDC Core §3.1.2.6: prompt=none with a session that was ended', async () => {
    const browser = newBrowser()
    await codeFor(client, person, {}, browser)
    expect(answerOf(await authorize(browser, request(client, { prompt: 'none' }))).code).toBeTruthy()
    const ask = await (await browser.ask('/logout')).text()
    const proof = /name="proof" value="([^"]+)"/.exec(ask)?.[1] ?? ''
    const session = browser.cookie('session') ?? ''
    await browser.ask('/logout/confirm', { method: 'POST', body: new URLSearchParams({ proof }) })
    expect(browser.cookie('session')).toBeUndefined()
    // The cookie kept aside by whoever had it is worth nothing any more.
    const thief = new Browser(issuer, (sent) => {
      sent.headers.set('cookie', `session=${session}`)
      return fetch(sent)
    })
    expect(await refused(() => client, { prompt: 'none' }, thief)).toBe('login_required')
  })

  it('OIDC Core §3.1.2.6: prompt=none for a service whose data was never shown', async () => {
    const browser = newBrowser()
    await codeFor(client, person, {}, browser)
    expect(await refused(() => registered(), { prompt: 'none' }, browser)).toBe('interaction_required')
  })

  it('OIDC Core §3.1.2.6: a session of someone suspended since, which ends with all that it gave', async () => {
    const suspended = await Person.who()
    const browser = newBrowser()
    const { body } = await token(client, redemption(await codeFor(client, suspended, {}, browser)))
    await env.DB.prepare("UPDATE practitioner SET status = 'suspended' WHERE id = ?").bind(suspended.id).run()
    expect(await refused(() => client, { prompt: 'none' }, browser)).toBe('login_required')
    expect((await userinfo(body.access_token)).status).toBe(401)
    expect(locationOf(await authorize(browser, request(client))).pathname).toMatch(/^\/login\//)
  })

  it('OIDC Core §3.1.2.1: prompt=none beside another', async () => {
    expect(await refused(() => client, { prompt: 'none login' })).toBe('invalid_request')
  })

  it('RFC 6749 §4.1.2.1: a person who gives up', async () => {
    const browser = newBrowser()
    const path = locationOf(await authorize(browser, request(client))).pathname
    const left = await browser.ask(`${path}/cancel`, { method: 'POST' })
    expect(answerOf(await browser.ask(left.headers.get('location') ?? ''))).toMatchObject({
      error: 'access_denied',
      state: 'the state',
      iss: issuer,
    })
  })
})

describe('the login page refuses what was tampered with', () => {
  /** A browser in front of a login of its own. */
  async function waiting() {
    const browser = newBrowser()
    const path = locationOf(await authorize(browser, request(client))).pathname
    const cookie = `login-${path.slice('/login/'.length).slice(0, 8)}`
    return { browser, path, cookie, ...(await shown(browser, path)) }
  }
  /** A browser that shows whatever cookie it is told to. */
  const forging = (cookie: string) =>
    new Browser(issuer, (sent) => {
      sent.headers.set('cookie', cookie)
      return fetch(sent)
    })
  const nothing = async (path: string, { browser }: { browser: Browser }) => {
    const response = await browser.ask(path.replace('/login/', '/authorize/continue/'))
    expect(new URL(response.headers.get('location') ?? '', issuer).searchParams.get('code')).toBeNull()
  }

  it('RFC 6749 §10.12, OIDC Core §3.1.2.3: no cookie, another login’s cookie, a made-up one', async () => {
    const [mine, theirs] = [await waiting(), await waiting()]
    const secret = theirs.browser.cookie(theirs.cookie)
    for (const cookie of ['', `${mine.cookie}=${secret}`, `${mine.cookie}=${'A'.repeat(43)}`]) {
      const thief = forging(cookie)
      expect([400, 403]).toContain((await thief.ask(mine.path)).status)
      expect((await thief.ask(`${mine.path}/state`)).status).toBe(403)
      const answered = await passkeyAnswer(thief, mine.path, person, mine.challenge)
      expect(answered.status).toBe(403)
      expect([400, 403]).toContain(
        (await thief.ask(mine.path.replace('/login/', '/authorize/continue/'))).status,
      )
    }
    await nothing(mine.path, mine)
  })

  it('WebAuthn L3 §7.2, §13.4.3: a forged challenge, another login’s challenge, a spent one', async () => {
    const [mine, theirs] = [await waiting(), await waiting()]
    for (const challenge of ['A'.repeat(43), theirs.challenge]) {
      const answered = await passkeyAnswer(mine.browser, mine.path, person, challenge)
      expect(answered.status).toBe(403)
    }
    await nothing(mine.path, mine)
    expect((await passkeyAnswer(theirs.browser, theirs.path, person, theirs.challenge)).status).toBe(200)
    expect((await passkeyAnswer(theirs.browser, theirs.path, person, theirs.challenge)).status).toBe(403)
    expect((await passkeyAnswer(mine.browser, mine.path, person, theirs.challenge)).status).toBe(403)
  })

  it('RFC 6749 §10.12: a changed login name, with the cookie that was right for the other', async () => {
    const [mine, theirs] = [await waiting(), await waiting()]
    const answered = await passkeyAnswer(mine.browser, theirs.path, person, theirs.challenge)
    expect(answered.status).toBe(403)
    // A name that differs after the eight characters of the cookie's: the cookie comes along and is of no use.
    const near = mine.path.slice(0, -1) + (mine.path.endsWith('A') ? 'B' : 'A')
    expect((await passkeyAnswer(mine.browser, near, person, mine.challenge)).status).toBe(403)
    expect((await mine.browser.ask(near)).status).toBe(410)
    for (const name of ['..', '%2e%2e', 'A'.repeat(21), 'A'.repeat(23), 'A'.repeat(4000)])
      expect((await mine.browser.ask(`/login/${name}`)).status).toBeGreaterThanOrEqual(400)
    await nothing(theirs.path, theirs)
  })

  it.each([
    ['another site', 'cross-site', 'https://elsewhere.example'],
    ['another host of this site', 'same-site', 'http://other.localhost:8787'],
    ['an old browser, another origin', undefined, 'https://elsewhere.example'],
    ['an old browser that says nothing', undefined, undefined],
  ])('Fetch Metadata §2.3, RFC 6454 §7: a POST from another origin, %s', async (_, site, origin) => {
    const mine = await waiting()
    const cookie = `${mine.cookie}=${mine.browser.cookie(mine.cookie)}`
    const from = async (action: string, body: string, type: string) =>
      fetch(
        new Request(`${issuer}${mine.path}/${action}`, {
          method: 'POST',
          redirect: 'manual',
          body,
          headers: {
            cookie,
            'content-type': type,
            ...(site === undefined ? {} : { 'sec-fetch-site': site }),
            ...(origin === undefined ? {} : { origin }),
          },
        }),
      )
    for (const action of ['phone', 'another-way', 'acknowledge', 'cancel'])
      expect((await from(action, '', 'application/x-www-form-urlencoded')).status).toBe(403)
    expect((await from('passkey', '{}', 'application/json')).status).toBe(403)
    // Nothing happened to the login.
    const state = await mine.browser.ask(`${mine.path}/state`)
    expect(await state.json()).toMatchObject({ status: 'choosing' })
  })

  it('WebAuthn L3 §7.2 step 6: a passkey that does not say whose it is', async () => {
    const mine = await waiting()
    const { getAssertion } = await import('../../src/sandbox/authenticator.ts')
    const { response } = await getAssertion(person.passkey, { challenge: mine.challenge }, issuer)
    const { userHandle: _, ...silent } = response.response
    const answered = await mine.browser.ask(`${mine.path}/passkey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ assertion: { ...response, response: silent }, trust: false }),
    })
    expect(answered.status).toBe(403)
  })
})
