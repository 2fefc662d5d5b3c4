import * as z from 'zod'
import type { SqlDatabase, SqlStatement } from '../../src/trust/authorities.d1.ts'
import { runPackage } from '../command.ts'

type Value = string | number | null

const Answer = z
  .array(
    z.object({
      success: z.literal(true),
      results: z.array(z.unknown()).default([]),
      meta: z.object({ changes: z.number().default(0) }).default({ changes: 0 }),
    }),
  )
  .min(1)

/**
 * A D1 database through `wrangler d1 execute`, which reaches deployed ones with the operator's own log-in. It takes no
 * parameters, so values are written into the statement, quoted.
 * @param where what tells wrangler which database: `--env production --remote`, or `--env= --local --persist-to …`.
 * @throws what wrangler printed, when the statement did not run.
 */
export function wranglerDatabase(where: readonly string[]): SqlDatabase {
  const execute = async (sql: string) => {
    const { code, output } = await runPackage('wrangler', [
      'd1',
      'execute',
      'DB',
      ...where,
      '--json',
      '--yes',
      '--command',
      sql,
    ])
    // What wrangler has to say besides comes before.
    const json = output.slice(Math.max(output.search(/^\[$/m), 0))
    const read = code === 0 ? Answer.safeParse(parsed(json)) : undefined
    const [first] = read?.success ? read.data : []
    if (first === undefined) throw new Error(`wrangler d1 execute:\n${output}`)
    return first
  }
  const statement = (sql: string, values: readonly Value[]): SqlStatement => ({
    bind: (...bound) => statement(sql, bound),
    run: () => execute(written(sql, values)),
    all: () => execute(written(sql, values)),
  })
  return { prepare: (sql) => statement(sql, []) }
}

/** `?1` and those after it, as literals. What a value holds is never looked at again. */
export const written = (sql: string, values: readonly Value[]): string =>
  sql.replace(/\?(\d+)/g, (_, position: string) => literal(values[Number(position) - 1]))

function literal(value: Value | undefined): string {
  if (value === undefined) throw new Error('a parameter was not bound')
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (value.includes('\0')) throw new Error('a zero character in a value')
  return `'${value.replaceAll("'", "''")}'`
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
