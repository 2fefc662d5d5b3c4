import { eq, type SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Directory, DirectoryEntry } from './directory.ts'
import { practitioner } from './practitioner.table.ts'
import { entryOf } from './record.ts'

const { id, nationalId, status, email, phone, record } = practitioner

/** The directory over D1. Both look-ups are by a unique index, so their cost does not grow with the directory. */
export function d1Directory(db: D1Database): Directory {
  const database = drizzle(db)
  const one = async (condition: SQL): Promise<DirectoryEntry | undefined> => {
    const row = await database
      .select({ id, nationalId, status, email, phone, record })
      .from(practitioner)
      .where(condition)
      .get()
    return row === undefined ? undefined : entryOf(row)
  }
  return {
    byNationalId: (wanted) => one(eq(nationalId, wanted)),
    byId: (wanted) => one(eq(id, wanted)),
  }
}
