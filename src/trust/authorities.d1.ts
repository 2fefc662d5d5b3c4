import * as z from 'zod'
import type { Trail } from '../audit/trail.ts'
import { type Clock, type Instant, instant } from '../kernel/instant.ts'
import { readCertificate } from '../protocol/pki/certificate.ts'
import { sameName } from '../protocol/pki/distinguished-name.ts'
import { type Authorities, type Authority, PURPOSES, TRUST_ENVIRONMENTS } from './authority.ts'
import { entryOf } from './entry.ts'

/** What of D1 is used, so that a command outside the Workers runtime can hand over a database of its own. */
export interface SqlDatabase {
  prepare(sql: string): SqlStatement
}
export interface SqlStatement {
  bind(...values: (string | number | null)[]): SqlStatement
  run(): Promise<{ readonly meta: { readonly changes: number } }>
  all(): Promise<{ readonly results: readonly unknown[] }>
}

const ADD = `INSERT INTO trust_authority
  (id, name, der, role, purposes, range, environment, policies, issuer_key, crl_urls, ocsp_url, added_at, retired_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, NULL)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, purposes = excluded.purposes, range = excluded.range,
  environment = excluded.environment, policies = excluded.policies, crl_urls = excluded.crl_urls,
  ocsp_url = excluded.ocsp_url, retired_at = NULL`

/** The registry over D1, for whoever keeps it. Reads are never from a cache. */
export function d1Authorities(database: SqlDatabase, clock: Clock, trail?: Trail): Authorities {
  const changed = (detail: string) => trail?.record({ at: clock(), kind: 'trust.changed', detail })
  return {
    async add(authority) {
      const entry = await entryOf(authority)
      if ('refused' in entry) return entry
      const { id, name, issuerKey } = entry
      // Lists are kept by key: of two names, the list of one would be taken for the other's (RFC 5280 §5.2.1, §6.3.3).
      const others = (await allAuthorities(database)).filter((one) => one.issuerKey === issuerKey)
      if (others.some(({ der }) => !isSameSubject(der, authority.der)))
        return { refused: 'its key is that of an authority of another name' }
      const at = clock()
      const { role, range, environment, ocspUrl } = authority
      await database
        .prepare(ADD)
        .bind(
          id,
          name,
          base64(authority.der),
          role,
          JSON.stringify(authority.purposes),
          range,
          environment,
          JSON.stringify(authority.policies),
          issuerKey,
          JSON.stringify(authority.crlUrls),
          ocspUrl ?? null,
          at,
        )
        .run()
      changed(`added ${environment} ${role} ${name}, ${range}, ${id}`)
      return { added: { ...authority, ...entry, addedAt: at, retiredAt: undefined } }
    },
    async retire(id) {
      // Not by `changes`, which wrangler does not tell of a local database.
      const { results } = await database
        .prepare(
          'UPDATE trust_authority SET retired_at = ?2 WHERE id = ?1 AND retired_at IS NULL RETURNING id',
        )
        .bind(id, clock())
        .all()
      const retired = results.length > 0
      if (retired) changed(`retired ${id}`)
      return retired
    },
    all: () => allAuthorities(database),
  }
}

/** All authorities, retired ones too, by when they were added. */
export async function allAuthorities(database: SqlDatabase): Promise<readonly Authority[]> {
  const { results } = await database
    .prepare('SELECT * FROM trust_authority ORDER BY added_at, name, id')
    .all()
  return results.map((row) => Row.parse(row))
}

function isSameSubject(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [readCertificate(a), readCertificate(b)]
  return one !== undefined && other !== undefined && sameName(one.subject, other.subject)
}

const json = <Member extends z.ZodType>(member: Member) =>
  z.string().transform((text) => z.array(member).parse(JSON.parse(text)))
const time = z.number().transform((seconds): Instant => instant(seconds))

const Row = z
  .object({
    id: z.string(),
    name: z.string(),
    der: z.string().transform((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))),
    role: z.enum(['anchor', 'intermediate']),
    purposes: json(z.enum(PURPOSES)),
    range: z.string(),
    environment: z.enum(TRUST_ENVIRONMENTS),
    policies: json(z.string()),
    issuer_key: z.string(),
    crl_urls: json(z.string()),
    ocsp_url: z.string().nullable(),
    added_at: time,
    retired_at: time.nullable(),
  })
  .transform(
    ({ issuer_key, crl_urls, ocsp_url, added_at, retired_at, ...row }): Authority => ({
      ...row,
      issuerKey: issuer_key,
      crlUrls: crl_urls,
      ocspUrl: ocsp_url ?? undefined,
      addedAt: added_at,
      retiredAt: retired_at ?? undefined,
    }),
  )

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (octet) => String.fromCharCode(octet)).join(''))
