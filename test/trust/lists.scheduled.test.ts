import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { allAuthorities, d1Authorities } from '../../src/trust/authorities.d1.ts'
import type { NewAuthority } from '../../src/trust/authority.ts'
import { issuerKeyOf } from '../../src/trust/entry.ts'
import type { Outbound } from '../../src/trust/exchange.client.ts'
import { d1Lists } from '../../src/trust/lists.d1.ts'
import { refreshLists } from '../../src/trust/lists.scheduled.ts'
import { d1Revocations } from '../../src/trust/revocations.d1.ts'
import { DAY, entryDer, HOUR, type Issuer, listDer, NOW, newIssuer } from './issuers.ts'

const une = await newIssuer('AC UNE')
const deux = await newIssuer('AC DEUX')
const URL_1 = 'http://crl.example.test/une.crl'
const URL_2 = 'http://miroir.example.test/une.crl'
const URL_DEUX = 'http://crl.example.test/deux.crl'

const lists = d1Lists(env.DB)
const registry = d1Authorities(env.DB, () => NOW)
const anchor = (issuer: Issuer, crlUrls: readonly string[]): NewAuthority => ({
  der: issuer.der,
  role: 'anchor',
  purposes: ['person'],
  range: 'STANDARD',
  environment: 'test',
  policies: [],
  crlUrls,
  ocspUrl: undefined,
})

type Answer = () => Promise<Response> | Response
/** One run of the job over a network of these places. */
async function run(
  places: Readonly<Record<string, Answer>>,
  { now = NOW, signal = new AbortController().signal }: { now?: Instant; signal?: AbortSignal } = {},
) {
  const asked: Request[] = []
  const events: AuditEvent[] = []
  const outbound: Outbound = async (url, init) => {
    asked.push(new Request(url, init))
    const answer = places[url]
    if (answer === undefined) throw new TypeError('unreachable')
    return answer()
  }
  await refreshLists({
    lists,
    authorities: () => allAuthorities(env.DB),
    environment: 'test',
    outbound,
    clock: () => now,
    trail: { record: (event) => events.push(event) },
    patience: () => signal,
  })
  return { asked, events, trail: events.map(({ kind, detail }) => `${kind} ${detail}`) }
}
const standing = async (issuer: Issuer, serial = '0b') =>
  (await d1Revocations(env.DB).standing([{ issuerKey: await issuerKeyOf(issuer.certificate), serial }]))[0]
const problem = async (issuer: Issuer) =>
  (
    await env.DB.prepare('SELECT problem FROM revocation_list WHERE issuer_key = ?1')
      .bind(await issuerKeyOf(issuer.certificate))
      .first<{ problem: string | null }>()
  )?.problem
const good = async (number = 1, headers: Record<string, string> = {}): Promise<Answer> => {
  const der = await listDer(une, { entries: [entryDer({ serial: '0b' })], number })
  return () => new Response(der, { headers })
}
const later = instant(NOW + HOUR)

