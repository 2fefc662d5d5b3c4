import { beforeAll, describe, expect, it } from 'vitest'
import {
  answerOf,
  authorize,
  type Client,
  issuer,
  locationOf,
  newBrowser,
  Person,
  REDIRECT_URI,
  registered,
  request,
  throughMire,
} from '../federator.ts'

let client: Client
let person: Person
beforeAll(async () => {
  client = await registered()
  person = await Person.who()
})

describe('the authorization endpoint grants', () => {
  it('OIDC Core §3.1.2.5, RFC 9207 §2: a code, with the state as it was and who answers', async () => {
    const browser = newBrowser()
    const { answer } = await throughMire(browser, await authorize(browser, request(client)), person)
    expect(answer).toEqual({ code: expect.any(String), state: 'the state', iss: issuer })
  })
})

describe('the authorization endpoint reads', () => {
  const toMire = (response: Response) => /^\/login\//.test(locationOf(response).pathname)

  it('RFC 6749 §3.1: GET, and POST with the same parameters in a form', async () => {
    expect(toMire(await authorize(newBrowser(), request(client)))).toBe(true)
    const body = new URLSearchParams(request(client))
    expect(toMire(await newBrowser().ask('/authorize', { method: 'POST', body }))).toBe(true)
  })

  it('RFC 6749 §3.1: past a parameter that it does not know', async () => {
    expect(toMire(await authorize(newBrowser(), request(client, { unheard_of: 'x' })))).toBe(true)
  })

  it('RFC 6749 §3.1: a parameter without a value as one that was not sent', async () => {
    const empty = request(client, { prompt: '', max_age: '', response_mode: '', state: '' })
    const browser = newBrowser()
    const { answer } = await throughMire(browser, await authorize(browser, empty), person)
    expect(answer).toEqual({ code: expect.any(String), iss: issuer })
    const missing = await authorize(newBrowser(), request(client, { response_type: '' }))
    expect(answerOf(missing).error).toBe('invalid_request')
  })

  it('RFC 6749 §10.14: a state as text alone, whatever is in it', async () => {
    const state = `"><script>alert(1)</script>\r\nSet-Cookie: a=b&code=x#y`
    const refused = await authorize(newBrowser(), request(client, { state, prompt: 'none' }))
    expect(answerOf(refused)).toMatchObject({ error: 'login_required', state })
    expect(locationOf(refused).hash).toBe('')
    expect(refused.headers.get('location')).not.toMatch(/[<>"\s]/)
    const posted = await authorize(
      newBrowser(),
      request(client, { state, prompt: 'none', response_mode: 'form_post' }),
    )
    expect(await posted.text()).not.toContain('<script>alert')
  })
})

describe('the authorization endpoint refuses on a page, because there is nowhere to answer', () => {
  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['no client', { client_id: undefined }],
    ['no redirect URI', { redirect_uri: undefined }],
  ])('RFC 6749 §4.1.2.1: %s', async (_, change) => {
    const response = await authorize(newBrowser(), request(client, change))
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
  it.each([
    ['§3.1.1: no response_type', { response_type: undefined }, 'invalid_request'],
    ['§3.1.1: a response type that is not ours', { response_type: 'token' }, 'unsupported_response_type'],
    ['§3.1.1: one that nobody has', { response_type: 'code x' }, 'unsupported_response_type'],
    ['§3.3: no scope', { scope: undefined }, 'invalid_scope'],
    ['§3.3: a scope that is none', { scope: 'openid  profile' }, 'invalid_scope'],
    ['§4.1.2.1: text that no description may hold', { prompt: 'é"\\\u0000' }, 'invalid_request'],
  ])('RFC 6749 %s', async (_, change: Record<string, string | undefined>, error) => {
    const response = await authorize(newBrowser(), request(client, change))
    expect(response.status).toBe(303)
    expect(locationOf(response).origin + locationOf(response).pathname).toBe(REDIRECT_URI)
    expect(answerOf(response)).toMatchObject({ error, state: 'the state', iss: issuer })
    expect(answerOf(response).error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
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
