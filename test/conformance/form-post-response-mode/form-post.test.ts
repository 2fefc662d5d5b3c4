import { beforeAll, describe, expect, it } from 'vitest'
import {
  answer,
  authorize,
  locationOf,
  posted,
  prove,
  request,
  signIn,
  someone,
  world,
} from '../../actors/authorization.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})
const asked = (more: Record<string, string> = {}) => request(service, { response_mode: 'form_post', ...more })

describe('OAuth 2.0 Form Post Response Mode: grants', () => {
  it('§2: a code, state and iss in a form for the redirect URI, and nothing in a URL', async () => {
    const response = await signIn(here.browser(), asked())
    expect(response.status).toBe(200)
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    const { action, fields } = await posted(response)
    expect(action).toBe(REDIRECT_URI)
    expect(fields).toEqual({ code: expect.any(String), state: 'the state', iss: here.issuer })
    await service.redeem(fields.code ?? '')
  })

  it('§2: it posts itself by a script of this one answer, and has a button for browsers that do not', async () => {
    const response = await signIn(here.browser(), asked())
    const policy = response.headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    const page = await response.text()
    expect(page).toContain(`<script nonce="${nonce}">document.forms[0].submit()</script>`)
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).toMatch(/<button type="submit">Continuer<\/button>/)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/form-action 'self' https:\/\/dossier\.example\.test https:\/\/\*(;|$)/)
    expect(policy).toContain("frame-ancestors 'none'")
  })

  it('single sign-on answers in it too, from the session', async () => {
    const browser = here.browser()
    await signIn(browser, request(service))
    await here.acquainted(someone(), service)
    const { fields } = await posted(await authorize(browser, asked()))
    expect(fields.code).toBeTruthy()
  })

  it('§2: refusals too', async () => {
    const { action, fields } = await posted(await authorize(here.browser(), asked({ prompt: 'none' })))
    expect(action).toBe(REDIRECT_URI)
    expect(fields).toEqual({
      error: 'login_required',
      error_description: expect.any(String),
      state: 'the state',
      iss: here.issuer,
    })
  })

  it('§2: whoever gives up at the mire is said to the service in it', async () => {
    const browser = here.browser()
    const begun = await authorize(browser, asked())
    const path = locationOf(begun).pathname
    await browser.ask(`${path}/cancel`, { method: 'POST' })
    const { fields } = await posted(await browser.ask(path.replace('/login/', '/authorize/continue/')))
    expect(fields.error).toBe('access_denied')
  })

  it('the query of the redirect URI stays in its action', async () => {
    const uri = 'https://dossier.example.test/cb?tenant=1&x=%22'
    const own = await here.service({ redirect_uris: [uri] })
    const sent = { ...request(own), redirect_uri: uri, response_mode: 'form_post', prompt: 'none' }
    expect((await posted(await authorize(here.browser(), sent))).action).toBe(uri)
  })
})

describe('OAuth 2.0 Form Post Response Mode: refuses', () => {
  it('attack: a state that would be a script, or the end of the form, stays text', async () => {
    const state = '"><script>alert(1)</script></form><form action="https://evil.example">'
    const response = await signIn(here.browser(), asked({ state }))
    const page = await response.clone().text()
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page.match(/<form/g)).toHaveLength(1)
    expect(page).not.toContain('alert(1)</script>')
  })

  it('attack: a form to an address that is not registered is a page', async () => {
    const response = await authorize(here.browser(), asked({ redirect_uri: 'https://evil.example/' }))
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('<form')
  })

  it('a private scheme, which no form can be posted to: said in the query', async () => {
    const uri = 'org.example.dossier:/cb'
    const native = await here.service({
      application_type: 'native',
      redirect_uris: [uri],
      token_endpoint_auth_method: 'none',
    })
    const response = await authorize(here.browser(), {
      ...request(native),
      redirect_uri: uri,
      response_mode: 'form_post',
    })
    expect(response.headers.get('location')).toMatch(/^org\.example\.dossier:\/cb\?error=invalid_request/)
  })

  it.each(['fragment', 'web_message', 'FORM_POST'])(
    'Multiple Response Types §2.1: %s, said in the query',
    async (mode) => {
      const response = await authorize(here.browser(), asked({ response_mode: mode }))
      expect(answer(response)).toMatchObject({ error: 'invalid_request', state: 'the state' })
    },
  )

  it('a page left behind and opened again has no code in it any more', async () => {
    const browser = here.browser()
    const begun = await authorize(browser, asked())
    await prove(browser, begun)
    const again = await browser.ask(locationOf(begun).pathname.replace('/login/', '/authorize/continue/'))
    expect(again.status).toBe(410)
    expect(await again.text()).not.toContain('name="code"')
  })
})

it('discovery: the modes that are shown here and under JARM', async () => {
  const metadata = await (await here.network(`${here.issuer}/.well-known/openid-configuration`, {})).json()
  expect(metadata).toMatchObject({
    response_modes_supported: ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'],
  })
})
