import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { cookies } from '../../src/http/cookies.ts'
import { fallbackRoutes } from '../../src/http/fallback.page.tsx'

const fallback = fallbackRoutes({ productName: 'Serment', secure: true, cookies: cookies(true) })
const app = new Hono().get('/breaks', () => {
  throw new Error('no such table: practitioner')
})
app.notFound(fallback.notFound)
app.onError(fallback.failed)

const navigation = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }
const script = { accept: 'text/html,*/*', 'sec-fetch-mode': 'cors' }

describe('what answers when nothing else does', () => {
  it.each([
    ['/nowhere', 404, 'not_found'],
    ['/breaks', 500, 'server_error'],
  ])('%s is %d: a page for a person, with the headers of every page', async (path, status) => {
    const response = await app.request(path, { headers: navigation })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(response.headers.get('x-frame-options')).toBe('DENY')
  })

  it.each([
    ['/nowhere', 404, 'not_found', script],
    ['/breaks', 500, 'server_error', script],
    ['/nowhere', 404, 'not_found', { accept: '*/*' }],
    ['/breaks', 500, 'server_error', { accept: 'application/json' }],
  ])('%s is %d: JSON %s for a program, whatever it accepts', async (path, status, error, headers) => {
    const response = await app.request(path, { headers })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error })
  })
})
