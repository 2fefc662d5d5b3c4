import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { CredentialId, PractitionerId } from '../kernel/identifiers.ts'
import { instant } from '../kernel/instant.ts'
import { passkey } from './passkey.table.ts'
import type { Passkey } from './passkey.ts'
import type { Passkeys } from './passkeys.ts'

export function d1Passkeys(database: D1Database): Passkeys {
  const db = drizzle(database)
  return {
    async byCredential(id) {
      const [row] = await db
        .select()
        .from(passkey)
        .where(and(eq(passkey.credentialId, id), isNull(passkey.revokedAt)))
        .limit(1)
      return row === undefined ? undefined : passkeyOfRow(row)
    },
    async ofPractitioner(id) {
      const rows = await db
        .select()
        .from(passkey)
        .where(and(eq(passkey.practitionerId, id), isNull(passkey.revokedAt)))
        .orderBy(asc(passkey.createdAt))
      return rows.map(passkeyOfRow)
    },
    async add(added) {
      const rows = await db
        .insert(passkey)
        .values({
          ...added,
          transports: JSON.stringify(added.transports),
          lastUsedAt: added.lastUsedAt ?? null,
          revokedAt: added.revokedAt ?? null,
        })
        .onConflictDoNothing()
        .returning({ id: passkey.credentialId })
      return rows.length === 1 ? 'added' : 'already-known'
    },
    async touch(id, { counter, backedUp, at }) {
      await db
        .update(passkey)
        .set({ counter: sql`max(${passkey.counter}, ${counter})`, backedUp, lastUsedAt: at })
        .where(eq(passkey.credentialId, id))
    },
    async revoke(id, at) {
      const rows = await db
        .update(passkey)
        .set({ revokedAt: at })
        .where(and(eq(passkey.credentialId, id), isNull(passkey.revokedAt)))
        .returning({ id: passkey.credentialId })
      return rows.length === 1
    },
  }
}

/** A row as a `Passkey`: what this table holds was parsed before it was written. */
function passkeyOfRow(row: typeof passkey.$inferSelect): Passkey {
  const transports: unknown = JSON.parse(row.transports)
  return {
    ...row,
    credentialId: row.credentialId as CredentialId,
    practitionerId: row.practitionerId as PractitionerId,
    transports: Array.isArray(transports) ? transports.filter((each) => typeof each === 'string') : [],
    createdAt: instant(row.createdAt),
    lastUsedAt: row.lastUsedAt === null ? undefined : instant(row.lastUsedAt),
    revokedAt: row.revokedAt === null ? undefined : instant(row.revokedAt),
  }
}
