import { env } from 'cloudflare:workers'
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  generateKeyPair,
  type JSONWebKeySet,
  SignJWT,
} from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { ringSigner } from '../../../src/keys/ring-signer.object.ts'
import { MAX_DELIVERIES } from '../../../src/notifications/delivery.queue.ts'
import { Browser } from '../../actors/browser.ts'
import { deliverOnce, LogoutReceiver, localSession, withHeldQueue } from '../../actors/logout-receiver.ts'
import { REDIRECT_URI, Service } from '../../actors/service.ts'

const BACK = 'https://dossier.example.test/logout'
const OTHER_BACK = 'https://pharmacie.example.test/logout'

const queue = withHeldQueue(env)
/** What each address answers with; an address without an entry cannot be reached. */
const network = new Map<string, (init: RequestInit) => Promise<Response>>()
const sent: { readonly url: string; readonly init: RequestInit }[] = []
const composed = compose(queue.env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
  outbound: async (url, init) => {
    sent.push({ url, init })
    const answer = network.get(url)
    if (answer === undefined) throw new TypeError('unreachable')
    return answer(init)
  },
})
const { app, settings } = composed
const { issuer } = settings
const jwks = async () => (await app.request(`${issuer}/jwks`, {}, queue.env)).json<JSONWebKeySet>()

let service: Service
let other: Service
let receiver: LogoutReceiver
let otherReceiver: LogoutReceiver
beforeAll(async () => {
  service = await Service.register(
    composed,
    { backchannel_logout_uri: BACK, backchannel_logout_session_required: true },
    queue.env,
  )
  other = await Service.register(
    composed,
    { backchannel_logout_uri: OTHER_BACK, id_token_signed_response_alg: 'ES256' },
    queue.env,
  )
})
beforeEach(() => {
  queue.held.length = 0
  sent.length = 0
  receiver = new LogoutReceiver(issuer, service.clientId, 'RS256', jwks)
  otherReceiver = new LogoutReceiver(issuer, other.clientId, 'ES256', jwks)
  network.clear()
  network.set(BACK, (init) => receiver.receive(init))
  network.set(OTHER_BACK, (init) => otherReceiver.receive(init))
})

/** A person who signed in to both. */
async function atBoth() {
  const mine = await service.tokens()
  const joined = await other.join(mine.opened)
  const theirs = await other.redeem(joined.code)
  receiver.sessions.push(localSession(mine.id_token))
  otherReceiver.sessions.push(localSession(theirs.id_token))
  return { mine, theirs, opened: mine.opened }
}

const logOut = (hint: string) =>
  app.request(`${issuer}/logout?${new URLSearchParams({ id_token_hint: hint })}`, {}, queue.env)

const logoutEvents = async (session: string) => {
  const { results } = await env.DB.prepare(
    "SELECT kind, client_id, detail FROM audit_event WHERE detail LIKE ? AND kind LIKE 'logout.%' ORDER BY client_id",
  )
    .bind(`session ${session}:%`)
    .all<{ kind: string; client_id: string; detail: string }>()
  return results
}
const tokenOf = (index = 0): string =>
  new URLSearchParams(String(sent[index]?.init.body)).get('logout_token') ?? ''

describe('Back-Channel Logout: tells', () => {
  it('§2.5: every service of a session that one of them ends, each with its own sid and algorithm', async () => {
    const { mine, theirs, opened } = await atBoth()
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held)
    expect(sent.map(({ url }) => url).toSorted()).toEqual([BACK, OTHER_BACK])
    expect(receiver.sessions).toEqual([])
    expect(otherReceiver.sessions).toEqual([])
    expect(decodeJwt(mine.id_token).sid).not.toBe(decodeJwt(theirs.id_token).sid)
    const events = await logoutEvents(opened.session)
    expect(events).toHaveLength(2)
    for (const event of events) {
      expect(event).toMatchObject({ kind: 'logout.delivered', detail: expect.stringContaining('HTTP 200') })
    }
  })

  it('§2.4: by a token of these claims and no others, good for two minutes', async () => {
    const { mine, opened } = await atBoth()
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held)
    const at = sent.findIndex(({ url }) => url === BACK)
    const token = tokenOf(at)
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'logout+jwt', alg: 'RS256' })
    const claims = decodeJwt(token)
    expect(Object.keys(claims).toSorted()).toEqual(
      ['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'].toSorted(),
    )
    expect(claims).toMatchObject({
      iss: issuer,
      aud: service.clientId,
      sid: opened.sid,
      sub: decodeJwt(mine.id_token).sub,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(120)
    // §2.5: what goes out follows nothing and does not wait for ever.
    expect(sent[at]?.init).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(sent[at]?.init.signal).toBeInstanceOf(AbortSignal)
  })

  it('services of a session that a person ends at our own question', async () => {
    const { opened } = await atBoth()
    const browser = new Browser(issuer, (request) => {
      const headers = new Headers(request.headers)
      headers.set('cookie', `session=${opened.cookie}`)
      return app.fetch(new Request(request, { headers }), queue.env)
    })
    const page = await (await browser.ask('/logout')).text()
    const proof = /name="proof" value="([^"]*)"/.exec(page)?.[1] ?? ''
    const done = await browser.ask('/logout/confirm', {
      method: 'POST',
      body: new URLSearchParams({ proof }),
    })
    expect(done.status).toBe(200)
    await deliverOnce(composed, queue.held)
    expect([...receiver.sessions, ...otherReceiver.sessions]).toEqual([])
  })

  it('§2.8: a service that answers 204', async () => {
    const { mine, opened } = await atBoth()
    network.set(BACK, async () => new Response(null, { status: 204 }))
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held)
    expect(queue.held).toEqual([])
    expect((await logoutEvents(opened.session)).map(({ kind }) => kind)).toEqual([
      'logout.delivered',
      'logout.delivered',
    ])
  })

  it('nobody who registered no address, and says nothing of it', async () => {
    const quiet = await Service.register(composed, {}, queue.env)
    const { id_token: hint, opened } = await quiet.tokens()
    await logOut(hint)
    await deliverOnce(composed, queue.held)
    expect(sent).toEqual([])
    expect(await logoutEvents(opened.session)).toEqual([])
  })
})

