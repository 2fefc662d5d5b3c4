import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Instant } from '../../src/kernel/instant.ts'
import { type FinessReport, importFiness } from '../../src/structures/import.ts'
import { d1Structures } from '../../src/structures/structures.d1.ts'
import type { SqlDatabase } from '../../src/trust/authorities.d1.ts'

export interface StructuresImport {
  readonly file: string
  /** Where the lines that were not taken go, with their number and the reason. */
  readonly rejects: string
  readonly database: SqlDatabase
  readonly now: Instant
}

export type Encoding = 'utf-8' | 'windows-1252'

const RECORD = "INSERT INTO audit_event (id, at, kind, detail) VALUES (?1, ?2, 'structure.imported', ?3)"

/** Reads an extract of FINESS into the registry, streamed. A file that cannot be opened rejects before anything is written. */
export async function importStructures({
  file,
  rejects,
  database,
  now,
}: StructuresImport): Promise<FinessReport & { readonly encoding: Encoding }> {
  const encoding = await encodingOf(file)
  const structures = d1Structures(database)
  const out = createWriteStream(rejects, 'utf8')
  const report = await importFiness(basename(file), decoded(file, encoding), {
    write: (batch) => structures.upsert(batch, now),
    onRejected: (line, reason, text) => void out.write(`${line};${reason};${text.trimEnd()}\n`),
  }).finally(() => out.end())
  await finished(out)
  const detail = `${report.name}: ${report.structures} read, ${report.changed} changed, ${report.rejected} rejected`
  await database.prepare(RECORD).bind(randomUUID(), now, detail).run()
  return { ...report, encoding }
}

/** The extracts were in Latin-1 for twenty years and are in UTF-8 now; which, no byte order mark says. Read once to see. */
export async function encodingOf(file: string): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of createReadStream(file)) decoder.decode(chunk, { stream: true })
    decoder.decode()
    return 'utf-8'
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252'
    throw error
  }
}

async function* decoded(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of createReadStream(file)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}
