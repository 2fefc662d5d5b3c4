import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { asked, CIBA, request, until, world } from './world.ts'

const here = world()

/** What oauth4webapi hands to fetch. */
interface Asking {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
}

describe('oauth4webapi', () => {
  it('CIBA Core §7, §10, §11: asks, is told to wait, gets tokens', async () => {
    const service = await here.service()
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const options = {
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (url: string, { method, headers, body }: Asking) =>
        here.app.fetch(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })),
    }
    const issuer = new URL(here.issuer)
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
    expect(server).toMatchObject({
      backchannel_authentication_endpoint: `${here.issuer}/bc-authorize`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      backchannel_user_code_parameter_supported: true,
    })
    expect(server.grant_types_supported).toContain(CIBA)

    const client: oauth.Client = { client_id: service.clientId }
    const auth = oauth.ClientSecretBasic(service.secret)
    const asking = await oauth.backchannelAuthenticationRequest(
      server,
      client,
      auth,
      asked(nationalId),
      options,
    )
    const ack = await oauth.processBackchannelAuthenticationResponse(server, client, asking)
    const grant = () =>
      oauth.backchannelAuthenticationGrantRequest(server, client, auth, ack.auth_req_id, options)
    const processed = async () =>
      oauth.processBackchannelAuthenticationGrantResponse(server, client, await grant())
    await expect(processed()).rejects.toMatchObject({ error: 'authorization_pending' })
    await expect(processed()).rejects.toMatchObject({ error: 'slow_down' })

    await until(() => here.events().some(({ detail }) => detail === 'service: listed'))
    await phone.tap(await request(phone), '47')
    const tokens = await processed()
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    expect(claims?.SubjectNameID).toBe(nationalId)
    const info = await oauth.userInfoRequest(server, client, tokens.access_token, options)
    const person = await oauth.processUserInfoResponse(server, client, claims?.sub ?? '', info)
    expect(person.SubjectNameID).toBe(nationalId)
    await expect(processed()).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
