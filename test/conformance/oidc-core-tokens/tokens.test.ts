import { env } from 'cloudflare:workers'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ObjectName } from '../../../src/kernel/identifiers.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import { answer, authorize, locationOf, request, signIn, toMire, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})

const tokens = async (more: Record<string, string> = {}, by: Service = service) =>
  by.redeem(answer(await signIn(here.browser(), request(by, more))).code ?? '')
const idToken = async (more: Record<string, string> = {}, by: Service = service) =>
  decodeJwt((await tokens(more, by)).id_token)
const userinfo = (accessToken: string) =>
  here.network(`${here.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } })

describe('OIDC Core §2: the ID token', () => {
  it('says who issued it, to whom, when and for how long', async () => {
    const now = systemClock()
    const claims = await idToken()
    expect(claims).toMatchObject({ iss: here.issuer, aud: service.clientId, azp: service.clientId })
    expect(claims.iat).toBeGreaterThanOrEqual(now)
    expect(claims.exp).toBeGreaterThan(Number(claims.iat))
  })

  it('names the person by the same sub each time, of 255 ASCII characters at most', async () => {
    const [first, second] = [await idToken(), await idToken()]
    expect(first.sub).toMatch(/^[\x21-\x7e]{1,255}$/)
    expect(second.sub).toBe(first.sub)
    const paired = await here.service({ subject_type: 'pairwise' })
    expect((await idToken({}, paired)).sub).toMatch(/^[\x21-\x7e]{1,255}$/)
  })

  it('has auth_time, asked by max_age or require_auth_time or not', async () => {
    const asking = await here.service({ require_auth_time: true })
    for (const claims of [await idToken(), await idToken({ max_age: '60' }), await idToken({}, asking)])
      expect(claims.auth_time).toEqual(expect.any(Number))
  })

  it.each(['N', 'n', ' a+b&c=%20"é', 'x'.repeat(512)])('has the nonce as it was: %s', async (nonce) => {
    expect((await idToken({ nonce })).nonce).toBe(nonce)
  })

  it('has acr as text and amr as a list of texts', async () => {
    const { acr, amr } = await idToken()
    expect(acr).toEqual(expect.any(String))
    expect(amr).toEqual(expect.arrayContaining([expect.any(String)]))
  })

  it('has nothing in its header that leads to a key elsewhere', async () => {
    const header = decodeProtectedHeader((await tokens()).id_token)
    expect(Object.keys(header).toSorted()).toEqual(['alg', 'kid', 'typ'])
  })
})

describe('OIDC Core §5.3: userinfo', () => {
  it('§5.3.2: sub always, whatever the scope, in JSON that says so', async () => {
    const { access_token, id_token } = await tokens({ scope: 'openid' })
    const response = await userinfo(access_token)
    expect(response.headers.get('content-type')).toMatch(/^application\/json\b/)
    expect(await response.json()).toMatchObject({ sub: decodeJwt(id_token).sub })
  })

  it('§5.3.2: no claim without a value', async () => {
    const { access_token } = await tokens({ scope: 'openid profile' })
    const told = await (await userinfo(access_token)).json<Record<string, unknown>>()
    expect(Object.values(told)).not.toContain(null)
  })
})

describe('OIDC Core §3.1.2.2: what was asked for one person is never answered with another', () => {
  it('an error where somebody else than the hint names signs in', async () => {
    const hint = (await tokens()).id_token
    const claims = JSON.stringify({ id_token: { sub: { value: 'f:another:899700999999' } } })
    const back = await signIn(here.browser(), request(service, { claims }))
    expect(answer(back)).toMatchObject({ error: 'login_required' })
    expect(answer(back)).not.toHaveProperty('code')
    const both = request(service, { claims, id_token_hint: hint })
    expect(answer(await authorize(here.browser(), both))).toMatchObject({ error: 'invalid_request' })
  })
})

describe('OIDC Core §3.1.2.3: the login page', () => {
  it('cannot be framed, and nobody on the way may keep it', async () => {
    const browser = here.browser()
    const asked = await authorize(browser, request(service))
    expect(toMire(asked)).toBe(true)
    const page = await browser.ask(locationOf(asked).pathname)
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('cache-control')).toContain('no-store')
  })
})

describe('OIDC Core §11: offline_access', () => {
  it('gives nothing that outlives the session', async () => {
    const browser = here.browser()
    const sent = request(service, { scope: 'openid offline_access', prompt: 'consent' })
    const { refresh_token } = await service.redeem(answer(await signIn(browser, sent)).code ?? '')
    const [object = ''] = (browser.cookie('session') ?? '').split('.')
    await objectSessions(env.SESSION).end(ObjectName.parse(object))
    const response = await service.post('/token', { grant_type: 'refresh_token', refresh_token })
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })
})
