import { and, desc, eq, gt, gte, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { CredentialId, DeviceId, PractitionerId } from '../kernel/identifiers.ts'
import { instant } from '../kernel/instant.ts'
import { passkey } from '../passkeys/passkey.table.ts'
import { practitioner } from '../rpps/practitioner.table.ts'
import { entryOf } from '../rpps/record.ts'
import { device } from './device.table.ts'
import { type Device, type Devices, MAX_DEVICES } from './devices.ts'

/** The passkey must be the same person's: a device can never borrow somebody else's. */
const samePerson = and(
  eq(passkey.credentialId, device.credentialId),
  eq(passkey.practitionerId, device.practitionerId),
)

/** The port over D1. */
export function d1Devices(database: D1Database): Devices {
  const db = drizzle(database)
  return {
    find: async (id) => {
      const row = await db
        .select({
          device,
          passkey: {
            credentialId: passkey.credentialId,
            userHandle: passkey.userHandle,
            publicKey: passkey.publicKey,
            counter: passkey.counter,
            deviceType: passkey.deviceType,
            revokedAt: passkey.revokedAt,
          },
          practitioner: {
            id: practitioner.id,
            nationalId: practitioner.nationalId,
            status: practitioner.status,
            email: practitioner.email,
            phone: practitioner.phone,
            record: practitioner.record,
          },
        })
        .from(device)
        .innerJoin(passkey, samePerson)
        .innerJoin(practitioner, eq(practitioner.id, device.practitionerId))
        .where(eq(device.id, id))
        .get()
      if (row === undefined) return undefined
      const known = deviceOfRow(row.device)
      const { revokedAt, ...key } = row.passkey
      return {
        ...entryOf(row.practitioner),
        device: known,
        passkey: { ...key, credentialId: known.credentialId, revoked: revokedAt !== null },
      }
    },
    list: async (practitionerId, now) => {
      const rows = await db
        .select({ device, deviceType: passkey.deviceType })
        .from(device)
        .innerJoin(passkey, samePerson)
        .where(
          and(
            eq(device.practitionerId, practitionerId),
            isNull(device.revokedAt),
            isNull(passkey.revokedAt),
            gt(device.expiresAt, now),
          ),
        )
        .orderBy(desc(device.createdAt), device.id)
      return rows.map((row) => ({
        ...deviceOfRow(row.device),
        passkeyKind: row.deviceType === 'multiDevice' ? 'synced' : 'bound',
      }))
    },
    add: async (added, publicKey) => {
      const values = {
        ...added,
        publicJwk: JSON.stringify(publicKey),
        card: added.card ?? null,
        lastUsedAt: added.lastUsedAt ?? null,
        revokedAt: null,
      }
      const live = and(
        eq(device.practitionerId, added.practitionerId),
        isNull(device.revokedAt),
        gt(device.expiresAt, added.createdAt),
      )
      const [written, retired] = await db.batch([
        db.insert(device).values(values).onConflictDoNothing().returning({ id: device.id }),
        db
          .update(device)
          .set({ revokedAt: added.createdAt })
          .where(
            and(
              live,
              sql`${device.id} not in (
                select ${device.id} from ${device} where ${live}
                order by (${device.id} = ${added.id}) desc, coalesce(${device.lastUsedAt}, ${device.createdAt}) desc
                limit ${MAX_DEVICES})`,
            ),
          )
          .returning(),
      ])
      return written.length === 0 ? { refused: 'taken' } : { retired: retired.map(deviceOfRow) }
    },
    revoke: async (id, practitionerId, at) => {
      const [row] = await db
        .update(device)
        .set({ revokedAt: at })
        .where(and(eq(device.id, id), eq(device.practitionerId, practitionerId), isNull(device.revokedAt)))
        .returning()
      return row === undefined ? undefined : deviceOfRow(row)
    },
    revokeOpenedBy: async (practitionerId, { card, since }, at) => {
      const rows = await db
        .update(device)
        .set({ revokedAt: at })
        .where(
          and(
            eq(device.practitionerId, practitionerId),
            card === undefined ? isNotNull(device.card) : eq(device.card, card),
            gte(device.createdAt, since),
            isNull(device.revokedAt),
          ),
        )
        .returning()
      return rows.map(deviceOfRow)
    },
    touch: async (id, at) => {
      // Once a minute is precise enough for "last used", and a phone that polls would write at every call.
      await db
        .update(device)
        .set({ lastUsedAt: at })
        .where(and(eq(device.id, id), or(isNull(device.lastUsedAt), sql`${device.lastUsedAt} < ${at - 60}`)))
    },
  }
}

/** A row as a `Device`: what this table holds was parsed before it was written. */
function deviceOfRow({ publicJwk: _, ...row }: typeof device.$inferSelect): Device {
  return {
    ...row,
    id: row.id as DeviceId,
    practitionerId: row.practitionerId as PractitionerId,
    credentialId: row.credentialId as CredentialId,
    card: row.card ?? undefined,
    createdAt: instant(row.createdAt),
    expiresAt: instant(row.expiresAt),
    lastUsedAt: row.lastUsedAt === null ? undefined : instant(row.lastUsedAt),
    revokedAt: row.revokedAt === null ? undefined : instant(row.revokedAt),
  }
}
