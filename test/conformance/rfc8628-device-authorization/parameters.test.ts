import { beforeAll, describe, expect, it } from 'vitest'
import { basic, type Client, fetch, issuer } from '../federator.ts'
import { ask, given, screen, told } from './world.ts'

let client: Client
beforeAll(async () => {
  client = await screen()
})

describe('RFC 8628 §3.1: the parameters of the request', () => {
  it('what is not known is ignored, and what has no value is as if it were not there', async () => {
    const response = await ask(client, { unheard_of: 'x', acr_values: '' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect((await ask(client, { scope: '' })).status).toBe(400)
  })

  it.each(['scope', 'client_id', 'unheard_of'])('%s twice is refused', async (name) => {
    const body = new URLSearchParams({ scope: 'openid', unheard_of: 'x', client_id: client.client_id })
    body.append(name, body.get(name) ?? '')
    const response = await fetch(
      new Request(`${issuer}/device_authorization`, { method: 'POST', body, headers: basic(client) }),
    )
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it('a client that says nothing of itself is refused', async () => {
    const body = new URLSearchParams({ scope: 'openid' })
    const response = await fetch(new Request(`${issuer}/device_authorization`, { method: 'POST', body }))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })
})

it('RFC 8628 §3.4: a poll by a wrong secret, or by none, is refused, and the code stays good', async () => {
  const device = await given(client)
  const { client_id } = client
  for (const by of [{ client_id, client_secret: 'wrong' }, { client_id }])
    expect(await told(by, device)).toBe('401 invalid_client')
  expect(await told(client, device)).toBe('400 authorization_pending')
})
