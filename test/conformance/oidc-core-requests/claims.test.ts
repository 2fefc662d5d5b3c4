import { beforeAll, describe, expect, it } from 'vitest'
import {
  answer,
  authorize,
  claimsOf,
  locationOf,
  prove,
  request,
  signIn,
  someone,
  toMire,
  type World,
  world,
} from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const here: World = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})

const wishing = (by: Service, claims: object, more: Record<string, string> = {}) =>
  request(by, { scope: 'openid', claims: JSON.stringify(claims), ...more })

/** Signs in and reads both places. */
async function told(by: Service, sent: Record<string, string>) {
  const { code = '' } = answer(await signIn(here.browser(), sent))
  const tokens = await by.redeem(code)
  const response = await here.network(`${here.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  return {
    idToken: claimsOf(tokens.id_token),
    userinfo: await response.json<Record<string, unknown>>(),
    tokens,
  }
}

describe('OIDC Core §5.5: grants', () => {
  it('a claim by name in userinfo, without the scope that would give more', async () => {
    const { userinfo, idToken } = await told(
      service,
      wishing(service, { userinfo: { given_name: { essential: true }, SubjectRole: null } }),
    )
    expect(userinfo).toMatchObject({ given_name: 'NOA', SubjectRole: expect.any(Array) })
    expect(userinfo).not.toHaveProperty('family_name')
    expect(userinfo).not.toHaveProperty('otherIds')
    expect(idToken).not.toHaveProperty('given_name')
  })

  it('a claim by name in the ID token, and in no other place', async () => {
    const { userinfo, idToken } = await told(
      service,
      wishing(service, { id_token: { family_name: null, SubjectRefPro: null } }),
    )
    expect(idToken).toMatchObject({ family_name: 'TESTEUR', SubjectRefPro: { exercices: expect.any(Array) } })
    expect(userinfo).not.toHaveProperty('family_name')
  })

  it('§5.5.1: what we do not have is left out, essential or not, and is no error', async () => {
    const { userinfo } = await told(
      service,
      wishing(service, { userinfo: { birthdate: { essential: true }, given_name: { value: 'AUTRE' } } }),
    )
    expect(userinfo).not.toHaveProperty('birthdate')
    expect(userinfo.given_name).toBe('NOA')
  })

  it('a refresh keeps them', async () => {
    const { tokens } = await told(service, wishing(service, { id_token: { given_name: null } }))
    const response = await service.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(claimsOf((await response.json<{ id_token: string }>()).id_token)).toMatchObject({
      given_name: 'NOA',
    })
  })

  it('§3.1.2.4: the person is shown what is asked by name, before it is told', async () => {
    const browser = here.browser()
    const back = await prove(
      browser,
      await authorize(browser, wishing(service, { userinfo: { given_name: null } })),
      someone(),
      false,
    )
    expect(toMire(back)).toBe(true)
    expect(await (await browser.ask(locationOf(back).pathname)).text()).toContain('Votre nom et votre prénom')
  })

  it('§3.1.2.4: knowing one scope is not knowing what is asked by name beside it', async () => {
    const own = await here.service()
    const browser = here.browser()
    await signIn(browser, request(own, { scope: 'openid' }))
    await here.acquainted(someone(), own, 'openid')
    const silent = await authorize(
      browser,
      wishing(own, { userinfo: { SubjectRole: null } }, { prompt: 'none' }),
    )
    expect(answer(silent)).toMatchObject({ error: 'interaction_required' })
    const plain = await authorize(browser, request(own, { scope: 'openid', prompt: 'none' }))
    expect(answer(plain)).toHaveProperty('code')
  })

  it('§5.5.1: sub with a value: that person', async () => {
    const { idToken } = await told(service, request(service))
    const claims = { id_token: { sub: { value: idToken.sub } } }
    expect(answer(await signIn(here.browser(), wishing(service, claims)))).toHaveProperty('code')
  })
})

describe('OIDC Core §5.5: refuses', () => {
  it.each(['{', '[]', '"x"', '{"userinfo":7}', '{"id_token":{"a":"b"}}'])(
    'claims that are none: %s',
    async (claims) => {
      expect(answer(await authorize(here.browser(), request(service, { claims })))).toMatchObject({
        error: 'invalid_request',
      })
    },
  )

  it('attack: a claim beyond the registration’s scopes is left out, wherever it is asked', async () => {
    const narrow = await here.service({ scope: 'openid profile' })
    const wish = { given_name: null, otherIds: null, SubjectRefPro: { essential: true }, SubjectRole: null }
    const { userinfo, idToken } = await told(narrow, wishing(narrow, { userinfo: wish, id_token: wish }))
    for (const place of [userinfo, idToken]) {
      expect(place.given_name).toBe('NOA')
      for (const name of ['otherIds', 'SubjectRefPro', 'SubjectRole']) expect(place).not.toHaveProperty(name)
    }
  })

  it('attack: the protocol’s own claims cannot be asked for with other values', async () => {
    const wish = {
      iss: { value: 'x' },
      aud: { value: 'x' },
      exp: null,
      amr: { value: 'x' },
      sid: null,
      nonce: { value: 'x' },
    }
    const { idToken } = await told(service, wishing(service, { id_token: wish }))
    expect(idToken).toMatchObject({
      iss: here.issuer,
      aud: service.clientId,
      nonce: 'the nonce',
      amr: ['pop', 'user', 'mfa'],
    })
  })

  it('§5.5.1: sub of somebody else than signs in', async () => {
    const claims = { id_token: { sub: { value: 'somebody else' } } }
    expect(answer(await signIn(here.browser(), wishing(service, claims)))).toMatchObject({
      error: 'login_required',
    })
    const browser = here.browser()
    await signIn(browser, request(service))
    await here.acquainted(someone(), service)
    expect(answer(await authorize(browser, wishing(service, claims, { prompt: 'none' })))).toMatchObject({
      error: 'login_required',
    })
  })

  it('§5.5.1: sub and id_token_hint that name different people', async () => {
    const { tokens } = await told(service, request(service))
    const sent = wishing(
      service,
      { id_token: { sub: { value: 'other' } } },
      { id_token_hint: tokens.id_token },
    )
    expect(answer(await authorize(here.browser(), sent))).toMatchObject({ error: 'invalid_request' })
  })
})

it('discovery: claims, and claims_parameter_supported', async () => {
  const metadata = await (await here.network(`${here.issuer}/.well-known/openid-configuration`, {})).json()
  expect(metadata).toMatchObject({
    claims_parameter_supported: true,
    claims_supported: expect.arrayContaining(['given_name', 'SubjectRefPro']),
  })
})
