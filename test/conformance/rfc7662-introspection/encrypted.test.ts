import {
  compactDecrypt,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import { describe, expect, it } from 'vitest'
import { ENCRYPTION_ALGORITHMS, ENCRYPTION_METHODS } from '../../../src/protocol/oauth/encryption-metadata.ts'
import { world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
const JWT = 'application/token-introspection+jwt'
const CASES = ENCRYPTION_ALGORITHMS.flatMap((alg) =>
  [undefined, ...ENCRYPTION_METHODS].map((enc) => [alg, enc] as const),
)

/** A resource with a key of its own, to which its answers are encrypted. */
async function resource(alg: string, enc: string | undefined) {
  const keys = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'mine', use: 'enc', alg }
  const service = await here.service({
    serment_introspection: true,
    jwks: { keys: [jwk] },
    introspection_encrypted_response_alg: alg,
    introspection_encrypted_response_enc: enc,
  })
  return { service, privateKey: keys.privateKey }
}
const ask = async (by: Service, accept: string) => {
  const { access_token: token } = await by.tokens()
  return { token, response: await by.post('/introspect', { token }, { accept }) }
}

describe('RFC 9701 §5: an answer signed, then encrypted', () => {
  it.each(CASES)('with %s and enc %s', async (alg, enc) => {
    const { service, privateKey } = await resource(alg, enc)
    const { response } = await ask(service, JWT)
    expect(response.headers.get('content-type')).toBe(JWT)
    const body = new TextDecoder().decode(await response.arrayBuffer())
    expect(body.split('.')).toHaveLength(5)
    const { plaintext, protectedHeader } = await compactDecrypt(body, privateKey)
    expect(protectedHeader).toMatchObject({ alg, enc: enc ?? 'A128CBC-HS256', kid: 'mine', cty: 'JWT' })
    const jwks = createLocalJWKSet(
      await (await here.network(`${here.issuer}/jwks`, {})).json<JSONWebKeySet>(),
    )
    const { payload } = await jwtVerify(plaintext, jwks, {
      issuer: here.issuer,
      audience: service.clientId,
      typ: 'token-introspection+jwt',
    })
    expect(payload.token_introspection).toMatchObject({ active: true })
  })

  it('what is not asked as a JWT stays JSON (§4)', async () => {
    const { service } = await resource('ECDH-ES', undefined)
    expect(await (await ask(service, 'application/json')).response.json()).toMatchObject({ active: true })
  })

  it('discovery: the algorithms that are shown here', async () => {
    const metadata = await (await here.network(`${here.issuer}/.well-known/openid-configuration`, {})).json()
    expect(metadata).toMatchObject({
      introspection_encryption_alg_values_supported: ENCRYPTION_ALGORITHMS,
      introspection_encryption_enc_values_supported: ENCRYPTION_METHODS,
    })
  })
})

describe('RFC 9701 §6: refuses', () => {
  it.each([
    ['an enc without alg', { introspection_encrypted_response_enc: 'A256GCM' }],
    ['no key to encrypt to', { introspection_encrypted_response_alg: 'ECDH-ES' }],
    ['RFC 8725 §3.2: RSA1_5', { introspection_encrypted_response_alg: 'RSA1_5' }],
  ])('registration with %s', async (_, metadata) => {
    await expect(here.service(metadata)).rejects.toThrow('invalid_client_metadata')
  })

  it('a resource whose key is gone gets nothing in the clear', async () => {
    const away = await here.service({
      serment_introspection: true,
      jwks_uri: 'https://keys.away.example/jwks',
      introspection_encrypted_response_alg: 'ECDH-ES',
    })
    const { response } = await ask(away, JWT)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})
