import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Service } from '../../actors/service.ts'
import { asked, begin, poll, refusal, request, world } from './world.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})

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
    const tokens = await response.json<{ access_token: string; id_token: string; refresh_token: string }>()
    const claims = decodeJwt(tokens.id_token)
    expect(claims).toMatchObject({
      aud: service.clientId,
      acr: 'eidas1',
      amr: expect.arrayContaining(['pop', 'user', 'mfa', 'mca']),
      authMode: 'MOBILE',
      SubjectNameID: nationalId,
    })
    // §10.3.1: only a token that is pushed names its request.
    expect(claims).not.toHaveProperty('urn:openid:params:jwt:claim:auth_req_id')
    expect(await service.userinfo(tokens.access_token)).toBe(200)
  })
})
