import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { sparing } from '../../src/http/sparing.ts'

/** Twice for each. */
function counted() {
  const tried = new Map<string, number>()
  return async (who: string) => {
    tried.set(who, (tried.get(who) ?? 0) + 1)
    return (tried.get(who) ?? 0) <= 2
  }
}

const app = () =>
  new Hono()
    .use(
      '/codes',
      sparing(counted(), (context) => context.json({ error: 'try-later' }, 429)),
    )
    .post('/codes', (context) => context.json({}, 201))
    .post('/codes/answer', (context) => context.json({}, 200))
const from = (address?: string) => ({
  method: 'POST',
  ...(address === undefined ? {} : { headers: { 'cf-connecting-ip': address } }),
})

it('RFC 6585 §4: too many from one address, and only from that one', async () => {
  const routes = app()
  const ask = async (address?: string, path = '/codes') => (await routes.request(path, from(address))).status
  expect([await ask('2001:db8::1'), await ask('2001:db8::1'), await ask('2001:db8::1')]).toEqual([
    201, 201, 429,
  ])
  expect(await ask('2001:db8::2')).toBe(201)
  expect(await ask('2001:db8::1', '/codes/answer')).toBe(200)
  expect([await ask(), await ask(), await ask()]).toEqual([201, 201, 201])
})

it('RFC 9110 §10.2.3: says when to try again', async () => {
  const routes = app()
  for (let i = 0; i < 2; i++) await routes.request('/codes', from('192.0.2.1'))
  const refused = await routes.request('/codes', from('192.0.2.1'))
  expect(refused.headers.get('retry-after')).toBe('60')
  expect(await refused.json()).toEqual({ error: 'try-later' })
})
