import { env } from 'cloudflare:workers'
import { base64url } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../src/compose.ts'
import { getAssertion, type SoftwareCredential } from '../src/sandbox/authenticator.ts'
import { Browser, tally } from './actors/browser.ts'
import { countingEnv } from './actors/counting-env.ts'
import { anEntry, inDirectory } from './actors/directory.ts'
import { holderOf } from './actors/passkey-holder.ts'

const redirectUri = 'https://dossier.example.test/callback'
const silent = { deliver: async () => 'delivered' as const }

describe('storage calls: what a sign-in costs at the edge', () => {
  const counted = countingEnv(env)
  const { app, settings } = compose(counted.env, { channel: silent, registrationOpen: true })
  const { issuer } = settings
  const fetch = (request: Request) => app.fetch(request, counted.env)
  let credential: SoftwareCredential
  let clientId: string
  let secret: string

  beforeAll(async () => {
    const entry = anEntry()
    await inDirectory(entry)
    credential = await holderOf(entry.practitioner.id, issuer)
    const registered = await fetch(
      new Request(`${issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'Dossier',
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
        }),
      }),
    )
    const body = await registered.json<{ client_id: string; client_secret: string }>()
    // An isolate that has served once holds the signing keys.
    await fetch(new Request(`${issuer}/jwks`))
    clientId = body.client_id
    secret = body.client_secret
  })

  /** A whole sign-in; answers the calls made before each answer left. */
  async function signIn(browser: Browser) {
    const spent: Record<string, ReturnType<typeof tally>> = {}
    const step = async (name: string, ask: () => Promise<Response>) => {
      const from = counted.calls.length
      const response = await ask()
      spent[name] = tally(counted.calls.slice(from))
      return response
    }
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'openid scope_all',
      state: 'st',
      nonce: 'no',
    })
    const asked = await step('authorize', () => browser.ask(`/authorize?${query}`))
    const path = new URL(asked.headers.get('location') ?? '', issuer).pathname
    const page = await (await step('mire', () => browser.ask(path))).text()
    const data = /data-login="([^"]*)"/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? '{}'
    const { options } = JSON.parse(data) as { options: { challenge: string } }
    const { response } = await getAssertion(credential, options, issuer)
    const proved = await step('passkey', () =>
      browser.ask(`${path}/passkey`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ assertion: response, trust: false }),
      }),
    )
    const state = await proved.json<{ status: string; disclose: boolean; next: string }>()
    expect(state.status).toBe('proved')
    let { next } = state
    if (state.disclose) {
      const read = await step('acknowledge', () => browser.ask(`${path}/acknowledge`, { method: 'POST' }))
      next = read.headers.get('location') ?? ''
    }
    const back = await step('continue', () => browser.ask(next))
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const token = await step('token', async () =>
      fetch(
        new Request(`${issuer}/token`, {
          method: 'POST',
          headers: {
            authorization: `Basic ${base64url.encode(`${clientId}:${secret}`).replaceAll('-', '+').replaceAll('_', '/')}`,
          },
          body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
        }),
      ),
    )
    const tokens = await token.json<{ access_token: string }>()
    const userinfo = await step('userinfo', async () =>
      fetch(
        new Request(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } }),
      ),
    )
    expect(userinfo.status).toBe(200)
    const all = Object.values(spent)
    return {
      spent,
      objects: all.flatMap((each) => each.objects),
      queries: all.flatMap((each) => each.queries),
    }
  }

  const fresh = () => new Browser(issuer, fetch)

  it('the first sign-in to a service shows its data once more: one object call and one query above the usual', async () => {
    const { spent } = await signIn(fresh())
    expect(spent.acknowledge?.objects.length).toBe(1)
  })

  it('a sign-in by passkey: at most 7 object calls and 3 queries before an answer leaves', async () => {
    const { objects, queries } = await signIn(fresh())
    // Behind the answer: nobody waits for the professional's list of sign-ins.
    const waited = objects.filter((call) => call !== 'PROFESSIONAL.sessionOpened')
    expect(objects.length - waited.length).toBe(1)
    expect(waited).toEqual([
      'LOGIN.begin',
      'LOGIN.view',
      'LOGIN.prove',
      'LOGIN.collect',
      'SESSION.open',
      'SESSION.redeem',
      'SESSION.inspect',
    ])
    expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(3)
  })

  it('/token: one object call and no query; /userinfo: the same', async () => {
    const { spent } = await signIn(fresh())
    expect(spent.token).toEqual({ objects: ['SESSION.redeem'], queries: [] })
    expect(spent.userinfo).toEqual({ objects: ['SESSION.inspect'], queries: [] })
  })

  it('a second service in the same session: no page, at most 2 object calls and 1 query', async () => {
    const browser = fresh()
    await signIn(browser)
    const from = counted.calls.length
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'openid scope_all',
    })
    const answer = await browser.ask(`/authorize?${query}`)
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('code')).toBeTruthy()
    const { objects, queries } = tally(counted.calls.slice(from))
    expect(objects.length, objects.join(', ')).toBeLessThanOrEqual(2)
    expect(queries.length, queries.join('\n')).toBeLessThanOrEqual(1)
  })
})