describe('Back-Channel Logout: tries again', () => {
  it.each([
    ['a service that is down', async () => new Response(null, { status: 503 })],
    ['a service that cannot be reached', undefined],
    ['a service that is too slow', async () => Promise.reject(new DOMException('', 'TimeoutError'))],
  ])('%s, with another token each time, and gives up in the end', async (_, answer) => {
    const { mine, opened } = await atBoth()
    if (answer === undefined) network.delete(BACK)
    else network.set(BACK, answer)
    await logOut(mine.id_token)
    for (let attempt = 1; attempt <= MAX_DELIVERIES; attempt++) {
      await deliverOnce(composed, queue.held, attempt)
      expect(queue.held.some(({ type }) => type === 'logout')).toBe(attempt < MAX_DELIVERIES)
    }
    const tries = sent.flatMap(({ url }, index) => (url === BACK ? [decodeJwt(tokenOf(index)).jti] : []))
    expect(new Set(tries).size).toBe(MAX_DELIVERIES)
    expect(await logoutEvents(opened.session)).toContainEqual(
      expect.objectContaining({
        kind: 'logout.failed',
        client_id: service.clientId,
        detail: expect.stringContaining(`attempt ${MAX_DELIVERIES}`),
      }),
    )
    // The other one was told at the first attempt, once.
    expect(sent.filter(({ url }) => url === OTHER_BACK)).toHaveLength(1)
  })

  it('and is heard when the service is back', async () => {
    const { mine, opened } = await atBoth()
    network.delete(BACK)
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held, 1)
    network.set(BACK, (init) => receiver.receive(init))
    await deliverOnce(composed, queue.held, 2)
    expect(receiver.sessions).toEqual([])
    expect(await logoutEvents(opened.session)).toContainEqual(
      expect.objectContaining({ kind: 'logout.delivered', detail: expect.stringContaining('attempt 2') }),
    )
  })

  it.each([
    ['§2.8: 400', 400],
    ['§2.8: 501', 501],
    ['a redirect, which is not followed', 302],
    ['404', 404],
  ])('not after %s', async (_, status) => {
    const { mine, opened } = await atBoth()
    network.set(BACK, async () => new Response(null, { status, headers: { location: 'https://10.0.0.1/' } }))
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held)
    expect(queue.held).toEqual([])
    expect(sent.filter(({ url }) => url.includes('10.0.0.1'))).toEqual([])
    expect(await logoutEvents(opened.session)).toContainEqual(
      expect.objectContaining({ kind: 'logout.failed', detail: expect.stringContaining(`HTTP ${status}`) }),
    )
  })
})

