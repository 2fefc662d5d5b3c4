import { env } from 'cloudflare:workers'
import type { JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/kernel/instant.ts'
import { NOWHERE } from '../../../src/kernel/place.ts'
import { getAssertion } from '../../../src/sandbox/authenticator.ts'
import { Browser } from '../../actors/browser.ts'
import { anEntry, inDirectory } from '../../actors/directory.ts'
import { deliverOnce, LogoutReceiver, localSession } from '../../actors/logout-receiver.ts'
import { holderOf } from '../../actors/passkey-holder.ts'
import { REDIRECT_URI } from '../../actors/service.ts'
import { world } from '../ciba/world.ts'

const BACK = 'https://dossier.example.test/logout'
const WITH_CODE = {
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token'],
  backchannel_logout_uri: BACK,
}

/** A service whose logout endpoint verifies what reaches it. */
async function told() {
  const receivers = new Map<string, LogoutReceiver>()
  const stage = world(
    async (url, init) => receivers.get(url)?.receive(init) ?? new Response(null, { status: 503 }),
  )
  const service = await stage.service(WITH_CODE)
  const jwks = async () => (await stage.app.fetch(new Request(`${stage.issuer}/jwks`))).json<JSONWebKeySet>()
  const receiver = new LogoutReceiver(stage.issuer, service.clientId, 'RS256', jwks)
  receivers.set(BACK, receiver)
  return { ...stage, service, receiver }
}

describe('Back-Channel Logout §2.5: services are told however a session ends', () => {
  it('by sign out everywhere on the phone', async () => {
    const { composed, service, receiver, queued, person, phone } = await told()
    const nationalId = await person()
    const device = await phone(nationalId)
    const practitioner = anEntry(nationalId).practitioner
    const { id_token: idToken, opened } = await service.tokens({}, practitioner)
    receiver.sessions.push(localSession(idToken))
    const professional = env.PROFESSIONAL.getByName(await composed.professionalName(nationalId))
    await professional.sessionOpened({
      practitionerId: practitioner.id,
      session: opened.session,
      service: 'Dossier',
      at: systemClock(),
      place: NOWHERE,
      means: 'PASSKEY',
    })

    const answer = await device.call('POST', 'sign-out-everywhere')
    expect(answer.json).toEqual({ ended: 1 })
    await deliverOnce(composed, queued)
    expect(receiver.sessions).toEqual([])
  })

  it('by a newer sign-in in the same browser, and the newer one goes on', async () => {
    const { composed, service, receiver, queued, issuer, app } = await told()
    const entry = anEntry('899700955555')
    await inDirectory(entry)
    const credential = await holderOf(entry.practitioner.id, issuer)
    const older = await service.tokens({}, entry.practitioner)
    receiver.sessions.push(localSession(older.id_token))

    const held = { cookie: `session=${older.opened.cookie}` }
    const browser = new Browser(issuer, (request) => {
      const headers = new Headers(request.headers)
      headers.set('cookie', [held.cookie, headers.get('cookie')].filter(Boolean).join('; '))
      return app.fetch(new Request(request, { headers }))
    })
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: service.clientId,
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      prompt: 'login',
    })
    const asked = await browser.ask(`/authorize?${query}`)
    const path = new URL(asked.headers.get('location') ?? '', issuer).pathname
    const page = await (await browser.ask(path)).text()
    const data = /data-login="([^"]*)"/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? '{}'
    const { options } = JSON.parse(data) as { options: { challenge: string } }
    const { response: assertion } = await getAssertion(credential, options, issuer)
    const proved = await browser.ask(`${path}/passkey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ assertion, trust: false }),
    })
    const state = await proved.json<{ disclose: boolean; next: string }>()
    const next = state.disclose
      ? ((await browser.ask(`${path}/acknowledge`, { method: 'POST' })).headers.get('location') ?? '')
      : state.next
    const back = await browser.ask(next)
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const newer = await service.redeem(code)
    receiver.sessions.push(localSession(newer.id_token))

    await deliverOnce(composed, queued)
    expect(receiver.sessions).toEqual([localSession(newer.id_token)])
    expect(await service.userinfo(older.access_token)).toBe(401)
    expect(await service.userinfo(newer.access_token)).toBe(200)
  })
})
