// npm run structures -- bind|unbind|list|add …
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instant } from '../src/kernel/instant.ts'
import { TRUST_ENVIRONMENTS } from '../src/trust/authority.ts'
import { openDatabase } from './directory/database.ts'
import { ROOT } from './places.ts'
import {
  addStructure,
  bindCertificate,
  type Desk,
  listBindings,
  unbindCertificate,
} from './structures/commands.ts'
import { certificatesIn } from './trust/certificate-files.ts'
import { wranglerDatabase } from './trust/wrangler-database.ts'

const USAGE = `npm run structures -- bind FILE… --client ID [--client ID]…
npm run structures -- unbind ID [--client ID]…
npm run structures -- list
npm run structures -- add STRUCTURE NAME
  FILE          an organisation's certificate, then those of its authorities; DER or PEM
  STRUCTURE     1 and a FINESS number, or 3 and a SIRET; most come by structures:import
  --environment whose authorities count: test for a local database, production for the deployed one
  --state DIR   another local database      --remote   the deployed one, through wrangler`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wish = wishOf(args)
  if (typeof wish === 'string') {
    console.error(wish)
    return 2
  }
  const { database, close } = wish.remote
    ? { database: wranglerDatabase(['--env', 'production', '--remote']), close: () => Promise.resolve() }
    : await openDatabase(wish.state)
  const { environment } = wish
  const clock = () => instant(Date.now() / 1000)
  try {
    return await wish.run({ database, environment, clock, say: (line) => console.log(line) })
  } finally {
    await close()
  }
}

interface Wish extends Pick<Desk, 'environment'> {
  readonly remote: boolean
  readonly state: string
  readonly run: (desk: Desk) => Promise<number>
}

/** What is to be done, or what is wrong with how it was asked for: no database is opened for that. */
function wishOf(args: string[]): Wish | string {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n${USAGE}`
  }
  const { values, positionals } = parsed
  const [command, ...rest] = positionals
  const { client: clients = [] } = values
  const remote = values.remote === true
  const environment = TRUST_ENVIRONMENTS.find(
    (one) => one === (values.environment ?? (remote ? 'production' : 'test')),
  )
  if (environment === undefined) return `--environment is ${TRUST_ENVIRONMENTS.join(' or ')}`
  const state = values.state === undefined ? join(ROOT, '.wrangler', 'state') : resolve(values.state)
  const where = { remote, state, environment }
  const [first, second, more] = rest
  switch (command) {
    case 'list':
      return { ...where, run: listBindings }
    case 'add':
      if (first === undefined || second === undefined || more !== undefined)
        return `Which structure, and its name in quotes?\n${USAGE}`
      return { ...where, run: (desk) => addStructure(desk, first, second) }
    case 'unbind':
      if (first === undefined || second !== undefined || !/^[0-9a-f]{6,64}$/i.test(first))
        return `Which one? \`list\` shows the identifiers; six characters of it at least.\n${USAGE}`
      return { ...where, run: (desk) => unbindCertificate(desk, first, clients) }
    case 'bind': {
      if (rest.length === 0 || clients.length === 0)
        return `Which certificate, and for which client?\n${USAGE}`
      const ders = certificatesIn(rest)
      if ('refused' in ders) return ders.refused
      return { ...where, run: (desk) => bindCertificate(desk, ders, clients) }
    }
    default:
      return USAGE
  }
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      client: { type: 'string', multiple: true },
      environment: { type: 'string' },
      state: { type: 'string' },
      remote: { type: 'boolean' },
    },
  })
}