beforeEach(async () => {
  await env.DB.batch(
    ['revoked_certificate', 'revocation_list', 'trust_authority'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  )
  await registry.add(anchor(une, [URL_1, URL_2]))
})

describe('the job', () => {
  it('fetches a list, and writes down that it did', async () => {
    const { trail } = await run({ [URL_1]: await good() })
    expect(trail).toEqual(['trust.list-imported AC UNE: number 01, 1 revoked'])
    expect(await standing(une)).toMatchObject({ revoked: { at: NOW - DAY } })
  })
  it('leaves alone what is not due', async () => {
    await run({ [URL_1]: await good() })
    expect((await run({}, { now: instant(NOW + HOUR / 4) })).asked).toEqual([])
  })
  it('asks the next place when one fails', async () => {
    const { asked, trail } = await run({
      [URL_1]: () => new Response('', { status: 503 }),
      [URL_2]: await good(),
    })
    expect(asked.map(({ url }) => url)).toEqual([URL_1, URL_2])
    expect(trail).toEqual(['trust.list-imported AC UNE: number 01, 1 revoked'])
  })
  it('RFC 9110 §13.1.2: asks only for what has changed, of the place that it had it from', async () => {
    await run({ [URL_1]: await good(1, { etag: '"un"' }) })
    const again = await run({ [URL_1]: () => new Response(null, { status: 304 }) }, { now: later })
    expect(again.asked[0]?.headers.get('if-none-match')).toBe('"un"')
    expect(again.trail).toEqual([])
    expect((await run({}, { now: instant(later + HOUR / 4) })).asked).toEqual([])
    const failing = await run({ [URL_2]: await good(2) }, { now: instant(later + HOUR) })
    expect(failing.asked.map(({ url, headers }) => [url, headers.get('if-none-match')])).toEqual([
      [URL_1, '"un"'],
      [URL_2, null],
    ])
  })
  it('§13.1.3: or by its date', async () => {
    await run({ [URL_1]: await good(1, { 'last-modified': 'Sun, 22 Nov 2026 11:00:00 GMT' }) })
    const { asked } = await run({ [URL_1]: await good(2) }, { now: later })
    expect(asked[0]?.headers.get('if-modified-since')).toBe('Sun, 22 Nov 2026 11:00:00 GMT')
  })
  it('goes on to the other authorities when one’s list is bad', async () => {
    await registry.add(anchor(deux, [URL_DEUX]))
    const theirs = await listDer(deux, { entries: [entryDer({ serial: '0c' })] })
    const { trail } = await run({
      [URL_1]: () => new Response('no list'),
      [URL_DEUX]: () => new Response(theirs),
    })
    expect(trail).toHaveLength(2)
    expect(await standing(deux, '0c')).toMatchObject({ revoked: { at: NOW - DAY } })
  })
  it('asks nobody for an authority that is retired, or is of the other environment', async () => {
    const [authority] = await registry.all()
    await registry.retire(authority?.id ?? '')
    await registry.add({ ...anchor(deux, [URL_DEUX]), environment: 'production' })
    expect((await run({})).asked).toEqual([])
  })
})

describe('refuses, and keeps the list in hand', () => {
  const stream = (chunk: Uint8Array, count: number) => {
    let left = count
    return new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    })
  }
  const megabyte = new Uint8Array(1024 * 1024)
  it.each<readonly [string, Answer, RegExp]>([
    ['a list that another signed', async () => new Response(await listDer(deux)), /refused: other-issuer/],
    ['what is no list', () => new Response('<html>'), /refused: unreadable/],
    ['nothing', () => new Response(''), /refused: unreadable/],
    ['a refusal', () => new Response('', { status: 403 }), /answered 403/],
    [
      'a redirect: only the place that an operator entered',
      () => Response.redirect('http://elsewhere.example.test/'),
      /answered 302/,
    ],
    ['"not modified" of nothing', () => new Response(null, { status: 304 }), /nothing was there/],
    ['a network that fails', () => Promise.reject(new TypeError('reset')), /TypeError/],
    [
      'more than 64 MB, as it says itself',
      () => new Response('', { headers: { 'content-length': '70000000' } }),
      /more than/,
    ],
    ['more than 64 MB, without saying so', () => new Response(stream(megabyte, 80)), /more than/],
    [
      'a body that breaks off',
      () => new Response(new ReadableStream({ start: (controller) => controller.error(new Error('reset')) })),
      /Error/,
    ],
  ])('%s', async (_, answer, expected) => {
    await run({ [URL_2]: await good() })
    const { trail } = await run({ [URL_1]: answer }, { now: later })
    expect(trail).toEqual([expect.stringMatching(/^trust\.list-failed AC UNE: /)])
    expect(trail[0]).toMatch(expected)
    expect(await problem(une)).toMatch(expected)
    expect(await standing(une)).toMatchObject({ revoked: { at: NOW - DAY } })
  })

  it.each<readonly [string, Answer]>([
    ['answers', () => new Promise<Response>(() => undefined)],
    [
      'goes on',
      () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(megabyte) })),
    ],
  ])('a place that never %s', async (_, answer) => {
    const patience = new AbortController()
    const running = run({ [URL_1]: answer, [URL_2]: answer }, { signal: patience.signal })
    patience.abort()
    expect((await running).trail[0]).toMatch(/did not answer in time/)
  })

  it('a database that fails is written down, and stops nothing else', async () => {
    const events: AuditEvent[] = []
    await refreshLists({
      lists,
      authorities: () => Promise.reject(new Error('D1_ERROR')),
      environment: 'test',
      outbound: () => Promise.reject(new Error('nobody asks')),
      clock: () => NOW,
      trail: { record: (event) => events.push(event) },
      patience: () => new AbortController().signal,
    })
    expect(events).toMatchObject([{ kind: 'trust.list-failed', detail: 'Error: D1_ERROR' }])
  })
})
