import { randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { GENESIS, type Head } from '../../src/audit/chain.ts'
import { trailKeys, trailRecords } from '../../src/audit/records.d1.ts'
import type { Desk } from './verify.ts'

const HeadRow = z.object({ seq: z.number(), hash: z.string() })
const RECORD = 'INSERT INTO audit_event (id, at, kind, detail) VALUES (?1, ?2, ?3, ?4)'

/**
 * The trail after an entry, as JSON Lines with what proves it (docs/audit-trail.md), a page at a time. Readable by its
 * owner only: it names people. That it was taken is itself written into the trail.
 */
export async function exportTrail(
  { database, clock, say }: Desk,
  path: string,
  after: number,
): Promise<number> {
  const from = await headAt(database, after)
  if (from === undefined) {
    say(`There is no entry ${after}.`)
    return 1
  }
  await database
    .prepare(RECORD)
    .bind(randomUUID(), clock(), 'trail.exported', `by the command, after ${after}`)
    .run()
  const file = openSync(path, 'w', 0o600)
  const write = (line: unknown) => writeSync(file, `${JSON.stringify(line)}\n`)
  let head = from
  let entries = 0
  try {
    write({ type: 'trail', version: 1, exportedAt: clock(), after: from })
    for (const jwk of await trailKeys(database)) write({ type: 'key', jwk })
    for await (const record of trailRecords(database, after)) {
      if (record.type === 'checkpoint') write({ type: 'checkpoint', ...record.checkpoint })
      else if ('unreadable' in record.entry) {
        say(`Entry ${record.entry.seq} cannot be read: verify first.`)
        return 1
      } else {
        write({ type: 'entry', ...record.entry })
        head = { seq: record.entry.seq, hash: record.entry.hash }
        entries += 1
      }
    }
    write({ type: 'end', ...head })
  } finally {
    closeSync(file)
  }
  say(`${entries} entries, as far as ${head.seq}. Keep the last line apart: \`verify --witness\` takes it.`)
  return 0
}

async function headAt(database: Desk['database'], seq: number): Promise<Head | undefined> {
  if (seq === 0) return GENESIS
  const { results } = await database
    .prepare('SELECT seq, hash FROM audit_event WHERE seq = ?1')
    .bind(seq)
    .all()
  return z.array(HeadRow).parse(results)[0]
}
