import { base64url } from 'jose'
import { expect, it } from 'vitest'
import { CLIENT } from '../../actors/certificates.ts'
import { REDIRECT_URI } from '../../actors/service.ts'
import { MTLS_ORIGIN, tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()

it('RFC 8705 §3.2: introspection tells the certificate of a token: base64url of the SHA-256, without padding', async () => {
  const bound = await desk.service({ tls_client_certificate_bound_access_tokens: true })
  const api = await desk.service({ serment_introspection: true })
  const { code } = await bound.signIn()
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }
  const headers = { authorization: bound.authorization }
  const { access_token: token } = await (
    await desk.token(form, { origin: MTLS_ORIGIN, certificate: CLIENT, headers })
  ).json<{
    access_token: string
  }>()
  const thumbprint = base64url.encode(
    new Uint8Array(
      await crypto.subtle.digest(
        'SHA-256',
        Uint8Array.from(atob(CLIENT), (c) => c.charCodeAt(0)),
      ),
    ),
  )
  expect(thumbprint).toMatch(/^[\w-]{43}$/)
  expect(await (await api.post('/introspect', { token })).json()).toMatchObject({
    active: true,
    token_type: 'Bearer',
    cnf: { 'x5t#S256': thumbprint },
  })
})
