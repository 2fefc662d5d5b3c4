import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { organisationAuthority } from '../../actors/organisations.ts'
import { ProofKey } from '../../actors/proof.ts'
import type { Service } from '../../actors/service.ts'
import { MTLS_ORIGIN, tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
let structure: Service
let web: Service
beforeAll(async () => {
  structure = await desk.service({
    redirect_uris: [],
    grant_types: ['client_credentials', 'refresh_token'],
    scope: 'openid scope_all releves:lire releves:deposer',
  })
  web = await desk.service()
})

const ask = (by: Service, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  desk.token(
    { grant_type: 'client_credentials', ...form },
    { headers: { authorization: by.authorization, ...headers } },
  )
type Answer = Record<'access_token' | 'token_type' | 'scope' | 'error', string>

describe('RFC 6749 §4.4: grants', () => {
  it('§4.4.3: an access token in the client’s own name, no refresh token and no ID token', async () => {
    const response = await ask(structure)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = await response.json<Answer>()
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
    expect(body.scope).toBe('releves:lire releves:deposer')
  })

  it('RFC 9068 §2.2: sub is the client, and nobody signed in', async () => {
    const { access_token: token } = await (await ask(structure)).json<Answer>()
    const jwks = await (await desk.fetch('/jwks', {}, {})).json<JSONWebKeySet>()
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
      issuer: desk.issuer,
      audience: desk.issuer,
      subject: structure.clientId,
    })
    expect(protectedHeader.typ).toBe('at+jwt')
    expect(payload).toMatchObject({ client_id: structure.clientId, scope: 'releves:lire releves:deposer' })
    for (const claim of ['auth_time', 'acr', 'amr', 'sid', 'authMode', 'SubjectNameID'])
      expect(payload).not.toHaveProperty(claim)
  })

  it('§3.3: less scope when less is asked', async () => {
    const body = await (await ask(structure, { scope: 'releves:lire' })).json<Answer>()
    expect(body.scope).toBe('releves:lire')
    expect(decodeJwt(body.access_token).scope).toBe('releves:lire')
  })

  it('without a call of any object and without a query', async () => {
    expect(await desk.cost(() => ask(structure))).toEqual({ objects: [], queries: [] })
  })

  it('RFC 9449 §5: bound to a key', async () => {
    const key = await ProofKey.make()
    const dpop = await key.prove({ url: `${desk.issuer}/token`, nonce: await desk.nonce(key) })
    const body = await (await ask(structure, {}, { dpop })).json<Answer>()
    expect(body.token_type).toBe('DPoP')
    expect(decodeJwt(body.access_token).cnf).toEqual({ jkt: key.thumbprint })
  })

  it('RFC 8705 §3: of a certificate, and bound to it', async () => {
    const authority = await organisationAuthority()
    await authority.enter()
    const organisation = await desk.service({
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'dossier.example.test',
      tls_client_certificate_bound_access_tokens: true,
    })
    const response = await desk.token(
      { grant_type: 'client_credentials', client_id: organisation.clientId },
      { origin: MTLS_ORIGIN, certificate: await authority.issue() },
    )
    const body = await response.json<Answer>()
    expect(body).not.toHaveProperty('scope')
    expect(decodeJwt(body.access_token).cnf).toHaveProperty('x5t#S256')
  })

  it('RFC 7662 §2.2: is active at introspection, without a person', async () => {
    const api = await desk.service({ serment_introspection: true })
    const { access_token: token } = await (await ask(structure)).json<Answer>()
    const answer = await (await api.post('/introspect', { token })).json<Record<string, unknown>>()
    expect(answer).toMatchObject({ active: true, sub: structure.clientId, client_id: structure.clientId })
    expect(answer).not.toHaveProperty('SubjectNameID')
  })
})

describe('RFC 6749 §4.4: refuses', () => {
  it.each([
    ['§5.2: openid, which is about a person', 'openid'],
    ['§5.2: scope_all, be it registered', 'scope_all releves:lire'],
    ['§5.2: more than is registered', 'releves:lire releves:detruire'],
  ])('%s', async (_, scope) => {
    const response = await ask(structure, { scope })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_scope' })
  })

  it('§5.2: a client that is not registered for the grant', async () => {
    const response = await ask(web)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'unauthorized_client' })
  })

  it('§5.2: a wrong secret', async () => {
    const response = await ask(
      structure,
      {},
      { authorization: `Basic ${btoa(`${structure.clientId}:wrong`)}` },
    )
    expect(response.status).toBe(401)
  })

  it('§4.4.2: a public client cannot be registered for it', async () => {
    const open = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' }
    await expect(desk.service({ redirect_uris: [], ...open })).rejects.toThrow(/invalid_client_metadata/)
  })

  it('OIDC Core §5.3: the token is worth nothing at userinfo', async () => {
    const { access_token: token } = await (await ask(structure)).json<Answer>()
    const response = await desk.userinfo(token)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope' })
  })
})
