import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  const config = await client.dynamicClientRegistration(
    new URL(serment.origin),
    { client_name: 'Service strict', redirect_uris: [redirectUri], serment_profile: 'strict' },
    undefined,
    options,
  )
  for (const [name, value] of Object.entries(config.serverMetadata()))
    if (name.endsWith('_endpoint') || name === 'jwks_uri')
      expect(value, name).toMatch(/^https:\/\/identite\.test:/)

  // A strict client's tokens are bound to a key of its own.
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
  const verifier = client.randomPKCECodeVerifier()
  const url = client.buildAuthorizationUrl(config, {
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
