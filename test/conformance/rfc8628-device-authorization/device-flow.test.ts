import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Client, events, issuer, Person, refreshing, token, userinfo } from '../federator.ts'
import { ask, connect, given, poll, screen, told } from './world.ts'

let client: Client
let person: Person
beforeAll(async () => {
  client = await screen()
  person = await Person.who()
})

describe('RFC 8628 §3.1, §3.2: the device asks', () => {
  it('§3.2: it is told what to poll with, what to show and for how long', async () => {
    const response = await ask(client)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const device = await response.json<Record<string, unknown>>()
    expect(device).toEqual({
      device_code: expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${issuer}/device`,
      verification_uri_complete: `${issuer}/device?user_code=${device.user_code}`,
      expires_in: 600,
      interval: 5,
    })
  })

  it('§3.4, §3.5: pending, then tokens of whoever signed in, that refresh and die as others do', async () => {
    const device = await given(client)
    expect(await told(client, device)).toBe('400 authorization_pending')
    await connect(device, person)
    const { status, body } = await poll(client, device)
    expect(status).toBe(200)
    expect(decodeJwt(body.id_token)).toMatchObject({
      SubjectNameID: person.id,
      authMode: 'PASSKEY',
      acr: 'eidas1',
      aud: client.client_id,
    })
    expect((await userinfo(body.access_token)).status).toBe(200)
    const refreshed = await token(client, refreshing(body.refresh_token))
    expect(refreshed.status).toBe(200)
    expect(events.some(({ kind, detail }) => kind === 'authorization.answered' && detail === 'device')).toBe(
      true,
    )
  })
})
