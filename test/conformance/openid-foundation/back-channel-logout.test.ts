import { env } from 'cloudflare:workers'
import { decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { answer, authorize, request, signIn, someone } from '../../actors/authorization.ts'
import { Browser } from '../../actors/browser.ts'
import { deliverOnce, LogoutReceiver, localSession, withHeldQueue } from '../../actors/logout-receiver.ts'
import { Service } from '../../actors/service.ts'

const BACK = 'https://dossier.example.test/backchannel'
const BYE = 'https://dossier.example.test/bye'
const queue = withHeldQueue(env)
const received: string[] = []
let receiver: LogoutReceiver
const composed = compose(queue.env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
  outbound: async (url, init) => {
    expect(url).toBe(BACK)
    received.push(new URLSearchParams(String(init.body)).get('logout_token') ?? '')
    return receiver.receive(init)
  },
})
const { app, settings } = composed
const { issuer } = settings
const fetch = async (sent: Request) => app.fetch(sent, queue.env)

let service: Service
beforeAll(async () => {
  service = await Service.register(
    composed,
    {
      backchannel_logout_uri: BACK,
      backchannel_logout_session_required: true,
      post_logout_redirect_uris: [BYE],
    },
    queue.env,
  )
  const jwks = async () => (await fetch(new Request(`${issuer}/jwks`))).json<JSONWebKeySet>()
  receiver = new LogoutReceiver(issuer, service.clientId, 'RS256', jwks)
})

it('oidcc-backchannel-logout-discovery-endpoint-verification: back-channel logout and its sessions are offered', async () => {
  const response = await fetch(new Request(`${issuer}/.well-known/openid-configuration`))
  expect(await response.json()).toMatchObject({
    end_session_endpoint: `${issuer}/logout`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  })
})

it('oidcc-backchannel-rp-initiated-logout: one logout token, which every check of §2.6 passes, and nobody is signed in after', async () => {
  const browser = new Browser(issuer, fetch)
  const back = await signIn(browser, request(service), someone())
  const { id_token: hint } = await service.redeem(answer(back).code ?? '')
  receiver.sessions.push(localSession(hint))
  const sent = { id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'x' }
  const done = await browser.ask(`/logout?${new URLSearchParams(sent)}`)
  expect(done.headers.get('location')).toBe(`${BYE}?state=x`)
  await deliverOnce(composed, queue.held)
  expect(receiver.sessions).toEqual([])
  expect(received).toHaveLength(1)
  const [token = ''] = received
  const idToken = decodeJwt(hint)
  expect(decodeJwt(token)).toMatchObject({ sid: idToken.sid, sub: idToken.sub })
  expect(decodeJwt(token)).not.toHaveProperty('nonce')
  expect(decodeProtectedHeader(token).alg).toBe(decodeProtectedHeader(hint).alg)
  const again = await authorize(browser, request(service, { prompt: 'none' }))
  expect(answer(again)).toMatchObject({ error: 'login_required' })
})
