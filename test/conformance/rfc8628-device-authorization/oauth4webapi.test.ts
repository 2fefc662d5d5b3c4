import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { fetch, issuer, Person } from '../federator.ts'
import { connect, DEVICE_GRANT, passes, screen } from './world.ts'

/** What oauth4webapi hands to fetch. */
interface Asking {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
}

describe('oauth4webapi', () => {
  it('RFC 8628 §3.1 to §3.5: asks, is told to wait and to slow down, gets tokens', async () => {
    const service = await screen()
    const person = await Person.who()
    const options = {
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: async (url: string, { method, headers, body }: Asking) =>
        fetch(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })),
    }
    const at = new URL(issuer)
    const server = await oauth.processDiscoveryResponse(at, await oauth.discoveryRequest(at, options))
    expect(server.device_authorization_endpoint).toBe(`${issuer}/device_authorization`)
    expect(server.grant_types_supported).toContain(DEVICE_GRANT)

    const client: oauth.Client = { client_id: service.client_id }
    const auth = oauth.ClientSecretBasic(service.client_secret ?? '')
    const asking = await oauth.deviceAuthorizationRequest(
      server,
      client,
      auth,
      { scope: 'openid scope_all' },
      options,
    )
    const device = await oauth.processDeviceAuthorizationResponse(server, client, asking)
    const processed = async () =>
      oauth.processDeviceCodeResponse(
        server,
        client,
        await oauth.deviceCodeGrantRequest(server, client, auth, device.device_code, options),
      )
    await expect(processed()).rejects.toMatchObject({ error: 'authorization_pending' })
    await expect(processed()).rejects.toMatchObject({ error: 'slow_down' })

    const shown = {
      ...device,
      verification_uri_complete: device.verification_uri_complete ?? '',
      interval: device.interval ?? 0,
    }
    await connect(shown, person)
    const tokens = await processed()
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    expect(claims?.SubjectNameID).toBe(person.id)
    const info = await oauth.userInfoRequest(server, client, tokens.access_token, options)
    const told = await oauth.processUserInfoResponse(server, client, claims?.sub ?? '', info)
    expect(told.SubjectNameID).toBe(person.id)
    await expect(processed()).rejects.toMatchObject({ error: 'invalid_grant' })
    await passes(shown, 700)
    await expect(processed()).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
