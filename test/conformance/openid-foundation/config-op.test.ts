import { env } from 'cloudflare:workers'
import { beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { compose } from '../../../src/compose.ts'

/** A deployment as the suite would find one: https, under a name of its own. */
const ISSUER = 'https://id.example.test'
const vars: Partial<Record<PropertyKey, string>> = { ISSUER, MTLS_ORIGIN: 'https://mtls.example.test' }
const bindings = new Proxy(env, {
  get: (target, key) => vars[key] ?? Reflect.get(target, key, target),
  has: (target, key) => key in vars || Reflect.has(target, key),
})
const { app } = compose(bindings, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
})
const get = async (path: string) => app.request(`${ISSUER}${path}`, {}, bindings)

const texts = z.array(z.string())
const Metadata = z.looseObject({
  issuer: z.string(),
  jwks_uri: z.string(),
  scopes_supported: texts,
  response_types_supported: texts,
  grant_types_supported: texts,
  subject_types_supported: texts,
  id_token_signing_alg_values_supported: texts,
  userinfo_signing_alg_values_supported: texts,
  request_object_signing_alg_values_supported: texts,
  claims_supported: texts,
  ui_locales_supported: texts,
  code_challenge_methods_supported: texts,
})
let response: Response
let metadata: z.infer<typeof Metadata>
beforeAll(async () => {
  response = await get('/.well-known/openid-configuration')
  metadata = Metadata.parse(await response.clone().json())
})

type Check = readonly [what: string, run: () => Promise<void> | void]
const CHECKS: readonly Check[] = [
  [
    'Discovery §4.2: 200, and JSON by its type',
    () => {
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^application\/json\b/)
    },
  ],
  ['Discovery §4.3: the issuer is where it was asked for', () => expect(metadata.issuer).toBe(ISSUER)],
  [
    'Discovery §3: response_types_supported has code',
    () => expect(metadata.response_types_supported).toContain('code'),
  ],
  [
    'Discovery §3: subject_types_supported are of those there are',
    () => {
      expect(metadata.subject_types_supported.length).toBeGreaterThan(0)
      for (const type of metadata.subject_types_supported) expect(['public', 'pairwise']).toContain(type)
    },
  ],
  [
    'Discovery §3: id_token_signing_alg_values_supported has RS256',
    () => expect(metadata.id_token_signing_alg_values_supported).toContain('RS256'),
  ],
  [
    'Discovery §3: userinfo_signing_alg_values_supported are names',
    () => expect(metadata.userinfo_signing_alg_values_supported.length).toBeGreaterThan(0),
  ],
  [
    'Discovery §3: request_object_signing_alg_values_supported has RS256',
    () => expect(metadata.request_object_signing_alg_values_supported).toContain('RS256'),
  ],
  [
    'Discovery §3, §7.1: every endpoint is https and without fragment',
    () => {
      const endpoints = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name))
      expect(endpoints.map(([name]) => name)).toEqual(
        expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']),
      )
      expect(endpoints.map(([name]) => name)).toContain('registration_endpoint')
      for (const [, url] of endpoints) expect(String(url)).toMatch(/^https:\/\/[^#]+$/)
    },
  ],
  [
    'Discovery §3, RFC 7518 §6.3.2: jwks_uri holds public keys, each with a kid of its own, and no other',
    async () => {
      const { keys } = z
        .object({ keys: z.array(z.record(z.string(), z.unknown())) })
        .parse(await (await get(new URL(metadata.jwks_uri).pathname)).json())
      expect(keys.length).toBeGreaterThan(0)
      expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
      for (const key of keys) {
        expect(key).toMatchObject({ kid: expect.any(String), use: 'sig', alg: expect.any(String) })
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
      }
    },
  ],
  [
    'Discovery §3: which of request, request_uri and claims are taken, is said',
    () =>
      expect(metadata).toMatchObject({
        request_parameter_supported: true,
        request_uri_parameter_supported: false,
        claims_parameter_supported: true,
      }),
  ],
  [
    'Discovery §3: claims_supported are names',
    () =>
      expect(metadata.claims_supported).toEqual(expect.arrayContaining(['sub', 'iss', 'auth_time', 'acr'])),
  ],
  [
    'Discovery §3: grant_types_supported has authorization_code, and nothing implicit',
    () => {
      expect(metadata.grant_types_supported).toContain('authorization_code')
      expect(metadata.grant_types_supported).not.toContain('implicit')
    },
  ],
  [
    'Discovery §3, RFC 6749 §3.3: scopes_supported has openid, and holds scopes',
    () => {
      expect(metadata.scopes_supported).toContain('openid')
      for (const scope of metadata.scopes_supported) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
    },
  ],
  [
    'RFC 8414 §2, RFC 5646 §2.1.1: ui_locales_supported are language tags in their usual case',
    () => {
      for (const tag of metadata.ui_locales_supported) expect(Intl.getCanonicalLocales(tag)).toEqual([tag])
    },
  ],
  [
    'RFC 8414 §2: code_challenge_methods_supported is a list',
    () => expect(metadata.code_challenge_methods_supported).toEqual(['S256']),
  ],
]

it.each(CHECKS)('oidcc-discovery-endpoint-verification: %s', async (_, run) => run())
