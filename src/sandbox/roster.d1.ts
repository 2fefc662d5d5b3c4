import { and, asc, eq, gt, isNull, or, type SQLWrapper, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import * as z from 'zod'
import { device } from '../ecps/device.table.ts'
import type { Clock } from '../kernel/instant.ts'
import { practitioner } from '../rpps/practitioner.table.ts'
import type { Roster } from './roster.ts'

/** The part of a stored `Practitioner` that the list shows. */
const Kept = z.object({ exercices: z.array(z.object({ codeProfession: z.string() })) })

export function d1Roster(database: D1Database, clock: Clock): Roster {
  const db = drizzle(database)
  return {
    async list(text) {
      const pattern = `%${text.trim().replace(/[%_~]/g, '~$&')}%`
      const contains = (where: SQLWrapper) => sql`${where} like ${pattern} escape '~'`
      const active = and(
        eq(device.practitionerId, practitioner.id),
        isNull(device.revokedAt),
        gt(device.expiresAt, clock()),
      )
      const rows = await db
        .select({
          nationalId: practitioner.nationalId,
          familyName: practitioner.familyName,
          givenName: practitioner.givenName,
          status: practitioner.status,
          email: practitioner.email,
          phone: practitioner.phone,
          record: practitioner.record,
          ecps: sql<number>`exists (select 1 from ${device} where ${active})`,
        })
        .from(practitioner)
        .where(
          or(
            contains(practitioner.nationalId),
            contains(sql`(${practitioner.givenName} || ' ' || ${practitioner.familyName})`),
          ),
        )
        .orderBy(asc(practitioner.familyName), asc(practitioner.givenName))
        .limit(500)
      return rows.map(({ email, phone, record, ecps, ...person }) => ({
        ...person,
        professions: [
          ...new Set(Kept.parse(JSON.parse(record)).exercices.map(({ codeProfession }) => codeProfession)),
        ],
        contactable: email !== '' && phone !== '',
        ecps: ecps === 1,
      }))
    },
  }
}
