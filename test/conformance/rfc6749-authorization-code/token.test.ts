import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  basic,
  type Client,
  codeFor,
  fetch,
  issuer,
  Person,
  passes,
  redemption,
  refreshing,
  registered,
  token,
  userinfo,
} from '../federator.ts'

let client: Client
let open: Client
let person: Person
beforeAll(async () => {
  client = await registered()
  open = await registered({ token_endpoint_auth_method: 'none' })
  person = await Person.who()
})

const tokens = async (of: Client = client) => {
  const code = await codeFor(of, person)
  const { status, body } = await token(of, redemption(code))
  expect(status).toBe(200)
  return { code, ...body }
}
const post = (form: Record<string, string>, headers: Record<string, string>, path = '/token') =>
  fetch(new Request(`${issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) }))
const refused = (status: number, error: string) => ({ status, body: { error } })

describe('the token endpoint grants', () => {
  it('RFC 6749 §4.1.4: tokens for a code, to a confidential and a public client', async () => {
    for (const of of [client, open]) {
      const { access_token } = await tokens(of)
      expect((await userinfo(access_token)).status).toBe(200)
    }
  })

  it('RFC 6749 §5.1: as JSON that nobody on the way may keep', async () => {
    const response = await post(redemption(await codeFor(client, person)), basic(client))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('pragma')).toBe('no-cache')
    expect(await response.json()).toMatchObject({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 120,
      scope: 'openid scope_all',
    })
  })

  it('RFC 6749 §3.2: past a parameter that it does not know, and one without a value', async () => {
    const form = { ...redemption(await codeFor(client, person)), unheard_of: 'x', scope: '', resource: '' }
    expect((await token(client, form)).status).toBe(200)
  })

  it('RFC 6749 §10.10: codes, refresh tokens and secrets of 256 random bits, never the same twice', async () => {
    const issued = [await tokens(), await tokens()].flatMap(({ code, refresh_token }) => [
      code.split('.')[1],
      refresh_token.split('.')[1],
    ])
    const secrets = [client.client_secret, (await registered()).client_secret]
    for (const secret of [...issued, ...secrets]) expect(secret).toMatch(/^[\w-]{43}$/)
    expect(new Set([...issued, ...secrets]).size).toBe(6)
  })

  it('RFC 6749 §10.3, §10.4: no code, token or secret lies where it could be read', async () => {
    const { code, refresh_token, access_token } = await tokens()
    const waiting = await codeFor(client, person)
    const kept: unknown[] = []
    for (const each of [code, waiting])
      await runInDurableObject(env.SESSION.getByName(each.slice(0, 22)), (_, { storage }) => {
        kept.push(...storage.kv.list())
      })
    const { results } = await env.DB.prepare('SELECT * FROM relying_party WHERE client_id = ?')
      .bind(client.client_id)
      .all()
    expect(kept.length).toBeGreaterThan(0)
    expect(results).toHaveLength(1)
    const text = JSON.stringify([kept, results])
    expect(text).toContain(client.client_id)
    const secrets = [code, waiting, refresh_token].map((each) => each.split('.')[1] ?? '')
    for (const secret of [...secrets, access_token, client.client_secret ?? ''])
      expect(text.includes(secret)).toBe(false)
  })

  it('RFC 6749 §4.1.3: a confidential client without PKCE, as Pro Santé Connect’s are today', async () => {
    const code = await codeFor(client, person, {
      code_challenge: undefined,
      code_challenge_method: undefined,
    })
    const { code_verifier: _, ...form } = redemption(code)
    expect((await token(client, form)).status).toBe(200)
  })

  it('RFC 6749 §4.1.2, §10.5: of fifty concurrent redemptions over HTTP, exactly one', async () => {
    const code = await codeFor(client, person)
    const all = await Promise.all(Array.from({ length: 50 }, () => token(client, redemption(code))))
    const good = all.filter(({ status }) => status === 200)
    expect(good).toHaveLength(1)
    for (const { status, body } of all.filter((each) => each !== good[0]))
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' })
    // The forty-nine others looked like a theft, which ended what the one had got.
    expect((await userinfo(good[0]?.body.access_token ?? '')).status).toBe(401)
  })

  it('RFC 9700 §4.14.2: of fifty concurrent refreshes with one token, at most one', async () => {
    const { refresh_token } = await tokens()
    const all = await Promise.all(Array.from({ length: 50 }, () => token(client, refreshing(refresh_token))))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('the token endpoint refuses', () => {
  it('RFC 6749 §4.1.2: a code used twice, and ends its tokens: userinfo 401, refresh invalid_grant', async () => {
    const { code, access_token, refresh_token } = await tokens()
    expect((await userinfo(access_token)).status).toBe(200)
    expect(await token(client, redemption(code))).toMatchObject(refused(400, 'invalid_grant'))
    const answer = await userinfo(access_token)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await token(client, refreshing(refresh_token))).toMatchObject(refused(400, 'invalid_grant'))
  })

  it('RFC 6749 §4.1.3, §10.5: the code of another client, which is then worth nothing to its own', async () => {
    const code = await codeFor(client, person)
    for (const thief of [await registered(), open])
      expect(await token(thief, redemption(code))).toMatchObject(refused(400, 'invalid_grant'))
    expect(await token(client, redemption(code))).toMatchObject(refused(400, 'invalid_grant'))
  })

  it('RFC 6749 §4.1.2: an expired code, after sixty seconds and not before', async () => {
    const [early, late] = [await codeFor(client, person), await codeFor(client, person)]
    await passes(early, 58)
    await passes(late, 60)
    expect((await token(client, redemption(early))).status).toBe(200)
    expect(await token(client, redemption(late))).toMatchObject(refused(400, 'invalid_grant'))
  })

  it.each([
    [
      'RFC 6749 §4.1.3: a redirect URI off by one',
      { redirect_uri: 'https://dossier.example.test/callback/' },
      'invalid_grant',
    ],
    ['RFC 6749 §4.1.3: no redirect URI', { redirect_uri: '' }, 'invalid_grant'],
    ['RFC 6749 §5.2: another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('%s', async (_, change, error) => {
    const right = redemption(await codeFor(client, person))
    expect(await token(client, { ...right, ...change })).toMatchObject(refused(400, error))
  })

  it('RFC 9700 §4.14.2: a refresh token reused, and ends the new one and the access tokens', async () => {
    const first = await tokens()
    const second = await token(client, refreshing(first.refresh_token))
    expect(second.status).toBe(200)
    expect(await token(client, refreshing(first.refresh_token))).toMatchObject(refused(400, 'invalid_grant'))
    expect(await token(client, refreshing(second.body.refresh_token))).toMatchObject(
      refused(400, 'invalid_grant'),
    )
    for (const { access_token } of [first, second.body])
      expect((await userinfo(access_token)).status).toBe(401)
  })

  it('RFC 6749 §3.2.1, §6: a refresh without authentication, and by a wrong secret; the token stays good', async () => {
    const { refresh_token } = await tokens()
    const { client_id } = client
    for (const by of [{ client_id }, { client_id, client_secret: 'wrong' }])
      expect(await token(by, refreshing(refresh_token))).toMatchObject(refused(401, 'invalid_client'))
    expect((await token(client, refreshing(refresh_token))).status).toBe(200)
  })

  it('RFC 9700 §2.2.2: a public client’s refresh token changes at each use, and the old one ends the family', async () => {
    const first = await tokens(open)
    const second = await token(open, refreshing(first.refresh_token))
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(first.refresh_token)
    expect(await token(open, refreshing(first.refresh_token))).toMatchObject(refused(400, 'invalid_grant'))
    expect(await token(open, refreshing(second.body.refresh_token))).toMatchObject(
      refused(400, 'invalid_grant'),
    )
  })

  it('RFC 6749 §6, §10.4: another client’s refresh token, which stays good for its own', async () => {
    const { refresh_token } = await tokens()
    expect(await token(await registered(), refreshing(refresh_token))).toMatchObject(
      refused(400, 'invalid_grant'),
    )
    expect((await token(client, refreshing(refresh_token))).status).toBe(200)
  })

  it('RFC 6749 §5.2, §2.3.1: a wrong secret in both places, an empty one, none, an unknown client; the code stays good', async () => {
    const code = await codeFor(client, person)
    const wrong = (secret: string) => token({ ...client, client_secret: secret }, redemption(code))
    for (const secret of ['wrong', '', `${client.client_secret}x`])
      expect(await wrong(secret)).toMatchObject(refused(401, 'invalid_client'))
    const { client_id } = client
    expect(await token({ client_id }, redemption(code))).toMatchObject(refused(401, 'invalid_client'))
    expect(await token({ client_id }, { ...redemption(code), client_secret: 'wrong' })).toMatchObject(
      refused(401, 'invalid_client'),
    )
    expect(await token({ client_id: 'nobody' }, redemption(code))).toMatchObject(
      refused(401, 'invalid_client'),
    )
    expect((await token(client, redemption(code))).status).toBe(200)
  })

  it('RFC 6749 §5.2: with 401 goes the scheme that would do', async () => {
    const wrong = basic({ client_id: client.client_id, client_secret: 'wrong' })
    const response = await post(redemption('x'), wrong)
    expect(response.headers.get('www-authenticate')).toContain('Basic ')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('RFC 6749 §2.3.1: a client’s secret in the URL', async () => {
    const code = await codeFor(client, person)
    const secret = new URLSearchParams({
      client_id: client.client_id,
      client_secret: client.client_secret ?? '',
    })
    const response = await post(redemption(code), {}, `/token?${secret}`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('RFC 6749 §3.2.1: a public client that does not say which it is', async () => {
    const response = await post(redemption(await codeFor(open, person)), {})
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('RFC 6749 §2.3: a client that authenticates in two ways', async () => {
    const code = await codeFor(client, person)
    const form = { ...redemption(code), client_secret: client.client_secret ?? '' }
    expect(await token(client, form)).toMatchObject(refused(400, 'invalid_request'))
  })

  it.each(['code', 'grant_type', 'redirect_uri', 'code_verifier', 'unheard_of'])(
    'RFC 6749 §3.2: a duplicated parameter, %s; the code stays good',
    async (name) => {
      const code = await codeFor(client, person)
      const twice = new URLSearchParams({ unheard_of: 'x', ...redemption(code) })
      twice.append(name, twice.get(name) ?? '')
      expect(await token(client, twice)).toMatchObject(refused(400, 'invalid_request'))
      expect((await token(client, redemption(code))).status).toBe(200)
    },
  )

  it('RFC 8725 §3.11, RFC 9068 §4: an ID token where an access token belongs', async () => {
    const { id_token } = await tokens()
    expect((await userinfo(id_token)).status).toBe(401)
  })
})
