// npm run structures:import -- FILE… [--state DIR]
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instant } from '../src/kernel/instant.ts'
import { openDatabase } from './directory/database.ts'
import { ROOT } from './places.ts'
import { importStructures } from './structures/import.ts'

const USAGE = `npm run structures:import -- FILE… [--state DIR]
  FILE  an open extract of FINESS, of establishments or of legal entities; what is not taken of it goes to FILE.rejected`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = wish(args)
  if (typeof wanted === 'string') {
    console.error(wanted)
    return 2
  }
  const { database, close } = await openDatabase(wanted.state)
  try {
    for (const file of wanted.files) {
      const rejects = `${file}.rejected`
      const now = instant(Date.now() / 1000)
      const report = await importStructures({ file, rejects, database, now })
      console.log(
        `${report.name} (${report.encoding}): ${report.structures} structures, ${report.changed} new or changed, ` +
          `${report.rejected} lines rejected${report.rejected > 0 ? `, in ${rejects}` : ''}`,
      )
      if (report.structures === 0) return 1
    }
    return 0
  } finally {
    await close()
  }
}

function wish(args: string[]): { readonly files: readonly string[]; readonly state: string } | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { state: { type: 'string' } },
    })
    if (positionals.length === 0) return `Which files?\n${USAGE}`
    const missing = positionals.find((file) => !statSync(file, { throwIfNoEntry: false })?.isFile())
    if (missing !== undefined) return `${missing}: no such file.`
    const state = values.state === undefined ? join(ROOT, '.wrangler', 'state') : resolve(values.state)
    return { files: positionals, state }
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n${USAGE}`
  }
}
