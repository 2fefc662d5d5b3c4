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
