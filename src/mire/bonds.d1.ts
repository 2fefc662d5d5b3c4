import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { digest, sameDigest } from '../kernel/digest.ts'
import { PractitionerId } from '../kernel/identifiers.ts'
import { practitioner } from '../rpps/practitioner.table.ts'
import { shownName } from '../rpps/shown-name.ts'
import { bond } from './bond.table.ts'
import type { Bonds, HeldBond } from './bonds.ts'

export function d1Bonds(database: D1Database): Bonds {
  const db = drizzle(database)
  return {
    async held(cookie, now) {
      if (cookie.length === 0) return []
      const ids = cookie.map(({ id }) => id)
      const rows = await db
        .select({
          id: bond.id,
          practitionerId: bond.practitionerId,
          secretDigest: bond.secretDigest,
          familyName: practitioner.familyName,
          givenName: practitioner.givenName,
        })
        .from(bond)
        .innerJoin(
          practitioner,
          and(eq(practitioner.id, bond.practitionerId), eq(practitioner.status, 'active')),
        )
        .where(and(inArray(bond.id, ids), gt(bond.expiresAt, now), isNull(bond.revokedAt)))
      const held: HeldBond[] = []
      // In the cookie's order, newest first; an older bond of the same person says nothing new.
      for (const { id, secret } of cookie) {
        const row = rows.find((each) => each.id === id)
        if (row === undefined || held.some(({ practitionerId }) => practitionerId === row.practitionerId))
          continue
        if (!sameDigest(row.secretDigest, await digest(secret))) continue
        held.push({
          id,
          practitionerId: PractitionerId.parse(row.practitionerId),
          name: shownName(row.givenName, row.familyName),
        })
      }
      return held
    },
    async make({ id, practitionerId, secretDigest, createdAt, expiresAt }) {
      await db.insert(bond).values({ id, practitionerId, secretDigest, createdAt, expiresAt })
    },
    async endAll(practitionerId, at) {
      const rows = await db
        .update(bond)
        .set({ revokedAt: at })
        .where(and(eq(bond.practitionerId, practitionerId), isNull(bond.revokedAt)))
        .returning({ id: bond.id })
      return rows.length
    },
  }
}
