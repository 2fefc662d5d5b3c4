import * as client from 'openid-client'
import { describe, expect, inject, it } from 'vitest'
import { CookieJar } from './cookie-jar.ts'
import { robot } from './robot.ts'

const origin = inject('origin')

/** A dashboard on a wall. */
const screen = () =>
  client.dynamicClientRegistration(
    new URL(origin),
    {
      client_name: 'Tableau du service',
      redirect_uris: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
    client.None(),
    { execute: [client.allowInsecureRequests] },
  )

describe('openid-client: initiateDeviceAuthorization, pollDeviceAuthorizationGrant', () => {
  it('RFC 8628: a code on a screen, a robot in front of it, tokens', async () => {
    const config = await screen()
    const nationalId = '899700900125'
    const professional = await robot(origin, nationalId)
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid scope_all' })
    expect(device.verification_uri).toBe(`${origin}/device`)
    const polling = client.pollDeviceAuthorizationGrant(config, device)

    // As a person: types the code, says that the screen is theirs, signs in.
    const browser = new CookieJar()
    const { user_code } = device
    const shown = await browser.post(device.verification_uri, { user_code })
    expect(await shown.text()).toContain('Tableau du service')
    const begun = await browser.post(`${origin}/device/answer`, { user_code, answer: 'yes' })
    const mire = new URL(begun.headers.get('location') ?? '', origin)
    const signedIn = await fetch(`${origin}/sandbox/robots/${professional.id}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: mire.href }),
    })
    const { continueUrl } = (await signedIn.json()) as { continueUrl: string }
    expect(new URL(continueUrl).pathname).toBe(mire.pathname.replace('/login/', '/device/continue/'))
    expect((await browser.get(continueUrl)).status).toBe(200)

    const tokens = await polling
    expect(tokens.claims()?.SubjectNameID).toBe(nationalId)
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(userinfo.authMode).toBe('MOBILE')
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(refreshed.claims()?.sub).toBe(userinfo.sub)
  })

  it('RFC 8628 §3.5 access_denied: the person refuses', async () => {
    const config = await screen()
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid' })
    const refused = expect(client.pollDeviceAuthorizationGrant(config, device)).rejects.toMatchObject({
      error: 'access_denied',
    })
    const { user_code } = device
    await new CookieJar().post(`${origin}/device/answer`, { user_code, answer: 'no' })
    await refused
  })
})
