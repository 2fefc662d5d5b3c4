import { env } from 'cloudflare:workers'
import {
  createLocalJWKSet,
  decodeJwt,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { ringSigner } from '../../../src/keys/ring-signer.object.ts'
import { Service, type Tokens } from '../../actors/service.ts'

const composed = compose(env, { channel: { deliver: async () => 'delivered' }, registrationOpen: true })
const { app, settings } = composed
const { issuer } = settings
const signer = ringSigner({
  ring: env.KEY_RING,
  keyEncryptionKey: settings.keyEncryptionKey,
  clock: systemClock,
})
let service: Service
let tokens: Tokens
beforeAll(async () => {
  service = await Service.register(composed)
  tokens = await service.tokens()
})

const jwks = async () => (await app.request(`${issuer}/jwks`, {}, env)).json<JSONWebKeySet>()
const verified = async (token: string) =>
  jwtVerify(token, createLocalJWKSet(await jwks()), { issuer, audience: issuer, algorithms: ['ES256'] })

describe('RFC 9068 §2: the access tokens that are issued', () => {
  it('§2.1: signed, by a key that is published, as at+jwt', async () => {
    const { protectedHeader } = await verified(tokens.access_token)
    expect(protectedHeader).toEqual({ typ: 'at+jwt', alg: 'ES256', kid: expect.stringMatching(/./) })
  })

  it('§2.2: with every claim that is required', async () => {
    const { payload } = await verified(tokens.access_token)
    expect(payload).toMatchObject({
      iss: issuer,
      aud: issuer,
      sub: expect.stringMatching(/./),
      client_id: service.clientId,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/./),
    })
    expect(decodeJwt((await service.tokens()).access_token).jti).not.toBe(payload.jti)
  })

  it('§2.2.3: with the scope that was granted', async () => {
    const { access_token } = await service.tokens({ scope: 'openid identity' })
    expect(decodeJwt(access_token).scope).toBe('openid identity')
  })

  it('§2.2.1: auth_time, acr and amr are of the sign-in, and a refresh changes nothing of them', async () => {
    const given = await service.tokens()
    const again = await service.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: given.refresh_token,
    })
    const { access_token: next } = await again.json<Tokens>()
    const of = (token: string) => {
      const { auth_time, acr, amr } = decodeJwt(token)
      return { auth_time, acr, amr }
    }
    expect(of(given.access_token)).toEqual({
      auth_time: expect.any(Number),
      acr: 'eidas1',
      amr: ['pop', 'user', 'mfa'],
    })
    expect(of(next)).toEqual(of(given.access_token))
  })

  it('§5: the subject of a client is no person’s', async () => {
    const machine = await Service.register(composed, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
    })
    const response = await machine.post('/token', { grant_type: 'client_credentials' })
    const { access_token } = await response.json<Tokens>()
    expect(decodeJwt(access_token).sub).toBe(machine.clientId)
    expect(machine.clientId).not.toMatch(/^f:/)
    expect(decodeJwt(tokens.access_token).sub).toMatch(/^f:/)
  })
})

describe('RFC 9068 §4: where a token is shown', () => {
  /** The token anew, changed, signed by our own key. */
  const resigned = (change: Record<string, unknown>, typ = 'at+jwt') =>
    signer.sign({ ...decodeJwt(tokens.access_token), ...change }, { typ, alg: 'ES256' })

  it.each(['at+jwt', 'application/at+jwt', 'AT+JWT'])('typ %s is taken', async (typ) => {
    expect(await service.userinfo(await resigned({}, typ))).toBe(200)
  })

  it.each<[string, () => Promise<string> | string]>([
    ['another typ', () => resigned({}, 'JWT')],
    ['the typ of another kind of token', () => resigned({}, 'logout+jwt')],
    ['an ID token', () => tokens.id_token],
    ['another issuer', () => resigned({ iss: 'https://other.example' })],
    ['the issuer with a slash', () => resigned({ iss: `${issuer}/` })],
    ['another audience', () => resigned({ aud: 'https://api.example' })],
    ['no audience', () => resigned({ aud: undefined })],
    ['a token that is over', () => resigned({ exp: systemClock() - 1 })],
    ['a token without an end', () => resigned({ exp: undefined })],
    ['no signature', () => new UnsecuredJWT(decodeJwt(tokens.access_token)).encode()],
    [
      'alg none in an honest form',
      () => {
        const head = btoa('{"typ":"at+jwt","alg":"none"}').replace(/=+$/, '')
        return `${head}.${tokens.access_token.split('.')[1]}.`
      },
    ],
    [
      'a key that is not published',
      async () => {
        const { privateKey } = await generateKeyPair('ES256')
        return new SignJWT(decodeJwt(tokens.access_token))
          .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256' })
          .sign(privateKey)
      },
    ],
    [
      'the published key taken for a secret',
      async () => {
        const secret = new TextEncoder().encode(JSON.stringify((await jwks()).keys[0]))
        return new SignJWT(decodeJwt(tokens.access_token))
          .setProtectedHeader({ typ: 'at+jwt', alg: 'HS256' })
          .sign(secret)
      },
    ],
  ])('refuses %s', async (_, make) => {
    expect(await service.userinfo(await make())).toBe(401)
    expect(await service.userinfo(tokens.access_token)).toBe(200)
  })
})
