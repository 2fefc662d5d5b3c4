import { parseArgs } from 'node:util'
import { drive } from './drive.ts'
import { type Flavour, SERMENT, YARDSTICK } from './flavour.ts'
import type { Bounds, Measure } from './measure.ts'
import { startSide } from './side.ts'
import { comparison, machine } from './table.ts'

// npm run bench: whole sign-ins and each endpoint, here and at oidc-provider, one after the other on this machine. Under
// three minutes; --seconds makes each line longer.
// A benchmark, never a test: it fails only when an answer is wrong.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    count: { type: 'string', default: '20000' },
    concurrency: { type: 'string', default: '8' },
  },
})
const bounds: Bounds = {
  seconds: within(values.seconds, 1, 60),
  count: within(values.count, 1, 100_000),
  concurrency: within(values.concurrency, 1, 64),
}

function within(text: string, least: number, most: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least || number > most) {
    console.error(`${text}: a whole number from ${least} to ${most} is needed.`)
    process.exit(1)
  }
  return number
}

async function measured(name: string, file: string, flavour: Flavour): Promise<Measure[]> {
  console.error(`… ${name}`)
  const side = await startSide(file)
  try {
    return await drive(side, flavour, bounds)
  } finally {
    await side.close()
  }
}

const serment = await measured(
  'Serment, production bundle in the Workers runtime',
  './serment-side.ts',
  SERMENT,
)
const yardstick = await measured('oidc-provider, memory adapter', './oidc-provider-side.ts', YARDSTICK)

console.log(`\n${comparison(serment, yardstick)}\n`)
console.log(`${machine()}.`)
console.log(
  `${bounds.concurrency} at a time, each line until ${bounds.seconds} s or ${bounds.count} were done, the driver on the same machine. ` +
    "Serment is the Worker alone in workerd, without the local simulation of Cloudflare's router and static files. Both verify a passkey, sign ES256 ID tokens, demand a nonce in DPoP proofs and turn refresh tokens; Serment writes durable objects and a database (on a memory file system) and signs its access tokens, oidc-provider keeps a map in its own memory and its access tokens are opaque. On its phone each call also carries a proof by the device. The ratio is of the rates.",
)
