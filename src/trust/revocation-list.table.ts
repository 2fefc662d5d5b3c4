import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * What is known of an issuing key's list. Its entries are the rows of `revoked_certificate` of its generation: the next
 * list is written under the next generation, and becomes the current one by one change of this row.
 */
export const revocationList = sqliteTable('revocation_list', {
  /** SHA-256 of the issuer's SubjectPublicKeyInfo, hexadecimal. */
  issuerKey: text('issuer_key').primaryKey(),
  /** Where the current list came from. */
  url: text('url'),
  /** `cRLNumber` of the current list, hexadecimal. */
  number: text('number'),
  thisUpdate: integer('this_update'),
  nextUpdate: integer('next_update'),
  /** JSON: which certificates it speaks of (RFC 5280 §5.2.5). */
  scope: text('scope'),
  entries: integer('entries'),
  /** Of the current list; null until there is one. */
  generation: integer('generation'),
  /** Of the list that is being written, or was when something stopped it. */
  importing: integer('importing'),
  etag: text('etag'),
  lastModified: text('last_modified'),
  /** When the place last answered with the current list, or that it is still the current one. */
  fetchedAt: integer('fetched_at'),
  triedAt: integer('tried_at'),
  /** Why the last attempt failed; null after one that did not. */
  problem: text('problem'),
})
