import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import type { Service } from '../../actors/service.ts'
import { asked, begin, CIBA, poll, refusal, request, type Tokens, world } from './world.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})

/** Moves the clock of one request. */
const later = async (authReqId: string, seconds: number) => {
  const stub = env.CIBA.getByName(authReqId.split('.')[0] ?? '')
  await runInDurableObject(stub, (object) => {
    object.clock = () => after(systemClock(), seconds)
  })
  return stub
}

describe('CIBA Core: grants', () => {
  it('§7.3, §10.1: an acknowledgement, then pending, then tokens once the person has picked the code', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const ack = await begin(here, service, asked(nationalId))
    expect(ack).toEqual({
      auth_req_id: expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/),
      expires_in: 120,
      interval: 2,
    })
    expect(await refusal(await poll(service, ack.auth_req_id))).toBe('400 authorization_pending')

    const shown = await request(phone)
    expect(shown.values).toHaveLength(3)
    expect(shown.values).toContain('47')
    expect(JSON.parse(shown.context)).toMatchObject({
      service: 'Logiciel Démo',
      askedBy: 'service',
      bonded: false,
    })
    expect((await phone.tap(shown, '47')).json).toEqual({ outcome: 'approved' })

    const response = await poll(service, ack.auth_req_id)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const tokens = await response.json<Tokens>()
    const claims = decodeJwt(tokens.id_token)
    expect(claims).toMatchObject({
      aud: service.clientId,
      acr: 'eidas1',
      amr: expect.arrayContaining(['pop', 'user', 'mfa', 'mca']),
      authMode: 'MOBILE',
      SubjectNameID: nationalId,
      session_state: tokens.session_state,
    })
    // §10.3.1: only a token that is pushed names its request.
    expect(claims).not.toHaveProperty('urn:openid:params:jwt:claim:auth_req_id')
    expect(await service.userinfo(tokens.access_token)).toBe(200)

    const refreshed = await service.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(decodeJwt((await refreshed.json<Tokens>()).id_token).auth_time).toBe(claims.auth_time)

    // The sign-in is one like any other: listed on the phone, and ended from it.
    const { json } = await phone.call('GET', 'sign-ins')
    expect(json).toMatchObject({ signIns: [{ service: 'Logiciel Démo', means: 'MOBILE', live: true }] })
    await phone.call('POST', 'sign-out-everywhere')
    expect(await service.userinfo(tokens.access_token)).toBe(401)
  })

  it('PSC §3: the same at the path of Pro Santé Connect, with channel=MOBILE, and a code that begins with 0', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const ack = await begin(
      here,
      service,
      asked(nationalId, { channel: 'MOBILE', binding_message: '07' }),
      '/auth/realms/esante-wallet/protocol/openid-connect/ext/ciba/auth',
    )
    const shown = await request(phone)
    expect(shown.values).toContain('07')
    expect((await phone.tap(shown, '07')).json).toEqual({ outcome: 'approved' })
    expect((await poll(service, ack.auth_req_id)).status).toBe(200)
  })

  it('§7.1 binding_message: words are shown, and what is signed is yes', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const words = 'Ordonnance de Mme Durand, 3 lignes'
    const ack = await begin(here, service, asked(nationalId, { binding_message: words }))
    const shown = await request(phone)
    expect(shown.values).toEqual(['confirm'])
    expect(JSON.parse(shown.context)).toMatchObject({ message: words })
    expect((await phone.tap(shown, 'confirm')).json).toEqual({ outcome: 'approved' })
    expect((await poll(service, ack.auth_req_id)).status).toBe(200)
  })

  it('§7.1 id_token_hint: the person of an ID token of ours, expired or not', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const first = await begin(here, service, asked(nationalId))
    await phone.tap(await request(phone), '47')
    const { id_token } = await (await poll(service, first.auth_req_id)).json<Tokens>()

    const { login_hint: _, ...form } = asked(nationalId)
    const second = await begin(here, service, { ...form, id_token_hint: id_token })
    await phone.tap(await request(phone), '47')
    expect((await poll(service, second.auth_req_id)).status).toBe(200)
  })

  it.each([
    ['nothing', undefined, 120],
    ['30 seconds', '30', 30],
    ['an hour', '3600', 300],
  ])('§7.1 requested_expiry: asking %s', async (_, requested, expires) => {
    const form = asked(await here.person(), requested === undefined ? {} : { requested_expiry: requested })
    expect((await begin(here, service, form)).expires_in).toBe(expires)
  })

  it('§7.1: a user_code is left aside where the client registered none', async () => {
    await begin(here, service, asked(await here.person(), { user_code: '1234' }))
  })

  it('§7.1: client_secret_post authenticates as at the token endpoint', async () => {
    const { authorization: _, ...form } = {
      authorization: '',
      ...asked(await here.person()),
      client_id: service.clientId,
      client_secret: service.secret,
    }
    const response = await here.app.fetch(
      new Request(`${here.issuer}/bc-authorize`, { method: 'POST', body: new URLSearchParams(form) }),
    )
    expect(response.status).toBe(200)
  })

  it('§7.3, §11: a result can be collected for a minute after its request has expired', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const ack = await begin(here, service, asked(nationalId, { requested_expiry: '30' }))
    await phone.tap(await request(phone), '47')
    await later(ack.auth_req_id, 45)
    expect((await poll(service, ack.auth_req_id)).status).toBe(200)
  })
})

