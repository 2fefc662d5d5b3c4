import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Ended, runPackage } from './command.ts'
import { BUILT, ROOT } from './places.ts'

/** Whether the tables of src/ are what the migrations make: drizzle-kit, asked for the difference, finds none. */
export async function migrationsAreCurrent(): Promise<Ended> {
  // Under the project: drizzle-kit takes a path from there only.
  const copy = mkdtempSync(join(BUILT, 'migrations-'))
  try {
    cpSync(join(ROOT, 'migrations'), copy, { recursive: true })
    const before = readdirSync(copy).filter((name) => name.endsWith('.sql'))
    const ended = await runPackage('drizzle-kit', [
      'generate',
      '--dialect=sqlite',
      '--schema=./src/**/*.table.ts',
      `--out=./${relative(ROOT, copy)}`,
    ])
    const made = readdirSync(copy).filter((name) => name.endsWith('.sql') && !before.includes(name))
    if (ended.code === 0 && made.length > 0) {
      return {
        ...ended,
        code: 1,
        output: `The tables of src/ have changed: run "npm run migrations:generate" and commit what it writes.\n${ended.output}`,
      }
    }
    return ended
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
