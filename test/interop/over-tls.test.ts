import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loopbackFetch } from '../../tools/loopback-fetch.ts'
import { freePort } from '../../tools/ports.ts'
import { type Serment, startSerment } from '../../tools/serve.ts'
import { CookieJar } from './cookie-jar.ts'
import { robot, signIn } from './robot.ts'

const state = mkdtempSync(join(tmpdir(), 'serment-tls-'))
let serment: Serment
beforeAll(async () => {
  const port = await freePort()
  serment = await startSerment({ port, state, issuer: `https://identite.test:${port}`, demos: false })
})
afterAll(async () => {
  await serment.close()
  rmSync(state, { recursive: true, force: true })
})

it('openid-client with nothing switched off, over TLS under a name: __Host- cookies, https everywhere', async () => {
  const over = loopbackFetch(serment.ca)
  const fetcher = over as unknown as typeof fetch
  const options = { [client.customFetch]: over as unknown as client.CustomFetch }
  const redirectUri = 'https://rp.example.test/callback'
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const config = await client.dynamicClientRegistration(
    new URL(serment.origin),
    {
      client_name: 'Service strict',
      redirect_uris: [redirectUri],
      serment_profile: 'strict',
      jwks: { keys: [await exportJWK(publicKey)] },
    },
    client.PrivateKeyJwt(privateKey),
    options,
  )
  for (const [name, value] of Object.entries(config.serverMetadata()))
    if (name.endsWith('_endpoint') || name === 'jwks_uri')
      expect(value, name).toMatch(/^https:\/\/identite\.test:/)

  // A strict client's tokens are bound to a key of its own.
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  const verifier = client.randomPKCECodeVerifier()
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirectUri,
    scope: 'openid identity',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: 'a-state-of-my-own',
  })
  const jar = new CookieJar(fetcher)
  const professional = await robot(serment.origin, '899700900012', 'approve', fetcher)
  const back = await signIn(serment.origin, professional, url, jar, fetcher)
  expect(jar.names().every((name) => name.startsWith('__Host-'))).toBe(true)

  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: 'a-state-of-my-own',
    idTokenExpected: true,
  }
  const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP })
  expect(tokens.token_type).toBe('dpop')
  const subject = tokens.claims()?.sub ?? ''
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, subject, { DPoP })
  expect(userinfo.family_name).toBe('EXEMPLE')
})

it('Back-Channel Logout §2.5: reaches a service under the same name, whose certificate nobody else knows', async () => {
  const heard: string[] = []
  const port = await freePort()
  const files = (kind: string) => readFileSync(join(state, 'tls', `identite.test.${kind}.pem`))
  const service = createServer({ cert: files('cert'), key: files('key') }, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      heard.push(body)
      response.end()
    })
  })
  await new Promise<void>((resolve) => service.listen(port, '127.0.0.1', resolve))
  const over = loopbackFetch(serment.ca)
  const fetcher = over as unknown as typeof fetch
  const redirectUri = 'https://rp.example.test/callback'
  const config = await client.dynamicClientRegistration(
    new URL(serment.origin),
    {
      client_name: 'Service averti',
      redirect_uris: [redirectUri],
      backchannel_logout_uri: `https://identite.test:${port}/logout`,
    },
    undefined,
    { [client.customFetch]: over as unknown as client.CustomFetch },
  )
  const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: 'openid' })
  const professional = await robot(serment.origin, '899700900012', 'approve', fetcher)
  const back = await signIn(serment.origin, professional, url, new CookieJar(fetcher), fetcher)
  const tokens = await client.authorizationCodeGrant(config, back, { idTokenExpected: true })
  const logout = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token ?? '' })
  expect((await over(logout.href)).status).toBe(200)
  await expect.poll(() => heard.length, { timeout: 15_000 }).toBe(1)
  const token = new URLSearchParams(heard[0]).get('logout_token') ?? ''
  expect(decodeJwt(token)).toMatchObject({ iss: serment.origin, sid: tokens.claims()?.sid })
  service.closeAllConnections()
  await new Promise((resolve) => service.close(resolve))
})
