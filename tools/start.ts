import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { BuildFailed } from './bundle.ts'
import { DEFAULT_STATE } from './places.ts'
import { assertPortsFree, PortInUse } from './ports.ts'
import type { Serment } from './serve.ts'

const USAGE = `npm start -- [options]

  --port N                 first of three ports in a row (default 8787)
  --card-port N            port of the host that asks for a card (default 8443)
  --state DIR              where the data is kept (default .wrangler/state, which "npx wrangler dev" shares)
  --fresh                  forget what was kept
  --issuer https://NAME:PORT  serve everything over TLS under that name
  --cert FILE --key FILE   the certificate for it, PEM (made on the spot when left out)
  --help`

/** An option that cannot be meant; the message is the one line that says so. */
class Misused extends Error {}

interface Asked {
  readonly port: number
  readonly cardPort: number
  readonly state: string
  readonly fresh: boolean
  readonly issuer: string | undefined
  readonly tls: { readonly cert: string; readonly key: string } | undefined
}

function askedOf(args: readonly string[]): Asked | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      'card-port': { type: 'string' },
      state: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      issuer: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const issuer = values.issuer === undefined ? undefined : issuerOf(values.issuer)
  if ((values.cert === undefined) !== (values.key === undefined))
    throw new Misused('--cert and --key go together.')
  if (values.cert !== undefined && issuer === undefined)
    throw new Misused('--cert and --key need --issuer https://NAME:PORT.')
  if (issuer !== undefined && values.port !== undefined)
    throw new Misused('--issuer has the port in it: leave --port out.')
  return {
    port: issuer === undefined ? portOf(values.port ?? '8787') : Number(new URL(issuer).port || '443'),
    cardPort: portOf(values['card-port'] ?? '8443', '--card-port', 65_535),
    state: values.state ?? DEFAULT_STATE,
    fresh: values.fresh,
    issuer,
    tls:
      values.cert === undefined || values.key === undefined
        ? undefined
        : { cert: pem(values.cert, '--cert'), key: pem(values.key, '--key') },
  }
}

/** Two more are used after `--port`. */
function portOf(text: string, option = '--port', highest = 65_533): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > highest)
    throw new Misused(`${option} ${text}: a number from 1 to ${highest} is needed.`)
  return port
}

function issuerOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.origin !== text.replace(/\/$/, ''))
    throw new Misused(`--issuer ${text}: an origin is needed, as https://NAME:PORT.`)
  return url.origin
}

function pem(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Misused(`${option} ${file}: there is no such file.`)
  }
}

async function welcome(serment: Serment, asked: Asked): Promise<string> {
  const line = (label: string, value: string) => `  ${label.padEnd(22)}${value}`
  const lines = [
    '',
    `${serment.product} is running.`,
    '',
    line('Start here', `${serment.origin}/sandbox`),
    ...serment.demos.map((demo) => line(demo.name, demo.origin)),
    line('The phone (e-CPS)', `${serment.origin}/ecps/`),
    line('Cards (CPx)', `${serment.origin}/sandbox/cards`),
    line('For relying parties', `${serment.origin}/.well-known/openid-configuration`),
    line('Data', relative(process.cwd(), asked.state) || '.'),
    '',
  ]
  lines.push(
    `  ${serment.cardOrigins[0]} asks for the card. To use one, let your browser trust`,
    `  ${relative(process.cwd(), serment.cardAuthority.file)} as an authority; the page of the cards says how.`,
    '',
  )
  if (serment.caFile !== undefined) {
    lines.push(
      `  The certificate was made here. Trust ${serment.caFile}`,
      '  (a Node client: NODE_EXTRA_CA_CERTS; a browser: import it as an authority).',
      '',
    )
  }
  if (asked.issuer !== undefined && !(await isLoopback(new URL(asked.issuer).hostname))) {
    lines.push(
      `  This machine does not know that name yet. Add to its hosts file:  127.0.0.1 ${new URL(asked.issuer).hostname}`,
      '',
    )
  }
  lines.push('  Ctrl-C stops everything. The data is kept; --fresh forgets it.', '')
  return lines.join('\n')
}

async function isLoopback(host: string): Promise<boolean> {
  try {
    const { address } = await lookup(host)
    return address === '::1' || address.startsWith('127.')
  } catch {
    return false
  }
}

async function main(): Promise<void> {
  const asked = askedOf(process.argv.slice(2))
  if (asked === 'help') {
    console.log(USAGE)
    return
  }
  await assertPortsFree([asked.port, asked.port + 1, asked.port + 2, asked.cardPort])
  let serment: Serment | undefined
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    await serment?.close()
    process.exit(0)
  }
  // Loaded only now: what is refused above is refused at once.
  const { startSerment } = await import('./serve.ts')
  serment = await startSerment({
    port: asked.port,
    cardPort: asked.cardPort,
    state: asked.state,
    fresh: asked.fresh,
    ...(asked.issuer === undefined ? {} : { issuer: asked.issuer }),
    ...(asked.tls === undefined ? {} : { tls: asked.tls }),
    onStep: (step) => console.log(`… ${step}`),
  })
  // In place of Miniflare's own handlers, which end this process before everything is closed.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal).on(signal, stop)
  console.log(await welcome(serment, asked))
}

/** One line for what a person can mend; the tools' own words for a build that failed. */
function explained(error: unknown): string {
  if (error instanceof PortInUse || error instanceof Misused) return error.message
  if (error instanceof BuildFailed) return `The build failed.\n${error.message}`
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return `${error.message.split('. ')[0]}. See npm start -- --help`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

main().catch((error: unknown) => {
  console.error(explained(error))
  process.exit(1)
})
