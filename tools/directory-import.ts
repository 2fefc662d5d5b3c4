// npm run directory:import -- FILE… [--dry-run] [--allow-change 20%] [--partial] [--state DIR]
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instant } from '../src/kernel/instant.ts'
import { importLocally } from './directory/import-local.ts'
import { openLocalDatabase, release } from './directory/local-database.ts'
import { terminalProgress } from './directory/progress.ts'
import { describeFile, describeOutcome } from './directory/report.ts'
import { type Source, sourcesOf } from './directory/sources.ts'
import { ROOT } from './places.ts'

const USAGE = 'npm run directory:import -- FILE… [--dry-run] [--allow-change 20%] [--partial] [--state DIR]'

/** Share of the people known that may change or vanish without anybody having said so. */
const ALLOWED = '5%'

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = wish(args)
  if ('refused' in wanted) return refused(wanted.refused)
  const sources: Source[] = []
  const closing: (() => void)[] = []
  try {
    for (const file of wanted.files) {
      const found = await sourcesOf(file)
      if ('refused' in found) return refused(found.refused)
      sources.push(...found.sources)
      closing.push(found.close)
    }
    return await imported(wanted, sources)
  } finally {
    for (const close of closing) close()
  }
}

function refused(line: string): number {
  console.error(line)
  return 2
}

async function imported(wanted: Wanted, sources: readonly Source[]): Promise<number> {
  const directory = await openLocalDatabase(wanted.state)
  if (directory === undefined) return refused(`${wanted.state} is in use: stop what runs on it first.`)
  try {
    const outcome = await importLocally({
      sources,
      directory,
      folder: join(wanted.state, 'directory-import'),
      now: instant(Date.now() / 1000),
      ...wanted,
      progress: terminalProgress(),
      report: (file, rejects) => console.log(describeFile(file, rejects)),
    })
    console.log(describeOutcome(outcome))
    const unread = outcome.files.some((file) => file.refusal !== undefined)
    return unread || (!outcome.applied && outcome.why === 'too-much') ? 1 : 0
  } catch (error) {
    console.error(`Nothing was written: ${error instanceof Error ? error.message : error}`)
    return 1
  } finally {
    release(directory)
  }
}

interface Wanted {
  readonly files: readonly string[]
  readonly state: string
  readonly dryRun: boolean
  readonly whole: boolean
  readonly allowed: number
}

function wish(args: string[]): Wanted | { readonly refused: string } {
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
  const allowed = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(values['allow-change'])?.[1]
  if (allowed === undefined || Number(allowed) > 100) {
    return { refused: '--allow-change takes a share of the people known, as 20%.' }
  }
  if (positionals.length === 0) return { refused: `Which files? Usage: ${USAGE}` }
  for (const file of positionals) {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return { refused: `${file}: no such file.` }
  }
  return {
    files: positionals,
    state: values.state === undefined ? join(ROOT, '.wrangler', 'state') : resolve(values.state),
    dryRun: values['dry-run'],
    whole: !values.partial,
    allowed: Number(allowed) / 100,
  }
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      state: { type: 'string' },
      env: { type: 'string' },
      remote: { type: 'boolean' },
      'dry-run': { type: 'boolean', default: false },
      partial: { type: 'boolean', default: false },
      'allow-change': { type: 'string', default: ALLOWED },
    },
  })
}
