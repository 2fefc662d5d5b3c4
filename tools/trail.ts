// npm run trail -- verify | export | search
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instant } from '../src/kernel/instant.ts'
import { openDatabase } from './directory/database.ts'
import { ROOT } from './places.ts'
import { exportTrail } from './trail/export.ts'
import { publishedKeys, witnessIn } from './trail/files.ts'
import { searchedTrail } from './trail/search.ts'
import { type Desk, verifyTrail } from './trail/verify.ts'
import { wranglerDatabase } from './trust/wrangler-database.ts'

const USAGE = `npm run trail -- verify [--keys JWKS] [--witness FILE]
npm run trail -- export FILE [--after NUMBER]
npm run trail -- search [--person ID] [--service CLIENT] [--kind KIND] [--from TIME] [--to TIME] [--limit N] [--json]
  --keys        the deployment's keys, a file or an address: its jwks_uri. Without it the keys beside the trail are
                believed, which whoever rewrote all of it could have put there
  --witness     an earlier export, or its last line: what stood then must stand now
  --after       what comes after this entry only
  --kind        one of the trail's, or the first part of some with its dot: card.
  TIME          2026-11-22 or 2026-11-22T08:30:00Z
  --state DIR   another local database      --remote   the deployed one, through wrangler`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  let wish: Wish | string
  try {
    wish = await wishOf(args)
  } catch (error) {
    wish = `${error instanceof Error ? error.message : error}\n${USAGE}`
  }
  if (typeof wish === 'string') {
    console.error(wish)
    return 2
  }
  const { database, close } = wish.remote
    ? { database: wranglerDatabase(['--env', 'production', '--remote']), close: () => Promise.resolve() }
    : await openDatabase(wish.state)
  const clock = () => instant(Date.now() / 1000)
  try {
    return await wish.run({ database, clock, say: (line) => console.log(line) })
  } finally {
    await close()
  }
}

interface Wish {
  readonly remote: boolean
  readonly state: string
  readonly run: (desk: Desk) => Promise<number>
}

/** What is to be done, or what is wrong with how it was asked for: no database is opened for that. */
async function wishOf(args: string[]): Promise<Wish | string> {
  const { values, positionals } = parse(args)
  const [command, file, more] = positionals
  const state = values.state === undefined ? join(ROOT, '.wrangler', 'state') : resolve(values.state)
  const where = { remote: values.remote === true, state }
  if (more !== undefined) return USAGE
  switch (command) {
    case 'verify': {
      if (file !== undefined) return USAGE
      const keys = values.keys === undefined ? undefined : await publishedKeys(values.keys)
      const witness = values.witness === undefined ? undefined : witnessIn(values.witness)
      if (typeof keys === 'string') return keys
      if (typeof witness === 'string') return witness
      return { ...where, run: (desk) => verifyTrail(desk, { keys, witness }) }
    }
    case 'export': {
      if (file === undefined) return `Into which file?\n${USAGE}`
      const after = wholeNumber('--after', values.after ?? '0')
      return { ...where, run: (desk) => exportTrail(desk, resolve(file), after) }
    }
    case 'search': {
      if (file !== undefined) return USAGE
      const { person, service, kind, from, to, limit = '100', json = false } = values
      const query = {
        ...(person === undefined ? {} : { practitionerId: person }),
        ...(service === undefined ? {} : { clientId: service }),
        ...(kind === undefined ? {} : { kind }),
        ...(from === undefined ? {} : { from: time('--from', from) }),
        ...(to === undefined ? {} : { to: time('--to', to) }),
        limit: wholeNumber('--limit', limit),
      }
      return { ...where, run: (desk) => searchedTrail(desk, query, json) }
    }
    default:
      return USAGE
  }
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${option} is a whole number`)
  return Number(text)
}

function time(option: string, text: string): number {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new Error(`${option} is a time: 2026-11-22 or 2026-11-22T08:30:00Z`)
  return Math.floor(at / 1000)
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      witness: { type: 'string' },
      after: { type: 'string' },
      person: { type: 'string' },
      service: { type: 'string' },
      kind: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
      state: { type: 'string' },
      remote: { type: 'boolean' },
    },
  })
}
