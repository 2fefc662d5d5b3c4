// npm run directory:invent -- --people N [--seed S] [--changed 1%] [--restricted] OUT
import { parseArgs } from 'node:util'
import { writeNation } from './directory/nation-file.ts'

const USAGE = 'npm run directory:invent -- --people N [--seed S] [--changed 1%] [--restricted] OUT'

process.exitCode = main(process.argv.slice(2))

function main(args: string[]): number {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUsage: ${USAGE}`)
    return 2
  }
  const { values, positionals } = parsed
  const [out, ...more] = positionals
  const people = Number(values.people)
  const seed = Number(values.seed)
  const changed = Number(values.changed.replace('%', '')) / 100
  if (out === undefined || more.length > 0 || !Number.isSafeInteger(people) || !Number.isSafeInteger(seed)) {
    console.error(`Usage: ${USAGE}`)
    return 2
  }
  if (people < 1 || people > 9_000_000 || !(changed >= 0 && changed <= 1)) {
    console.error('From one to nine million people, of whom 0% to 100% have changed.')
    return 2
  }
  const lines = writeNation(out, { seed, people, changed }, values.restricted ? 'restricted' : 'open')
  console.log(`${out}: ${people} people, ${lines} lines`)
  return 0
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      people: { type: 'string' },
      seed: { type: 'string', default: '1' },
      changed: { type: 'string', default: '0%' },
      restricted: { type: 'boolean', default: false },
    },
  })
}
