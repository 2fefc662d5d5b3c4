// npm run directory:import -- FILE… [--state DIR]
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instant } from '../src/kernel/instant.ts'
import { openDatabase } from './directory/database.ts'
import { importDirectory } from './directory/import.ts'
import { describeFile, describeSummary } from './directory/report.ts'
import { ROOT } from './places.ts'

const USAGE = 'npm run directory:import -- FILE… [--state DIR]'

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = wish(args)
  if ('refused' in wanted) {
    console.error(wanted.refused)
    return 2
  }
  const { database, close } = await openDatabase(wanted.state)
  try {
    const summary = await importDirectory({
      files: wanted.files,
      database,
      now: instant(Date.now() / 1000),
      report: (file) => console.log(describeFile(file)),
    })
    console.log(describeSummary(summary))
    return summary.files.some((file) => file.refusal !== undefined) ? 1 : 0
  } finally {
    await close()
  }
}

type Wish = { readonly files: readonly string[]; readonly state: string } | { readonly refused: string }

function wish(args: string[]): Wish {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return { refused: `${error instanceof Error ? error.message : error}\nUsage: ${USAGE}` }
  }
  const { values, positionals } = parsed
  if (values.remote || (values.env !== undefined && values.env !== 'sandbox')) {
    return { refused: 'Only a local database can be imported into for now: leave --env and --remote out.' }
  }
  if (positionals.length === 0) return { refused: `Which files? Usage: ${USAGE}` }
  for (const file of positionals) {
    if (/\.zip$/i.test(file)) return { refused: `${file}: unzip it first, and give the .txt files inside.` }
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return { refused: `${file}: no such file.` }
  }
  const state = values.state === undefined ? join(ROOT, '.wrangler', 'state') : resolve(values.state)
  return { files: positionals, state }
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: { state: { type: 'string' }, env: { type: 'string' }, remote: { type: 'boolean' } },
  })
}
