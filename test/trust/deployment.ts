import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { elements } from '../../src/protocol/pki/der.ts'
import { readQuestion } from '../../src/sandbox/authority/ocsp-responder.ts'
import { d1Authorities } from '../../src/trust/authorities.d1.ts'
import type { NewAuthority, Purpose, TrustEnvironment } from '../../src/trust/authority.ts'
import type { RevocationUnknown } from '../../src/trust/examine.ts'
import { d1Trust } from '../../src/trust/trust.d1.ts'
import { type AnswerParts, answerDer } from './answers.ts'
import { type Issuer, type ListParts, listDer, NOW, newIssuer, newLeaf, POLICY } from './issuers.ts'

const CRL_ROOT = 'http://crl.example.test/racine.crl'
const CRL = 'http://crl.example.test/personnes.crl'
export const OCSP = 'http://ocsp.example.test/'

export const root = await newIssuer('AC RACINE')
export const people = await newIssuer('AC PERSONNES', root, { serial: '2a' })
export const software = await newIssuer('AC ORGANISATIONS', root, { serial: '2b' })
export const stranger = await newIssuer('AC ETRANGERE')
export const leaf = await newLeaf(people)

export const entry = (issuer: Issuer, changes: Partial<NewAuthority> = {}): NewAuthority => ({
  der: issuer.der,
  role: 'intermediate',
  purposes: ['person'],
  range: 'STANDARD',
  environment: 'test',
  policies: [POLICY],
  crlUrls: [CRL],
  ocspUrl: undefined,
  ...changes,
})

/** A deployment at a time of its own, with the network of these authorities. */
export function deployment(
  options: { environment?: TrustEnvironment; revocationUnknown?: RevocationUnknown } = {},
) {
  let now: Instant = NOW
  const events: AuditEvent[] = []
  const asked: string[] = []
  const deferred: Promise<unknown>[] = []
  const places = new Map<string, (init: RequestInit) => Promise<Response> | Response>()
  let patience = new AbortController()
  const trust = d1Trust({
    database: env.DB,
    clock: () => now,
    entropy: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    defer: (work) => void deferred.push(work),
    outbound: async (url, init) => {
      asked.push(url)
      const place = places.get(url)
      if (place === undefined) throw new TypeError('unreachable')
      return place(init)
    },
    trail: { record: (event) => events.push(event) },
    environment: 'test',
    revocationUnknown: 'refuse',
    patience: () => patience.signal,
    ...options,
  })
  return {
    examine: (der: Uint8Array = leaf, chain: readonly Uint8Array[] = [], purpose: Purpose = 'person') =>
      trust.examine({ leaf: der, chain }, purpose),
    places,
    asked,
    events,
    deferred,
    at: (when: number) => {
      now = instant(when)
    },
    giveUp: () => patience.abort(),
    patient: () => {
      patience = new AbortController()
    },
    /** The cron, with these lists of the issuing authority and of the root. */
    async lists(own: ListParts = {}, roots: ListParts = {}) {
      const [mine, theirs] = [await listDer(people, own), await listDer(root, roots)]
      places.set(CRL, () => new Response(mine))
      places.set(CRL_ROOT, () => new Response(theirs))
      await trust.refresh()
      asked.length = 0
    },
    /** The responder of the issuing authority says this, with our nonce when it is to. */
    responds(parts: AnswerParts & { readonly repeats?: boolean } = {}) {
      places.set(OCSP, async (init) => {
        const body = await new Response(init.body).bytes()
        const [inner] = elements(readQuestion(body)?.nonce ?? new Uint8Array()) ?? []
        const nonce = parts.repeats === false ? undefined : inner?.content
        return new Response(await answerDer(people, { nonce, ...parts }))
      })
    },
  }
}

export const registry = d1Authorities(env.DB, () => NOW)
export const register = async (...authorities: readonly NewAuthority[]) => {
  for (const authority of authorities) expect(await registry.add(authority)).toHaveProperty('added')
}
export const ROOT = entry(root, { role: 'anchor', purposes: [], policies: [], crlUrls: [CRL_ROOT] })
export const PEOPLE = entry(people)
export const ANSWERED = entry(people, { ocspUrl: OCSP })

/** An empty registry, and no lists. */
export const forgetAll = () =>
  env.DB.batch(
    ['revoked_certificate', 'revocation_list', 'trust_authority'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  )
