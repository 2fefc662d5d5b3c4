import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { BUSY_ADDRESS, fetch, issuer, REDIRECT_URI } from '../federator.ts'

const post = (path: string, body: unknown, address?: string) =>
  fetch(
    new Request(`${issuer}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(address === undefined ? {} : { 'cf-connecting-ip': address }),
      },
      body: JSON.stringify(body),
    }),
  )

describe('RFC 6585 §4: too many attempts from one address', () => {
  it.each([
    ['/ecps/api/activations', { nationalId: '899700999999' }, 'try-later'],
    ['/register', { redirect_uris: [REDIRECT_URI] }, 'temporarily_unavailable'],
  ])('%s', async (path, body, error) => {
    expect((await post(path, body, '192.0.2.1')).status).toBe(201)
    expect((await post(path, body)).status).toBe(201)
    const refused = await post(path, body, BUSY_ADDRESS)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(await refused.json()).toEqual({ error })
  })

  it('is no reason to refuse the answers to codes that were sent', async () => {
    const given = { activation: 'x', emailCode: '0', smsCode: '0' }
    expect((await post('/ecps/api/activations/codes', given, BUSY_ADDRESS)).status).toBe(410)
  })

  it('the binding counts', async () => {
    expect(await env.ATTEMPTS.limit({ key: 'once' })).toEqual({ success: true })
  })
})
