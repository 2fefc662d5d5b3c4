import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { answer, authorize, locationOf, posted, request, signIn, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})

describe('RFC 9207: who answers', () => {
  it('§2: with a code', async () => {
    const back = await signIn(here.browser(), request(service))
    expect(locationOf(back).searchParams.getAll('iss')).toEqual([here.issuer])
    expect(answer(back)).toHaveProperty('code')
  })

  it.each([
    ['of the person', { prompt: 'none' }, 'login_required'],
    ['of the request', { response_type: 'token' }, 'unsupported_response_type'],
    ['of its object', { request: 'x' }, 'invalid_request_object'],
  ])('§2: with an error, %s', async (_, more: Record<string, string>, error) => {
    const back = await authorize(here.browser(), request(service, more))
    expect(locationOf(back).searchParams.getAll('iss')).toEqual([here.issuer])
    expect(answer(back)).toMatchObject({ error })
  })

  it('§2: in a form', async () => {
    const back = await signIn(here.browser(), request(service, { response_mode: 'form_post' }))
    expect((await posted(back)).fields).toMatchObject({ iss: here.issuer, code: expect.any(String) })
    const refused = await authorize(
      here.browser(),
      request(service, { response_mode: 'form_post', prompt: 'none' }),
    )
    expect((await posted(refused)).fields).toMatchObject({ iss: here.issuer, error: 'login_required' })
  })

  it('§2: in a signed answer by its claim', async () => {
    const back = await signIn(here.browser(), request(service, { response_mode: 'jwt' }))
    expect(decodeJwt(answer(back).response ?? '')).toMatchObject({ iss: here.issuer })
  })

  it('§2, §2.3, §3: it is the issuer of the metadata, which say that it is there', async () => {
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const response = await here.network(`${here.issuer}/.well-known/${name}`, {})
      expect(await response.json()).toMatchObject({
        issuer: here.issuer,
        authorization_response_iss_parameter_supported: true,
      })
    }
    const { pathname, search, hash } = new URL(here.issuer)
    expect([pathname, search, hash]).toEqual(['/', '', ''])
  })
})
