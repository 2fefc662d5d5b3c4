import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { pageHeaders } from '../../src/http/security-headers.ts'

it.each([
  ['https://dossier.example/cb?x', 'https://dossier.example'],
  ['http://localhost:8788/cb', 'http://localhost:8788'],
  ['http://[::1]:8788/cb', 'http:'],
  ['org.example.app:/cb', 'org.example.app:'],
])('CSP3 §6.4.2: a form that ends at %s has the target %s', async (url, target) => {
  const app = new Hono()
    .use(pageHeaders(true, { formEnds: [url] }))
    .get('/', (context) => context.html('<p>page</p>'))
  const policy = (await app.request('/')).headers.get('content-security-policy')
  expect(policy).toContain(`form-action 'self' ${target};`)
})

it('RFC 6797 §7.2: Strict-Transport-Security under https only', async () => {
  const of = async (secure: boolean) =>
    (
      await new Hono()
        .use(pageHeaders(secure))
        .get('/', (c) => c.html(''))
        .request('/')
    ).headers.get('strict-transport-security')
  expect(await of(true)).toContain('max-age=63072000')
  expect(await of(false)).toBeNull()
})
