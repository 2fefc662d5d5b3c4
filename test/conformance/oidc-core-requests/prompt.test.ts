import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../../actors/browser.ts'
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
  REDIRECT_URI,
  redemption,
  registered,
  request,
  throughMire,
  token,
  userinfo,
} from '../federator.ts'

let client: Client
let person: Person
beforeAll(async () => {
  client = await registered()
  person = await Person.who()
})

describe('prompt: grants', () => {
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

describe('prompt: refuses to the service', () => {
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
})
