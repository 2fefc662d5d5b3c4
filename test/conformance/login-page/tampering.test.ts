import { beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../../actors/browser.ts'
import {
  authorize,
  type Client,
  fetch,
  issuer,
  locationOf,
  newBrowser,
  Person,
  passkeyAnswer,
  registered,
  request,
  shown,
} from '../federator.ts'

let client: Client
let person: Person
beforeAll(async () => {
  client = await registered()
  person = await Person.who()
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
    const { getAssertion } = await import('../../../src/sandbox/authenticator.ts')
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
