import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/kernel/instant.ts'
import { clientKey } from '../../actors/keyed-client.ts'
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
  request,
  stage,
} from './stage.ts'

const { app, service, events, acquaintances } = stage()
const party = await service()
const publicParty = await service({ token_endpoint_auth_method: 'none' })
const { jwk } = await clientKey()
const strictParty = await service({ serment_profile: 'strict', jwks: { keys: [jwk] } })
const nativeParty = await service({ application_type: 'native', redirect_uris: ['http://127.0.0.1/cb'] })

describe('grants', () => {
  it('OIDC Core §3.1.2.3: nobody signed in is sent to the mire, with a cookie of this browser', async () => {
    const browser = new Browser(app, {
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36',
    })
    const response = await browser.authorize(request(party))
    expect(response.status).toBe(303)
    expect(location(response).pathname).toMatch(/^\/login\/[A-Za-z0-9_-]{22}$/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [set = ''] = response.headers.getSetCookie()
    const { name } = await browser.login(response)
    expect(set).toMatch(
      new RegExp(
        `^login-${name.slice(0, 8)}=[A-Za-z0-9_-]{43}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax$`,
      ),
    )
  })

  it('OIDC Core §3.1.2.1: POST is as good as GET', async () => {
    const browser = new Browser(app)
    const response = await browser.request('/authorize', {
      method: 'POST',
      body: new URLSearchParams(request(party)),
    })
    expect(location(response).pathname).toMatch(/^\/login\//)
  })

  it('a form from the service’s own site is followed as a link, so that our cookies come along', async () => {
    const browser = new Browser(app)
    const response = await browser.request('/authorize', {
      method: 'POST',
      body: new URLSearchParams(request(party)),
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect(response.status).toBe(303)
    expect(location(response).pathname).toBe('/authorize')
    expect(answer(response)).toEqual(request(party))
  })

  it.each([
    [
      'RFC 7636 §4.3: a public client with S256',
      publicParty,
      { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
    ],
    ['Pro Santé Connect’s request', party, { acr_values: 'eidas1', kc_idp_hint: 'x' }],
    [
      'RFC 8252 §7.3: a native client on a port of its own',
      nativeParty,
      { redirect_uri: 'http://127.0.0.1:51004/cb' },
    ],
    ['OIDC Core §3.1.2.1: a hint to someone, nobody being signed in', party, { login_hint: CAMILLE }],
  ])('%s goes on to the mire', async (_, client, more) => {
    const response = await new Browser(app).authorize(request(client, more))
    expect(location(response).pathname).toMatch(/^\/login\//)
  })

  it('OIDC Core §3.1.2.1: id_token_hint of ours', async () => {
    const hint = await idToken(CAMILLE, party.clientId)
    const response = await new Browser(app).authorize(request(party, { id_token_hint: hint }))
    expect(location(response).pathname).toMatch(/^\/login\//)
  })
})

describe('refuses on a page: there is nowhere to send the answer', () => {
  const { redirect_uri: _left, ...withoutAddress } = request(party)
  it.each([
    [
      'RFC 6749 §4.1.2.1: unknown client',
      { ...request(party), client_id: 'unknown' },
      400,
      'n’est pas connu',
    ],
    ['RFC 6749 §4.1.1: no client', { ...request(party), client_id: '' }, 400, 'n’est pas connu'],
    ['a client that none can be', { ...request(party), client_id: 'a b' }, 400, 'n’est pas connu'],
    ['OIDC Core §3.1.2.1: no redirect URI', withoutAddress, 400, 'où vous renvoyer'],
    [
      'RFC 9700 §2.1: one character more',
      { ...request(party), redirect_uri: `${CALLBACK}2` },
      400,
      'adresse de retour',
    ],
    [
      'RFC 9700 §2.1: one character less',
      { ...request(party), redirect_uri: CALLBACK.slice(0, -1) },
      400,
      'adresse de retour',
    ],
    [
      'RFC 9700 §2.1: another case',
      { ...request(party), redirect_uri: CALLBACK.replace('cb', 'CB') },
      400,
      'adresse de retour',
    ],
    [
      'RFC 9700 §2.1: a port',
      { ...request(party), redirect_uri: CALLBACK.replace('.example', '.example:443') },
      400,
      'adresse de retour',
    ],
    [
      'RFC 9700 §2.1: a slash',
      { ...request(party), redirect_uri: CALLBACK.replace('cb', 'cb/') },
      400,
      'adresse de retour',
    ],
    [
      'RFC 6749 §3.1.2: a fragment',
      { ...request(party), redirect_uri: `${CALLBACK}#x` },
      400,
      'adresse de retour',
    ],
    ['another client’s', { ...request(nativeParty), redirect_uri: CALLBACK }, 400, 'adresse de retour'],
    ['oversized', { ...request(party), state: 's'.repeat(9000) }, 400, 'pas lisible'],
  ])('%s', async (_, sent: Record<string, string>, status, words) => {
    const response = await new Browser(app).authorize(sent)
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain(words)
  })

  it('RFC 6749 §3.1: a duplicated parameter, named to the developer', async () => {
    const response = await new Browser(app).request(
      `/authorize?${new URLSearchParams(request(party))}&state=again`,
    )
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('parameter &#39;state&#39; must not be there twice')
  })

  it('a suspended client', async () => {
    const suspended = await service()
    await env.DB.prepare("UPDATE relying_party SET status = 'suspended' WHERE client_id = ?")
      .bind(suspended.clientId)
      .run()
    const elsewhere = stage()
    const response = await new Browser(elsewhere.app).authorize(request(suspended))
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('suspendue')
  })

  it('speaks the language asked for, and what is quoted stays text', async () => {
    const sent = {
      ...request(party),
      redirect_uri: 'https://evil.example/"><script>alert(1)</script>',
      ui_locales: 'en',
    }
    const page = await (await new Browser(app).authorize(sent)).text()
    expect(page).toMatch(/^<!doctype html>/i)
    expect(page).toContain('<html lang="en">')
    expect(page).toContain('The return address is not the service’s')
    expect(page).not.toContain('<script')
  })

  it('the language switch does not make a parameter twice there', async () => {
    const browser = new Browser(app)
    const page = await (
      await browser.authorize({ ...request(party), client_id: 'unknown', lang: 'en' })
    ).text()
    const href = (/class="language" href="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&')
    expect(href).toMatch(/lang=fr$/)
    expect(await (await browser.request(href)).text()).toContain('<html lang="fr">')
  })

  it.each([
    ['a form beyond reason', new URLSearchParams(request(party, { state: 's'.repeat(70_000) }))],
    ['OIDC Core §3.1.2.1, RFC 6749 app. B: a POST that is no form', JSON.stringify(request(party))],
  ])('%s', async (_, body) => {
    const response = await new Browser(app).request('/authorize', { method: 'POST', body })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('pas lisible')
  })
})

describe('refuses to the service', () => {
  it.each([
    ['RFC 7636 §4.4.1: PKCE missing, public client', publicParty, {}, 'invalid_request'],
    [
      'FAPI 2.0 §5.3.2.2 (3): a strict client that did not push',
      strictParty,
      { code_challenge: CHALLENGE, code_challenge_method: 'S256' },
      'invalid_request',
    ],
    [
      'RFC 9700 §2.1.1: plain',
      party,
      { code_challenge: CHALLENGE, code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['RFC 7636 §4.3: plain by saying nothing', publicParty, { code_challenge: CHALLENGE }, 'invalid_request'],
    [
      'RFC 7636 §4.2: a malformed challenge',
      party,
      { code_challenge: 'x', code_challenge_method: 'S256' },
      'invalid_request',
    ],
    [
      'RFC 6749 §4.1.2.1: response_type=token',
      party,
      { response_type: 'token' },
      'unsupported_response_type',
    ],
    ['OIDC Core §3.1.2.1: without openid', party, { scope: 'scope_all' }, 'invalid_scope'],
    ['OIDC Core §3.1.2.1: prompt=none with others', party, { prompt: 'none login' }, 'invalid_request'],
    ['OIDC Core §3.1.2.6: prompt=none without a session', party, { prompt: 'none' }, 'login_required'],
    ['RFC 9101 §7: a request object that is none', party, { request: 'eyJ' }, 'invalid_request_object'],
    ['OIDC Core §6.2: request_uri', party, { request_uri: 'https://a.example' }, 'request_uri_not_supported'],
    ['OIDC Core §7.2.1: registration', party, { registration: '{}' }, 'registration_not_supported'],
    ['Multiple Response Types §2.1: fragment', party, { response_mode: 'fragment' }, 'invalid_request'],
    ['OIDC Core §3.1.2.1: max_age', party, { max_age: 'x' }, 'invalid_request'],
    ['a nonce beyond 512', party, { nonce: 'n'.repeat(513) }, 'invalid_request'],
    [
      'OIDC Core §3.1.2.1: an id_token_hint that is none',
      party,
      { id_token_hint: 'x.y.z' },
      'invalid_request',
    ],
  ])('%s', async (_, client, more: Record<string, string>, error) => {
    const response = await new Browser(app).authorize(request(client, more))
    expect(response.status).toBe(303)
    expect(location(response).href.startsWith(`${CALLBACK}&error=`)).toBe(true)
    // RFC 6749 §4.1.2.1: state as sent; RFC 9207 §2: who answers.
    expect(answer(response)).toMatchObject({ own: '1', error, state: 'st', iss: ISSUER })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it.each([
    ['of another client', () => idToken(CAMILLE, 'other')],
    ['of another issuer', () => idToken(CAMILLE, party.clientId, 'https://other.example')],
  ])('OIDC Core §3.1.2.1: an id_token_hint %s', async (_, make) => {
    const response = await new Browser(app).authorize(request(party, { id_token_hint: await make() }))
    expect(answer(response).error).toBe('invalid_request')
  })

  it('a state beyond 2048, which still comes back', async () => {
    const state = 's'.repeat(2049)
    const response = await new Browser(app).authorize(request(party, { state }))
    expect(answer(response)).toMatchObject({ error: 'invalid_request', state })
  })

  it('the private reason is in the trail, not in the answer', async () => {
    await new Browser(app).authorize(request(party, { prompt: 'none' }))
    expect(events.at(-1)).toMatchObject({
      kind: 'authorization.refused',
      clientId: party.clientId,
      detail: 'login_required: no session',
    })
  })

  it('OIDC Core §3.1.2.6: prompt=none when what is shared was never shown', async () => {
    const browser = new Browser(app)
    await browser.signIn(request(party))
    const response = await browser.authorize(request(party, { prompt: 'none' }))
    expect(answer(response)).toMatchObject({ error: 'interaction_required' })
  })

  it.each([
    ['max_age passed', { max_age: '0' }],
    ['a stronger class asked for', { acr_values: 'phr' }],
  ])('OIDC Core §3.1.2.6: prompt=none, %s', async (_, more: Record<string, string>) => {
    const browser = new Browser(app)
    await browser.signIn(request(party))
    await acquaintances.remember(CAMILLE, party.clientId, 'scope_all', systemClock())
    const response = await browser.authorize(request(party, { ...more, prompt: 'none' }))
    expect(answer(response)).toMatchObject({ error: 'login_required' })
  })

  it('OIDC Core §3.1.2.1: prompt=none for another person than is signed in', async () => {
    const browser = new Browser(app)
    await browser.signIn(request(party))
    const hint = await idToken(DOMINIQUE, party.clientId)
    const response = await browser.authorize(request(party, { id_token_hint: hint, prompt: 'none' }))
    expect(answer(response)).toMatchObject({ error: 'login_required' })
  })
})
