// npm run bench:directory -- [LINES…]: the import of an invented nation of so many lines, the same with 1 % changed, and a
// look-up in it. Default: 23 thousand, 230 thousand, 2.3 million, which takes ten minutes and 8 GB of disk.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { run } from '../command.ts'
import { openDatabase } from '../directory/database.ts'
import { databaseFile } from '../directory/local-database.ts'
import { nationOf } from '../directory/nation.ts'
import { writeNation } from '../directory/nation-file.ts'
import { machine } from './table.ts'

const SEED = 2026
const LOOK_UPS = 400
const SAMPLE = 20_000
const MEGABYTE = 1_000_000

/** As `src/rpps/directory.d1.ts` asks. */
const LOOK_UP =
  'SELECT id, national_id, status, email, phone, record FROM practitioner WHERE national_id = ?1'

/** The most memory that the process ever had, said by itself when it ends. KiB, as the system counts it. */
const WATCHED = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.log('peak', process.resourceUsage().maxRSS))",
)}`

const sizes = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'serment-directory-bench-'))

try {
  console.log(machine())
  console.log(
    ['lines', 'people', 'import', '1 % changed', 'peak memory', 'database', 'look-up', 'rows read']
      .map(cell)
      .join(''),
  )
  const plans = new Set<string>()
  for (const size of sizes.length > 0 ? sizes : [23_000, 230_000, 2_300_000]) {
    const state = join(folder, String(size))
    const people = Math.round(size / linesPerPerson())
    const extract = join(folder, 'extract.txt')
    // The migrations are another command's time.
    writeNation(extract, { seed: SEED, people: 0 }, 'open')
    await imported(extract, state)
    const lines = writeNation(extract, { seed: SEED, people }, 'open')
    const first = await imported(extract, state)
    const bytes = statSync(databaseFile(state)).size
    writeNation(extract, { seed: SEED, people, changed: 0.01 }, 'open')
    const second = await imported(extract, state)
    rmSync(extract)
    const look = await lookedUp(state, people)
    plans.add(look.plan)
    const figures = [
      lines.toLocaleString('en'),
      people.toLocaleString('en'),
      `${first.seconds.toFixed(1)} s`,
      `${second.seconds.toFixed(1)} s`,
      `${Math.max(first.peak, second.peak).toFixed(0)} MB`,
      `${(bytes / MEGABYTE).toFixed(0)} MB`,
      `${look.milliseconds.toFixed(2)} ms`,
      look.rowsRead,
    ]
    console.log(figures.map((figure) => cell(String(figure))).join(''))
    console.log(`  then: ${second.said}`)
    rmSync(state, { recursive: true })
  }
  console.log(
    `\nLook-up by national id: the median, through Miniflare. Plan at every size: ${[...plans].join(' / ')}`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function imported(extract: string, state: string) {
  const started = performance.now()
  const args = ['--import', WATCHED, 'tools/directory-import.ts', extract, '--state', state]
  const { code, output } = await run(process.execPath, args)
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(output)
  const peak = (Number(/peak (\d+)/.exec(output)?.[1]) * 1024) / MEGABYTE
  return { seconds, peak, said: /^.* people: .*$/m.exec(output)?.[0] ?? '' }
}

async function lookedUp(state: string, people: number) {
  const { database, close } = await openDatabase(state)
  try {
    const times: number[] = []
    let rowsRead = 0
    for (const id of someOf(people)) {
      const started = performance.now()
      const { results, meta } = await database.prepare(LOOK_UP).bind(id).all()
      times.push(performance.now() - started)
      if (results.length > 1) throw new Error(`${id} is two people`)
      rowsRead = Math.max(rowsRead, z.object({ rows_read: z.number() }).parse(meta).rows_read)
    }
    const { results } = await database.prepare(`EXPLAIN QUERY PLAN ${LOOK_UP}`).bind('').all()
    const plan = z
      .array(z.object({ detail: z.string() }))
      .parse(results)
      .map((step) => step.detail)
    const milliseconds = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
    return { milliseconds, rowsRead, plan: plan.join('; ') }
  } finally {
    await close()
  }
}

/** Identifiers from the whole breadth of the nation. */
function someOf(people: number): string[] {
  return Array.from({ length: LOOK_UPS }, (_, n) => `8997${10_000_000 + Math.floor((n * people) / LOOK_UPS)}`)
}

function linesPerPerson(): number {
  return [...nationOf({ seed: SEED, people: SAMPLE })].length / SAMPLE
}

function cell(text: string): string {
  return text.padStart(13)
}
