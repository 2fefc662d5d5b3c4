import * as oauth from 'oauth4webapi'
import { expect, it } from 'vitest'
import { digest } from '../../../src/kernel/digest.ts'
import { REDIRECT_URI } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

/** What oauth4webapi hands to fetch. */
interface Asking {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
}

const desk = tokenDesk()

it('RFC 9449: oauth4webapi with a key of its own: nonce asked for, code, userinfo, refresh', async () => {
  const { issuer } = desk
  const service = await desk.service({ token_endpoint_auth_method: 'none' })
  const statuses: number[] = []
  const options = {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (url: string, { method, headers, body }: Asking) => {
      const response = await desk.fetch(url, { method, ...(body === undefined ? {} : { body }) }, { headers })
      statuses.push(response.status)
      return response
    },
  } as const
  const discovered = await oauth.discoveryRequest(new URL(issuer), options)
  const server = await oauth.processDiscoveryResponse(new URL(issuer), discovered)
  expect(server.dpop_signing_alg_values_supported).toContain('ES256')
  const client: oauth.Client = { client_id: service.clientId }
  const dpop = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
  const dpopped = { ...options, DPoP: dpop } as const

  const verifier = oauth.generateRandomCodeVerifier()
  const jkt = await dpop.calculateThumbprint()
  const { code } = await service.signIn({ codeChallenge: await digest(verifier), nonce: undefined, jkt })
  const callback = new URL(`${REDIRECT_URI}?${new URLSearchParams({ code, state: 's', iss: issuer })}`)
  const parameters = oauth.validateAuthResponse(server, client, callback, 's')
  const grant = () =>
    oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      parameters,
      REDIRECT_URI,
      verifier,
      dpopped,
    )
  let tokens: oauth.TokenEndpointResponse
  try {
    tokens = await oauth.processAuthorizationCodeResponse(server, client, await grant())
  } catch (error) {
    // §8: the first answer only brings the nonce.
    if (!oauth.isDPoPNonceError(error)) throw error
    tokens = await oauth.processAuthorizationCodeResponse(server, client, await grant())
  }
  expect(tokens.token_type).toBe('dpop')
  const subject = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? ''
  const info = await oauth.userInfoRequest(server, client, tokens.access_token, dpopped)
  expect(await oauth.processUserInfoResponse(server, client, subject, info)).toMatchObject({
    family_name: 'TESTEUR',
  })
  const refreshed = await oauth.processRefreshTokenResponse(
    server,
    client,
    await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token ?? '', dpopped),
  )
  expect(refreshed.token_type).toBe('dpop')
  expect(statuses).toEqual([200, 400, 200, 200, 200])
})