describe('Back-Channel Logout §2.6: a verifying service refuses', () => {
  const form = (token: string): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  })
  const genuine = async () => {
    const { mine } = await atBoth()
    network.set(BACK, async () => new Response(null, { status: 200 }))
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held)
    return { mine, token: tokenOf(sent.findIndex(({ url }) => url === BACK)) }
  }

  it('nothing of a genuine one, once, and refuses it the second time', async () => {
    const { token } = await genuine()
    expect((await receiver.receive(form(token))).status).toBe(200)
    receiver.sessions.push({ sid: String(decodeJwt(token).sid), sub: String(decodeJwt(token).sub) })
    expect(await (await receiver.receive(form(token))).text()).toBe('jti')
  })

  it.each<[string, (token: string, idToken: string) => Promise<string> | string]>([
    ['attack: an ID token in its place', (_, idToken) => idToken],
    [
      'attack: another key',
      async (token) => {
        const { privateKey } = await generateKeyPair('RS256')
        return new SignJWT(decodeJwt(token))
          .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'RS256' })
          .sign(privateKey)
      },
    ],
    [
      'attack: alg none',
      (token) =>
        `${base64url.encode(JSON.stringify({ alg: 'none', typ: 'logout+jwt' }))}.${token.split('.')[1]}.`,
    ],
    [
      'attack: another session’s sid put in',
      (token) => {
        const [header, , signature] = token.split('.')
        return `${header}.${base64url.encode(JSON.stringify({ ...decodeJwt(token), sid: 'x' }))}.${signature}`
      },
    ],
  ])('%s', async (_, forge) => {
    const { token, mine } = await genuine()
    const before = receiver.sessions.length
    expect((await receiver.receive(form(await forge(token, mine.id_token)))).status).toBe(400)
    expect(receiver.sessions).toHaveLength(before)
  })

  it('attack: the token of one service shown to another', async () => {
    const { token } = await genuine()
    expect((await otherReceiver.receive(form(token))).status).toBe(400)
  })

  it('attack: a logout token is neither an access token nor an id_token_hint here', async () => {
    const { token } = await genuine()
    expect(await service.userinfo(token)).toBe(401)
    const fresh = await service.tokens()
    const signer = ringSigner({
      ring: env.KEY_RING,
      keyEncryptionKey: settings.keyEncryptionKey,
      clock: systemClock,
    })
    const forFresh = await signer.sign(
      { ...decodeJwt(token), sid: fresh.opened.sid },
      { typ: 'logout+jwt', alg: 'RS256' },
    )
    await logOut(forFresh)
    expect(await service.userinfo(fresh.access_token)).toBe(200)
  })
})

describe('attack: cross-session logout', () => {
  it('one person’s hint ends neither the session nor the services of another', async () => {
    const mine = await service.tokens()
    const theirs = await service.tokens()
    receiver.sessions.push(localSession(mine.id_token), localSession(theirs.id_token))
    await logOut(mine.id_token)
    await deliverOnce(composed, queue.held)
    expect(receiver.sessions).toEqual([localSession(theirs.id_token)])
    expect(await service.userinfo(theirs.access_token)).toBe(200)
    expect(await service.userinfo(mine.access_token)).toBe(401)
  })

  it('a cookie with the right object and a wrong secret ends nothing when another signs in over it', async () => {
    const victim = await service.tokens()
    const asked = await app.request(
      `${issuer}/logout`,
      { headers: { cookie: `session=${victim.opened.session}.${'A'.repeat(43)}` } },
      queue.env,
    )
    expect(asked.status).toBe(200)
    await app.request(
      `${issuer}/logout/confirm`,
      {
        method: 'POST',
        headers: { cookie: `session=${victim.opened.session}.${'A'.repeat(43)}` },
        body: new URLSearchParams({ proof: 'x' }),
      },
      queue.env,
    )
    await deliverOnce(composed, queue.held)
    expect(sent).toEqual([])
    expect(await service.userinfo(victim.access_token)).toBe(200)
  })
})

describe('Back-Channel Logout: where it goes', () => {
  it.each([
    'http://localhost:9999/logout',
    'https://127.0.0.1/logout',
    'https://169.254.169.254/latest',
    'https://db.internal/logout',
  ])('attack: outside the sandbox, not inward: %s', async (uri) => {
    const vars = { ENVIRONMENT: 'production', ISSUER: 'https://id.example.test' }
    const production = new Proxy(queue.env, {
      get: (target, key) =>
        typeof key === 'string' && key in vars ? Reflect.get(vars, key) : Reflect.get(target, key, target),
    })
    const outside = compose(production, {
      channel: { deliver: async () => 'delivered' as const },
      registrationOpen: true,
      outbound: async (url, init) => {
        sent.push({ url, init })
        return new Response(null, { status: 200 })
      },
    })
    const inward = await Service.register(composed, { backchannel_logout_uri: uri }, queue.env)
    const { id_token: hint, opened } = await inward.tokens()
    await logOut(hint)
    await deliverOnce(outside, queue.held)
    expect(sent).toEqual([])
    expect(await logoutEvents(opened.session)).toEqual([
      expect.objectContaining({ kind: 'logout.failed', detail: expect.stringContaining('not public') }),
    ])
  })

  it('in the sandbox, to this machine too', async () => {
    const uri = 'http://localhost:9999/logout'
    const local = await Service.register(composed, { backchannel_logout_uri: uri }, queue.env)
    network.set(uri, async () => new Response(null, { status: 200 }))
    const { id_token: hint } = await local.tokens()
    await logOut(hint)
    await deliverOnce(composed, queue.held)
    expect(sent.map(({ url }) => url)).toEqual([uri])
  })
})

it('is reached from the registration that names it', () => {
  expect(service.registered).toMatchObject({
    backchannel_logout_uri: BACK,
    backchannel_logout_session_required: true,
    redirect_uris: [REDIRECT_URI],
  })
})
