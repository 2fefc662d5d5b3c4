import { and, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import * as z from 'zod'
import { CredentialId, PractitionerId } from '../kernel/identifiers.ts'
import { instant } from '../kernel/instant.ts'
import { passkey } from '../passkeys/passkey.table.ts'
import { practitioner } from '../rpps/practitioner.table.ts'
import { entryOf } from '../rpps/record.ts'
import { acquaintance } from './acquaintance.table.ts'
import type { PasskeyOwners } from './sign-in.ts'

const { id, nationalId, status, email, phone, record } = practitioner

/** `client_id` → scope as one JSON text: a person has few services, and a join would repeat the record for each. */
const known = sql<string>`(select json_group_object(${acquaintance.clientId}, ${acquaintance.scope}) from ${acquaintance} where ${acquaintance.practitionerId} = ${passkey.practitionerId})`

const Known = z.record(z.string(), z.string())
const Transports = z.array(z.string())

export function d1PasskeyOwners(database: D1Database): PasskeyOwners {
  const db = drizzle(database)
  return {
    async find(credentialId) {
      const row = await db
        .select({
          passkey: getTableColumns(passkey),
          practitioner: { id, nationalId, status, email, phone, record },
          known,
        })
        .from(passkey)
        .innerJoin(practitioner, eq(practitioner.id, passkey.practitionerId))
        .where(and(eq(passkey.credentialId, credentialId), isNull(passkey.revokedAt)))
        .get()
      if (row === undefined) return undefined
      return {
        passkey: {
          ...row.passkey,
          credentialId: CredentialId.parse(row.passkey.credentialId),
          practitionerId: PractitionerId.parse(row.passkey.practitionerId),
          transports: Transports.parse(JSON.parse(row.passkey.transports)),
          createdAt: instant(row.passkey.createdAt),
          lastUsedAt: row.passkey.lastUsedAt === null ? undefined : instant(row.passkey.lastUsedAt),
          revokedAt: undefined,
        },
        entry: entryOf(row.practitioner),
        known: Known.parse(JSON.parse(row.known)),
      }
    },
  }
}
