// npm run trust -- add FILE… --range WORD [--purpose person|organisation]… | list | retire ID
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instant } from '../src/kernel/instant.ts'
import { PURPOSES, TRUST_ENVIRONMENTS } from '../src/trust/authority.ts'
import { openDatabase } from './directory/database.ts'
import { ROOT } from './places.ts'
import { certificatesIn } from './trust/certificate-files.ts'
import { addAuthorities, type Desk, listAuthorities, retireAuthority } from './trust/commands.ts'
import { wranglerDatabase } from './trust/wrangler-database.ts'

const USAGE = `npm run trust -- add FILE… --range STANDARD [--purpose person] [--purpose organisation]
                          [--crl URL]… [--ocsp URL] [--policy OID]… [--anchor]
npm run trust -- list
npm run trust -- retire ID
  FILE          a certificate, DER or PEM; its own issuer makes it an anchor, --anchor any other
  --purpose     whose certificates it issues; leave it out for an authority of authorities
  --crl         where its whole list of revoked certificates is; again for a mirror
  --environment test or production; test for a local database, production for the deployed one
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
  const desk = { database, clock: () => instant(Date.now() / 1000), say: (line: string) => console.log(line) }
  try {
    return await wish.run(desk)
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
function wishOf(args: string[]): Wish | string {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n${USAGE}`
  }
  const { values, positionals } = parsed
  const [command, ...rest] = positionals
  const remote = values.remote === true
  const environment = TRUST_ENVIRONMENTS.find(
    (one) => one === (values.environment ?? (remote ? 'production' : 'test')),
  )
  if (environment === undefined) return `--environment is ${TRUST_ENVIRONMENTS.join(' or ')}`
  const state = values.state === undefined ? join(ROOT, '.wrangler', 'state') : resolve(values.state)
  const where = { remote, state }
  switch (command) {
    case 'list':
      return { ...where, run: listAuthorities }
    case 'retire': {
      const [id, more] = rest
      if (id === undefined || more !== undefined || !/^[0-9a-f]{6,64}$/i.test(id))
        return `Which one? \`list\` shows the identifiers; six characters of it at least.\n${USAGE}`
      return { ...where, run: (desk) => retireAuthority(desk, id) }
    }
    case 'add': {
      const { range, purpose = [], crl: crlUrls = [], ocsp: ocspUrl, policy: policies = [] } = values
      if (rest.length === 0 || range === undefined) return `Which files, and which range?\n${USAGE}`
      const purposes = PURPOSES.filter((one) => purpose.includes(one))
      if (purposes.length !== purpose.length) return `--purpose is ${PURPOSES.join(' or ')}`
      const ders = certificatesIn(rest)
      if ('refused' in ders) return ders.refused
      const wanted = {
        range,
        environment,
        purposes,
        crlUrls,
        ocspUrl,
        policies,
        anchor: values.anchor === true,
      }
      return { ...where, run: (desk) => addAuthorities(desk, ders, wanted) }
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
      range: { type: 'string' },
      purpose: { type: 'string', multiple: true },
      crl: { type: 'string', multiple: true },
      ocsp: { type: 'string' },
      policy: { type: 'string', multiple: true },
      anchor: { type: 'boolean' },
      environment: { type: 'string' },
      state: { type: 'string' },
      remote: { type: 'boolean' },
    },
  })
}
