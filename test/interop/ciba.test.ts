import * as client from 'openid-client'
import { describe, expect, inject, it } from 'vitest'
import { robot } from './robot.ts'

const origin = inject('origin')
const CIBA = 'urn:openid:params:grant-type:ciba'

/** A vendor's server that asks the phones of its users. */
const party = () =>
  client.dynamicClientRegistration(
    new URL(origin),
    { client_name: 'Logiciel de test', redirect_uris: [], grant_types: [CIBA, 'refresh_token'] },
    undefined,
    { execute: [client.allowInsecureRequests] },
  )

const approve = (id: string, body: object) =>
  fetch(`${origin}/sandbox/robots/${id}/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('openid-client: initiateBackchannelAuthentication, pollBackchannelAuthenticationGrant', () => {
  it.each([
    ['two digits', '47', { code: '47' }, '899700900124'],
    ['words', 'Ordonnance de Mme Durand', {}, '899700900121'],
  ])('CIBA Core: %s, approved by a robot', async (_, binding_message, answer, nationalId) => {
    const config = await party()
    const professional = await robot(origin, nationalId)
    const asked = await client.initiateBackchannelAuthentication(config, {
      scope: 'openid scope_all',
      acr_values: 'eidas1',
      login_hint: nationalId,
      binding_message,
      channel: 'MOBILE',
    })
    const polling = client.pollBackchannelAuthenticationGrant(config, asked)
    const done = await approve(professional.id, answer)
    expect(await done.json()).toEqual({ outcome: 'approved' })
    const tokens = await polling
    expect(tokens.claims()?.SubjectNameID).toBe(nationalId)
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(userinfo.authMode).toBe('MOBILE')
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(refreshed.claims()?.sub).toBe(userinfo.sub)
  })

  it('CIBA Core §11 access_denied: a robot that denies', async () => {
    const nationalId = '899700900122'
    const config = await party()
    const professional = await robot(origin, nationalId, 'deny')
    const asked = await client.initiateBackchannelAuthentication(config, {
      scope: 'openid',
      login_hint: nationalId,
      binding_message: '12',
    })
    const polling = client.pollBackchannelAuthenticationGrant(config, asked)
    const refused = expect(polling).rejects.toMatchObject({ error: 'access_denied' })
    expect(await (await approve(professional.id, { code: '12' })).json()).toEqual({ outcome: 'denied' })
    await refused
  })

  it('a robot whose phone nothing reaches says so', async () => {
    const professional = await robot(origin, '899700900123')
    const answer = await approve(professional.id, { code: '99' })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: 'no_request' })
  })
})
