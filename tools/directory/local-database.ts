import { createHash, createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { applyMigrations } from '../migrations.ts'
import { ROOT } from '../places.ts'

const SQLITE_BUSY = 5
const OBJECT = 'miniflare-D1DatabaseObject'

/** Page cache of the directory's database while it is imported into, in KiB. */
const CACHE = 64 * 1024

/** The sandbox's database in wrangler.toml. Asking wrangler costs 200 MB, more than all of an import. */
const BOUND = /^\[\[d1_databases\]\]\nbinding = "DB"\n(?:(?!\[).*\n)*?database_id = "([^"]+)"/m

/** The file in which Miniflare keeps the D1 database of a state folder: an object named by the database's id. */
export function databaseFile(state: string): string {
  const id = BOUND.exec(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'))?.[1]
  if (id === undefined) throw new Error('wrangler.toml binds no database to DB.')
  const key = createHash('sha256').update(OBJECT).digest()
  const tag = (data: string | Buffer) => createHmac('sha256', key).update(data).digest().subarray(0, 16)
  const name = Buffer.concat([tag(id), tag(tag(id))]).toString('hex')
  return join(state, 'v3', 'd1', OBJECT, `${name}.sqlite`)
}

/**
 * The embedded database, migrated, opened as the file that it is and held by us alone until it is closed; `undefined`
 * when a runtime has it open. Miniflare's own door to it takes ten times as long and holds every statement in memory.
 */
export async function openLocalDatabase(state: string): Promise<DatabaseSync | undefined> {
  const file = databaseFile(state)
  // Before the migrations: they run in a runtime of their own, which would fail, and take the other one with it.
  if (existsSync(file)) {
    const held = await alone(file)
    if (held === undefined || isMigrated(held)) return held
    release(held)
  }
  await applyMigrations(state)
  return await alone(file)
}

/** Wrangler takes ten seconds to find that there is nothing to do. It names what it did in this table of its own. */
function isMigrated(database: DatabaseSync): boolean {
  const named = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'"
  if (database.prepare(named).get() === undefined) return false
  const done = new Set(
    database
      .prepare('SELECT name FROM d1_migrations')
      .all()
      .map((row) => row.name),
  )
  return readdirSync(join(ROOT, 'migrations')).every((name) => !name.endsWith('.sql') || done.has(name))
}

/**
 * Leaving the write-ahead log needs the file for oneself: that is the test. It is also the right journal for what
 * follows, since pages that are new are then written once and not twice.
 */
async function alone(file: string): Promise<DatabaseSync | undefined> {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA busy_timeout = 0; PRAGMA cache_size = -${CACHE}; PRAGMA locking_mode = EXCLUSIVE`)
  // A runtime that has just been told to end takes a moment to.
  for (let left = 20; left > 0; left -= 1) {
    try {
      database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT')
      return database
    } catch (error) {
      if (!isBusy(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  database.close()
  return undefined
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY

/** Closes, and leaves the file as the Workers runtime had it. */
export function release(database: DatabaseSync): void {
  database.exec('PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL')
  database.close()
}
