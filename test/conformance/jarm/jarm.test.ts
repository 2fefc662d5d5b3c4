import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  answer,
  authorize,
  CHALLENGE,
  claimsOf,
  locationOf,
  posted,
  request,
  signIn,
  VERIFIER,
  world,
} from '../../actors/authorization.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'

const here = world()
const keys = createRemoteJWKSet(new URL(`${here.issuer}/jwks`), {
  [customFetch]: (url, init) => here.network(url, init as RequestInit),
})
let service: Service
let other: Service
let metadata: oauth.AuthorizationServer
beforeAll(async () => {
  service = await here.service()
  other = await here.service({ client_name: 'Messagerie' })
  metadata = await (await here.network(`${here.issuer}/.well-known/openid-configuration`, {})).json()
})
const options = { [oauth.customFetch]: here.network, [oauth.allowInsecureRequests]: true } as const
const validated = (by: Service, parameters: URLSearchParams | URL, state = 'the state') =>
  oauth.validateJwtAuthResponse(metadata, { client_id: by.clientId }, parameters, state, {
    [oauth.customFetch]: (url) => here.network(url, {}),
    [oauth.allowInsecureRequests]: true,
  })

describe('JARM: grants', () => {
  it.each(['jwt', 'query.jwt'])(
    '§2.3.1, §2.3.4: response_mode=%s, one signed parameter in the query',
    async (mode) => {
      const response = await signIn(here.browser(), request(service, { response_mode: mode }))
      expect(Object.keys(answer(response))).toEqual(['response'])
      const jwt = answer(response).response ?? ''
      const { payload } = await jwtVerify(jwt, keys, { issuer: here.issuer, audience: service.clientId })
      expect(payload).toMatchObject({ code: expect.any(String), state: 'the state' })
      // §2.1: ten minutes at most.
      expect((payload.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(600)
      expect((payload.exp ?? 0) - Date.now() / 1000).toBeGreaterThan(590)
    },
  )

  it('§2.3.3: response_mode=form_post.jwt, in a form', async () => {
    const response = await signIn(here.browser(), request(service, { response_mode: 'form_post.jwt' }))
    const { action, fields } = await posted(response)
    expect(action).toBe(REDIRECT_URI)
    expect(Object.keys(fields)).toEqual(['response'])
    await validated(service, new URLSearchParams(fields))
  })

  it('with oauth4webapi: from the signed answer to the tokens', async () => {
    const sent = request(service, {
      response_mode: 'jwt',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    })
    const parameters = await validated(service, locationOf(await signIn(here.browser(), sent)))
    const response = await oauth.authorizationCodeGrantRequest(
      metadata,
      { client_id: service.clientId },
      oauth.ClientSecretPost(service.secret),
      parameters,
      REDIRECT_URI,
      VERIFIER,
      options,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(
      metadata,
      { client_id: service.clientId },
      response,
      {
        expectedNonce: 'the nonce',
      },
    )
    expect(tokens.access_token).toBeTruthy()
  })

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])('§3: signed %s where it is registered', async (alg) => {
    const signing = await here.service({ authorization_signed_response_alg: alg })
    expect(signing.registered).toMatchObject({ authorization_signed_response_alg: alg })
    const response = await authorize(
      here.browser(),
      request(signing, { response_mode: 'jwt', prompt: 'none' }),
    )
    const jwt = answer(response).response ?? ''
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg, kid: expect.any(String) })
    await jwtVerify(jwt, keys, { issuer: here.issuer, audience: signing.clientId })
  })

  it('§3: RS256 where nothing is registered', async () => {
    const response = await authorize(
      here.browser(),
      request(service, { response_mode: 'jwt', prompt: 'none' }),
    )
    expect(decodeProtectedHeader(answer(response).response ?? '').alg).toBe('RS256')
  })

  it('§2.1: refusals are signed too', async () => {
    const response = await authorize(
      here.browser(),
      request(service, { response_mode: 'jwt', prompt: 'none' }),
    )
    expect(claimsOf(answer(response).response ?? '')).toMatchObject({
      error: 'login_required',
      state: 'the state',
      iss: here.issuer,
      aud: service.clientId,
    })
  })

  it('RFC 9126: the mode of a pushed request', async () => {
    const pushed = await service.post('/par', request(service, { response_mode: 'jwt' }))
    const { request_uri } = await pushed.json<{ request_uri: string }>()
    const response = await signIn(here.browser(), { client_id: service.clientId, request_uri })
    await validated(service, locationOf(response))
  })
})

describe('JARM: refuses', () => {
  const signed = async () =>
    locationOf(await signIn(here.browser(), request(service, { response_mode: 'jwt' })))

  it('§5.2, attack: an answer of another client is not this one’s (mix-up)', async () => {
    await expect(validated(other, await signed())).rejects.toThrow(/aud/)
  })

  it('attack: an answer of another request', async () => {
    await expect(validated(service, await signed(), 'another state')).rejects.toThrow(/state/)
  })

  it('attack: a code put into a signed answer', async () => {
    const url = await signed()
    const [header, , signature] = (url.searchParams.get('response') ?? '').split('.')
    const claims = { ...claimsOf(url.searchParams.get('response') ?? ''), code: 'injected' }
    url.searchParams.set(
      'response',
      `${header}.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.${signature}`,
    )
    await expect(validated(service, url)).rejects.toThrow()
  })

  it('attack: a signed answer as id_token_hint', async () => {
    const hint = (await signed()).searchParams.get('response') ?? ''
    expect(answer(await authorize(here.browser(), request(service, { id_token_hint: hint })))).toMatchObject({
      error: 'invalid_request',
    })
  })

  it('§3: unsigned, or under a secret, cannot be registered', async () => {
    for (const alg of ['none', 'HS256'])
      await expect(here.service({ authorization_signed_response_alg: alg })).rejects.toThrow(
        'invalid_client_metadata',
      )
  })

  it('§2.3.2: fragment.jwt', async () => {
    const response = await authorize(here.browser(), request(service, { response_mode: 'fragment.jwt' }))
    expect(answer(response)).toMatchObject({ error: 'invalid_request' })
  })
})

it('discovery: the algorithms that are shown here', () => {
  expect(metadata).toMatchObject({
    authorization_signing_alg_values_supported: ['RS256', 'ES256', 'PS256', 'EdDSA'],
  })
})
