import { decodeJwt, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { cookies } from '../../../src/http/cookies.ts'
import type { ObjectName } from '../../../src/kernel/identifiers.ts'
import { endSessionRoutes } from '../../../src/provider/end-session/end-session.routes.tsx'
import type { SessionEnded } from '../../../src/sessions/sessions.ts'
import { basic, post, provider, REDIRECT_URI, relyingParty } from '../provider.ts'

const ID = 'demo-records'
const BYE = 'https://records.example/bye'
const parties = await Promise.all([relyingParty(ID), relyingParty('demo-pharmacy')])

async function world() {
  const side = provider(parties)
  const told: SessionEnded[] = []
  const app = endSessionRoutes({
    ...side.needs,
    productName: 'Serment',
    secure: true,
    cookies: cookies(true),
    onEnded: (ended) => told.push(ended),
  })
  const signIn = async () => {
    const opened = await side.signIn(ID)
    const form = { grant_type: 'authorization_code', code: opened.code, redirect_uri: REDIRECT_URI }
    const response = await side.app.request('/token', post(form, { authorization: basic(ID) }))
    const { id_token } = await response.json<{ id_token: string }>()
    return { ...opened, hint: id_token, headers: { cookie: `__Host-session=${opened.cookie}` } }
  }
  const get = (search: Record<string, string>, headers: Record<string, string> = {}) =>
    app.request(`/logout?${new URLSearchParams(search)}`, { headers })
  /** Found out by ending it. */
  const lives = async (session: ObjectName) => {
    return (await side.needs.sessions.end(session)) !== undefined
  }
  return { ...side, app, told, signIn, get, lives }
}

/** The form of a page, as a browser would send it. */
async function formOf(response: Response): Promise<Record<string, string>> {
  const page = await response.text()
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  return Object.fromEntries(fields.map(([, name, value]) => [name, (value ?? '').replaceAll('&amp;', '&')]))
}

const cleared = (response: Response) =>
  response.headers.get('set-cookie')?.includes('__Host-session=; Max-Age=0') ?? false

describe('/logout with a hint', () => {
  it('RP-Initiated Logout §2, §3: ends the session, clears the cookie and goes back with state', async () => {
    const { signIn, get, lives, told, events } = await world()
    const { hint, headers, session, sid } = await signIn()
    const response = await get(
      { id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'a b&c' },
      headers,
    )
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${BYE}?state=a+b%26c`)
    expect(cleared(response)).toBe(true)
    expect(await lives(session)).toBe(false)
    expect(told).toEqual([{ practitionerId: '899700900012', session, services: [{ clientId: ID, sid }] }])
    expect(events.at(-1)).toMatchObject({ kind: 'session.ended', clientId: ID, detail: 'by the service' })
  })

  it('PSC §2: ends the session for a service’s server, which has no cookie', async () => {
    const { signIn, app, lives } = await world()
    const { hint, session } = await signIn()
    const response = await app.request('/logout', post({ id_token_hint: hint }))
    expect(response.status).toBe(200)
    expect(await lives(session)).toBe(false)
  })

  it('RP-Initiated Logout §4: takes a hint that expired', async () => {
    const { signIn, get, wait, lives } = await world()
    const { hint, headers, session } = await signIn()
    await wait(session, 1_700)
    expect((await get({ id_token_hint: hint }, headers)).status).toBe(200)
    expect(await lives(session)).toBe(false)
  })

  it('asks about the browser’s session when the hint was for another', async () => {
    const { signIn, get, lives } = await world()
    const [old, current] = [await signIn(), await signIn()]
    const response = await get({ id_token_hint: old.hint }, current.headers)
    expect(await response.text()).toContain('action="/logout/confirm"')
    expect(await lives(old.session)).toBe(false)
    expect(await lives(current.session)).toBe(true)
  })

  it('RP-Initiated Logout §3: does not follow an address off by one character', async () => {
    const { signIn, get, lives } = await world()
    const { hint, headers, session } = await signIn()
    const response = await get({ id_token_hint: hint, post_logout_redirect_uri: `${BYE}/` }, headers)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('n’a pas enregistrée')
    expect(await lives(session)).toBe(false)
  })

  it('RP-Initiated Logout §2: refuses a client_id that the hint was not issued to', async () => {
    const { signIn, get, lives } = await world()
    const { hint, headers, session } = await signIn()
    const response = await get({ id_token_hint: hint, client_id: 'demo-pharmacy' }, headers)
    expect(response.status).toBe(400)
    expect(await lives(session)).toBe(true)
  })

  it.each<[string, (hint: string) => Promise<string> | string]>([
    [
      'signed by somebody else',
      async (hint) => {
        const { privateKey } = await generateKeyPair('RS256')
        return new SignJWT(decodeJwt(hint)).setProtectedHeader({ alg: 'RS256', typ: 'JWT' }).sign(privateKey)
      },
    ],
    ['that is nonsense', () => 'nonsense'],
  ])('RP-Initiated Logout §4: ends nothing for a hint %s', async (_, forge) => {
    const { signIn, get, lives } = await world()
    const { hint, session } = await signIn()
    await get({ id_token_hint: await forge(hint) })
    expect(await lives(session)).toBe(true)
  })
})

describe('/logout without a hint', () => {
  it('RP-Initiated Logout §2: asks, and ends the session on our own page’s answer', async () => {
    const { signIn, get, app, lives, told } = await world()
    const { headers, session } = await signIn()
    const asked = await get({ client_id: ID, post_logout_redirect_uri: BYE, state: 's' }, headers)
    expect(asked.status).toBe(200)
    expect(asked.headers.get('content-security-policy')).toContain("form-action 'self';")
    expect(told).toEqual([])
    const form = await formOf(asked)
    const response = await app.request(
      '/logout/confirm',
      post(form, { ...headers, 'sec-fetch-site': 'same-origin' }),
    )
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('refresh')).toBe(`0; url=${BYE}?state=s`)
    expect(await response.text()).toContain(`<a class="button" href="${BYE}?state=s">`)
    expect(cleared(response)).toBe(true)
    expect(told).toHaveLength(1)
    expect(await lives(session)).toBe(false)
  })

  it('says it in French or English, as a whole document', async () => {
    const { signIn, get } = await world()
    const { headers } = await signIn()
    const french = await (await get({}, headers)).text()
    expect(french.startsWith('<!doctype html><html lang="fr">')).toBe(true)
    expect(french).toContain('Me déconnecter')
    expect(await (await get({ ui_locales: 'en' }, headers)).text()).toContain('Sign me out')
  })

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['without the page’s proof', { proof: '' }, { 'sec-fetch-site': 'same-origin' }],
    ['with the proof of another session', { proof: 'A'.repeat(43) }, { 'sec-fetch-site': 'same-origin' }],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour of this site', {}, { 'sec-fetch-site': 'same-site' }],
  ])('ends nothing on an answer %s', async (_, changed, from) => {
    const { signIn, get, app, lives } = await world()
    const { headers, session } = await signIn()
    const form = await formOf(await get({}, headers))
    const response = await app.request(
      '/logout/confirm',
      post({ ...form, ...changed }, { ...headers, ...from }),
    )
    expect(response.status).toBe(403)
    expect(await lives(session)).toBe(true)
  })

  it('goes back at once when nobody is signed in', async () => {
    const { get } = await world()
    const response = await get({ client_id: ID, post_logout_redirect_uri: BYE })
    expect(response.headers.get('location')).toBe(BYE)
  })

  it.each([
    ['an address without a client', { post_logout_redirect_uri: BYE }],
    ['an address of another client', { client_id: 'nobody', post_logout_redirect_uri: BYE }],
    [
      'an address that nobody registered',
      { client_id: ID, post_logout_redirect_uri: 'https://evil.example/' },
    ],
  ])('RP-Initiated Logout §3: does not follow %s', async (_, search) => {
    const response = await (await world()).get(search)
    expect(response.status).toBe(200)
    expect(response.headers.get('location')).toBeNull()
  })

  it('clears a cookie whose session is gone, or that is none', async () => {
    const { signIn, get, needs } = await world()
    const { headers, session } = await signIn()
    await needs.sessions.end(session)
    expect(cleared(await get({}, headers))).toBe(true)
    expect((await get({}, { cookie: '__Host-session=nonsense' })).status).toBe(200)
  })

  it('shows nothing to a cookie with the right name and a wrong secret', async () => {
    const { signIn, get, lives } = await world()
    const { session } = await signIn()
    const response = await get({}, { cookie: `__Host-session=${session}.${'A'.repeat(43)}` })
    expect(await response.text()).not.toContain('/logout/confirm')
    expect(await lives(session)).toBe(true)
  })

  it('follows a form from another site once more as a link, for the cookie to come', async () => {
    const { app } = await world()
    const response = await app.request(
      '/logout',
      post({ client_id: ID, state: 's' }, { 'sec-fetch-site': 'cross-site' }),
    )
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`/logout?client_id=${ID}&state=s`)
  })

  it.each([
    ['RFC 6749 §3.1: a duplicated parameter', '/logout?state=a&state=b'],
    ['a state without end', `/logout?state=${'x'.repeat(2_049)}`],
    ['a client_id that none can have', '/logout?client_id=%20'],
  ])('refuses %s on a page', async (_, path) => {
    const response = await (await world()).app.request(path)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await response.text()).startsWith('<!doctype html><html')).toBe(true)
  })
})