describe('CIBA Core §13: refuses', () => {
  it.each([
    ['§7.1 no hint', { login_hint: '' }, '400 invalid_request'],
    ['§7.1 two hints', { login_hint_token: 'a.b.c' }, '400 invalid_request'],
    ['§7.1 three hints', { login_hint_token: 'a.b.c', id_token_hint: 'a.b.c' }, '400 invalid_request'],
    ['§7.1 no openid', { scope: 'scope_all' }, '400 invalid_scope'],
    ['§7.1 no scope', { scope: '' }, '400 invalid_scope'],
    ['PSC §3 the card, where none is accepted', { channel: 'CARD' }, '400 invalid_request'],
    ['PSC §3 an unknown channel', { channel: 'PIGEON' }, '400 invalid_request'],
    ['FAPI-CIBA §5.2.2 no binding_message', { binding_message: '' }, '400 invalid_binding_message'],
    ['§7.1 a long binding_message', { binding_message: 'x'.repeat(101) }, '400 invalid_binding_message'],
    ['§7.1 two lines', { binding_message: 'a\nb' }, '400 invalid_binding_message'],
    ['§7.1 text turned around', { binding_message: 'a\u202eb' }, '400 invalid_binding_message'],
    ['§7.1 a zero expiry', { requested_expiry: '0' }, '400 invalid_request'],
    ['§7.1 a negative expiry', { requested_expiry: '-5' }, '400 invalid_request'],
    ['§7.1 a fractional expiry', { requested_expiry: '1.5' }, '400 invalid_request'],
    ['a hint that can be nobody', { login_hint: 'alice@example.org' }, '400 unknown_user_id'],
    ['a class that a phone cannot reach', { acr_values: 'phr' }, '400 invalid_request'],
    ['a notification token with a space', { client_notification_token: 'a b' }, '400 invalid_request'],
    ['a long notification token', { client_notification_token: 'a'.repeat(1025) }, '400 invalid_request'],
  ])('%s', async (_, change, expected) => {
    const response = await service.post('/bc-authorize', asked('899700599999', change))
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await refusal(response)).toBe(expected)
  })

  it('RFC 6749 §3.1: a parameter twice', async () => {
    const body = `${new URLSearchParams(asked('899700599999'))}&login_hint=899700599998`
    const response = await here.app.fetch(
      new Request(`${here.issuer}/bc-authorize`, {
        method: 'POST',
        headers: {
          authorization: service.authorization,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      }),
    )
    expect(await refusal(response)).toBe('400 invalid_request')
  })

  it('§7.1: anything but POST', async () => {
    const response = await here.app.fetch(new Request(`${here.issuer}/bc-authorize?login_hint=8`))
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })

  it('§13: a wrong secret, and a client that is not known', async () => {
    for (const id of [service.clientId, 'nobody']) {
      const response = await service.post('/bc-authorize', asked('899700599999'), {
        authorization: `Basic ${btoa(`${id}:wrong`)}`,
      })
      expect(response.headers.get('www-authenticate')).toContain('Basic')
      expect(await refusal(response)).toBe('401 invalid_client')
    }
  })

  it('§13 unauthorized_client: a client that did not register for it, here and at the token endpoint', async () => {
    const other = await here.service({
      grant_types: ['authorization_code'],
      redirect_uris: ['https://dossier.example.test/cb'],
    })
    expect(await refusal(await other.post('/bc-authorize', asked('899700599999')))).toBe(
      '400 unauthorized_client',
    )
    expect(await refusal(await poll(other, 'x'))).toBe('400 unauthorized_client')
  })

  it('§7.1: an id_token_hint of another client, and one that we never signed', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const other = await here.service()
    const ack = await begin(here, other, asked(nationalId))
    await phone.tap(await request(phone), '47')
    const { id_token } = await (await poll(other, ack.auth_req_id)).json<Tokens>()
    const { login_hint: _, ...form } = asked(nationalId)
    for (const hint of [id_token, `${id_token.slice(0, -4)}AAAA`, 'not a token'])
      expect(await refusal(await service.post('/bc-authorize', { ...form, id_token_hint: hint }))).toBe(
        '400 invalid_request',
      )
  })

  it.each([
    ['without auth_req_id', {}, '400 invalid_request'],
    ['that is no handle', { auth_req_id: '\u0000' }, '400 invalid_grant'],
    ['never given', { auth_req_id: `${'A'.repeat(22)}.${'A'.repeat(43)}` }, '400 invalid_grant'],
  ])('§10.1: a token request %s', async (_, change, expected) => {
    expect(await refusal(await service.post('/token', { grant_type: CIBA, ...change }))).toBe(expected)
  })

  it('§11: a wrong secret for a request that exists', async () => {
    const { auth_req_id } = await begin(here, service, asked(await here.person()))
    const [object] = auth_req_id.split('.')
    expect(await refusal(await poll(service, `${object}.${'A'.repeat(43)}`))).toBe('400 invalid_grant')
    expect(await refusal(await poll(service, auth_req_id))).toBe('400 authorization_pending')
  })

  it.each(['none', 'another value'])('§11 access_denied: the person picks %s', async (picked) => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const { auth_req_id } = await begin(here, service, asked(nationalId))
    const shown = await request(phone)
    const other = shown.values.find((value) => value !== '47') ?? ''
    const done = await phone.tap(shown, picked === 'none' ? 'none' : other)
    expect(done.json).toEqual({ outcome: picked === 'none' ? 'denied' : 'wrong-code' })
    expect(await refusal(await poll(service, auth_req_id))).toBe('400 access_denied')
    // One attempt: the right value does not mend it.
    expect((await phone.tap(shown, '47')).json).toEqual({ error: 'request-gone' })
    expect(await refusal(await poll(service, auth_req_id))).toBe('400 access_denied')
  })

  it('§11 expired_token: after expires_in, for the client and for the phone; forgotten ten minutes later', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const { auth_req_id } = await begin(here, service, asked(nationalId))
    const shown = await request(phone)
    const stub = await later(auth_req_id, 120)
    expect(await refusal(await poll(service, auth_req_id))).toBe('400 expired_token')
    expect((await phone.tap(shown, '47')).json).toEqual({ error: 'request-gone' })
    await later(auth_req_id, 721)
    await runDurableObjectAlarm(stub)
    expect(await refusal(await poll(service, auth_req_id))).toBe('400 invalid_grant')
    await runInDurableObject(stub, async (_, state) => {
      expect((await state.storage.list()).size).toBe(0)
    })
  })

  it('§11 access_denied: the phone was revoked while it asked', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const { auth_req_id } = await begin(here, service, asked(nationalId))
    const { json } = await phone.call('GET', 'me')
    const { device } = json as { device: { id: string } }
    await phone.call('POST', 'devices/revoke', { id: device.id })
    expect(await refusal(await poll(service, auth_req_id))).toBe('400 access_denied')
  })
})
