import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { beforeAll, describe, expect, it } from 'vitest'
import { relyingParty } from '../../../src/relying-parties/relying-party.table.ts'
import { claimsOf, locationOf, request, signIn, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const BYE = 'https://dossier.example.test/bye'
const here = world()
let service: Service
let other: Service
beforeAll(async () => {
  service = await here.service({ post_logout_redirect_uris: [BYE] })
  other = await here.service({
    client_name: 'Messagerie',
    post_logout_redirect_uris: ['https://m.example.test/'],
  })
})

/** A browser in which somebody signed in to the service, and the tokens it got. */
async function signedIn(by = service) {
  const browser = here.browser()
  const back = await signIn(browser, request(by))
  const tokens = await by.redeem(locationOf(back).searchParams.get('code') ?? '')
  return { browser, tokens }
}
const logout = (
  browser: ReturnType<typeof here.browser>,
  sent: Record<string, string>,
  init: RequestInit = {},
) => browser.ask(`/logout?${new URLSearchParams(sent)}`, init)
const alive = async (token: string, by = service) => (await by.userinfo(token)) === 200

describe('RP-Initiated Logout §3, RFC 9700 §4.11: an open redirect at the end', () => {
  it('grants the registered address, as it was registered', async () => {
    const { browser, tokens } = await signedIn()
    const sent = { id_token_hint: tokens.id_token, post_logout_redirect_uri: BYE, state: 's' }
    expect((await logout(browser, sent)).headers.get('location')).toBe(`${BYE}?state=s`)
  })

  it.each([
    ['another host', 'https://evil.example/'],
    ['the registered host as a user', 'https://dossier.example.test@evil.example/bye'],
    ['another case', 'https://dossier.example.test/Bye'],
    ['the port said', 'https://dossier.example.test:443/bye'],
    ['a slash more', `${BYE}/`],
    ['a query', `${BYE}?to=https://evil.example`],
    ['a fragment', `${BYE}#evil`],
    ['a path that climbs', `${BYE}/../bye`],
    ['no scheme', '//dossier.example.test/bye'],
    ['a path of ours', '/authorize'],
    ['a script', 'javascript:alert(1)'],
    ['a backslash', 'https://dossier.example.test\\@evil.example/bye'],
    ['a line break', `${BYE}\r\nRefresh: 0; url=https://evil.example`],
    ['the redirect URI of the same service', 'https://dossier.example.test/callback'],
    ['the address of another service', 'https://m.example.test/'],
  ])('attack: %s', async (_, uri) => {
    const { browser, tokens } = await signedIn()
    const hinted = await logout(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: uri })
    const named = await logout(here.browser(), { client_id: service.clientId, post_logout_redirect_uri: uri })
    for (const response of [hinted, named]) {
      expect(response.headers.get('location')).toBeNull()
      expect(response.headers.get('refresh')).toBeNull()
      expect(await response.text()).not.toContain('evil.example/bye"')
    }
  })

  it('attack: an address without saying whose', async () => {
    expect(
      (await logout(here.browser(), { post_logout_redirect_uri: BYE })).headers.get('location'),
    ).toBeNull()
  })

  it('attack: a state that would be another parameter stays one', async () => {
    const sent = { client_id: service.clientId, post_logout_redirect_uri: BYE, state: '1&code=x#y' }
    const back = locationOf(await logout(here.browser(), sent))
    expect([...back.searchParams]).toEqual([['state', '1&code=x#y']])
  })

  it('attack: the address of a service that was suspended since', async () => {
    const gone = await here.service({ post_logout_redirect_uris: ['https://gone.example.test/'] })
    const db = drizzle(env.DB)
    await db.update(relyingParty).set({ status: 'suspended' }).where(eq(relyingParty.clientId, gone.clientId))
    // Another isolate, which never saw it active.
    const elsewhere = world()
    const sent = { client_id: gone.clientId, post_logout_redirect_uri: 'https://gone.example.test/' }
    const response = await elsewhere.browser().ask(`/logout?${new URLSearchParams(sent)}`)
    expect(response.headers.get('location')).toBeNull()
  })
})

describe('RP-Initiated Logout §2, §4: cross-session logout', () => {
  it('attack: an image of our address in somebody’s page signs nobody out', async () => {
    const { browser, tokens } = await signedIn()
    const response = await logout(browser, {}, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(await response.text()).toContain('action="/logout/confirm"')
    expect(await alive(tokens.access_token)).toBe(true)
  })

  it('attack: a hint of one’s own, in somebody else’s browser', async () => {
    const [victim, attacker] = [await signedIn(), await signedIn()]
    await logout(victim.browser, { id_token_hint: attacker.tokens.id_token })
    expect(await alive(victim.tokens.access_token)).toBe(true)
  })

  it('attack: a hint with the sid of somebody else written into it', async () => {
    const [victim, attacker] = [await signedIn(), await signedIn()]
    const [header = '', , signature = ''] = attacker.tokens.id_token.split('.')
    const claims = { ...claimsOf(attacker.tokens.id_token), sid: claimsOf(victim.tokens.id_token).sid }
    const body = btoa(JSON.stringify(claims)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
    await logout(attacker.browser, { id_token_hint: `${header}.${body}.${signature}` })
    expect(await alive(victim.tokens.access_token)).toBe(true)
  })

  it('attack: logout_hint, client_id and sid, all known, without a hint', async () => {
    const victim = await signedIn()
    const { sub, sid } = claimsOf(victim.tokens.id_token)
    const sent = { client_id: service.clientId, logout_hint: String(sub), sid: String(sid) }
    await logout(here.browser(), sent)
    expect(await alive(victim.tokens.access_token)).toBe(true)
  })

  it('attack: the answer to our question, without the proof that our page held, and from another site', async () => {
    const victim = await signedIn()
    const confirm = (form: Record<string, string>) =>
      victim.browser.ask('/logout/confirm', { method: 'POST', body: new URLSearchParams(form) })
    const attacker = await signedIn()
    const page = await (await logout(attacker.browser, {})).text()
    const theirs = /name="proof" value="([^"]*)"/.exec(page)?.[1] ?? ''
    expect(theirs).not.toBe('')
    for (const form of [{}, { proof: 'x' }, { proof: theirs }]) expect((await confirm(form)).status).toBe(403)
    expect(await alive(victim.tokens.access_token)).toBe(true)
  })

  it('attack: a hint issued to another service than says it is asking', async () => {
    const { browser, tokens } = await signedIn()
    const sent = { id_token_hint: tokens.id_token, client_id: other.clientId }
    expect((await logout(browser, sent)).status).toBe(400)
    expect(await alive(tokens.access_token)).toBe(true)
  })
})
