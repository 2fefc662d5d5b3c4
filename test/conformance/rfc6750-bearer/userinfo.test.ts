import { beforeAll, describe, expect, it } from 'vitest'
import { type Client, codeFor, fetch, issuer, Person, redemption, registered, token } from '../federator.ts'

let client: Client
let accessToken: string
beforeAll(async () => {
  client = await registered()
  const code = await codeFor(client, await Person.who())
  accessToken = (await token(client, redemption(code))).body.access_token
})

const ask = (init: RequestInit = {}, query = '') => fetch(new Request(`${issuer}/userinfo${query}`, init))
const form = (access_token: string, headers: Record<string, string> = {}) =>
  ask({ method: 'POST', headers, body: new URLSearchParams({ access_token }) })
const bearing = (value: string) => ask({ headers: { authorization: value } })
/** The parameters of the Bearer challenge, in the order in which they are there. */
const challenged = (response: Response) => {
  const header = response.headers.get('www-authenticate') ?? ''
  const [bearer = ''] = header.split(', DPoP ')
  expect(bearer).toMatch(/^Bearer /)
  return [...bearer.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const)
}

describe('RFC 6750: grants', () => {
  it('§2.1: the Authorization header, whatever the case of the scheme', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      expect((await bearing(`${scheme} ${accessToken}`)).status).toBe(200)
  })

  it('§2.2: a form, by POST', async () => {
    expect((await form(accessToken)).status).toBe(200)
  })

  it('§5.3: nothing of the answer is kept on the way, and the token lives for two minutes', async () => {
    const response = await bearing(`Bearer ${accessToken}`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { expires_in } = (await token(client, redemption(await codeFor(client, await Person.who()))))
      .body as { expires_in?: number }
    expect(expires_in).toBe(120)
  })
})

describe('RFC 6750: refuses', () => {
  it('§2: a token in two ways', async () => {
    const response = await form(accessToken, { authorization: `Bearer ${accessToken}` })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it('§2.2: a form that is none: JSON, and several parts', async () => {
    const parts = new FormData()
    parts.append('access_token', accessToken)
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
    for (const init of [
      { ...json, body: JSON.stringify({ access_token: accessToken }) },
      { method: 'POST', body: parts },
    ])
      expect((await ask(init)).status).toBe(401)
  })

  it('§2.3: a token in the query, which ends in logs', async () => {
    const response = await ask({}, `?access_token=${accessToken}`)
    expect(response.status).toBe(400)
    expect(Object.fromEntries(challenged(response))).toMatchObject({ error: 'invalid_request' })
  })

  it('§3, §3.1: a request without a token, with a challenge and without an error', async () => {
    const response = await ask()
    expect(response.status).toBe(401)
    expect(challenged(response)).toEqual([['realm', issuer]])
  })

  it.each([
    ['§3.1: a token that is none', () => bearing('Bearer nonsense'), 401, 'invalid_token'],
    [
      '§3.1: a token of which a letter was changed',
      () => bearing(`Bearer ${changed()}`),
      401,
      'invalid_token',
    ],
    ['§3.1: a malformed request', () => bearing('Bearer a b'), 400, 'invalid_request'],
  ] as const)('%s', async (_, request, status, error) => {
    const response = await request()
    expect(response.status).toBe(status)
    const told = challenged(response)
    expect(Object.fromEntries(told)).toMatchObject({ realm: issuer, error })
    // §3: no parameter more than once, and no characters that are not allowed.
    expect(new Set(told.map(([name]) => name)).size).toBe(told.length)
    for (const [, value] of told) expect(value).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/)
    expect(await response.json()).toMatchObject({ error })
  })

  const changed = () => {
    const [header, payload = '', signature] = accessToken.split('.')
    return `${header}.${payload.slice(0, -1)}${payload.endsWith('A') ? 'B' : 'A'}.${signature}`
  }
})
