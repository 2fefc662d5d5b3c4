// npm run check:mtls -- https://card.example.org [--card FILE.p12 --password WORD]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { examineCardHost, type Finding } from './mtls/examine.ts'

const USAGE = `npm run check:mtls -- https://card.example.org [--card FILE.p12 --password WORD]
  Looks at a card host as a browser meets it, at its second name and at the identity host, and says what it finds.
  --card      a client certificate with its key, to be shown once; a card of the deployment's test range
  --password  of that file
  --connect   an address in place of what the names resolve to
  --ca        PEM of an authority to trust besides the machine's own`

const SIGNS: Record<Finding['is'], string> = { good: 'ok    ', note: 'note  ', fault: 'FAULT ' }

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
    return 2
  }
  const { values, positionals } = parsed
  const [address, more] = positionals
  if (address === undefined || more !== undefined || !/^https:\/\/[^/]+\/?$/.test(address)) {
    console.error(`Which card host? Its https origin.\n${USAGE}`)
    return 2
  }
  const { card, password = '', connect, ca: caFile } = values
  const findings = await examineCardHost(
    new URL(address),
    { connect, caFile, ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8') },
    card === undefined ? undefined : { pfx: readFileSync(card), passphrase: password },
  )
  for (const { is, says, cure } of findings) {
    console.log(`${SIGNS[is]}${says}`)
    if (cure !== undefined) console.log(`      ${cure}`)
  }
  const faults = findings.filter(({ is }) => is === 'fault').length
  console.log(faults === 0 ? 'No fault found.' : `${faults} ${faults === 1 ? 'fault' : 'faults'}.`)
  return faults === 0 ? 0 : 1
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      card: { type: 'string' },
      password: { type: 'string' },
      connect: { type: 'string' },
      ca: { type: 'string' },
    },
  })
}
