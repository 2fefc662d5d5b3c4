import { runPackage } from './command.ts'

/** The database of this state folder, brought up to date by wrangler as a deployment would be. Nothing may hold it. */
export async function applyMigrations(state: string): Promise<void> {
  const ended = await runPackage(
    'wrangler',
    ['d1', 'migrations', 'apply', 'DB', '--env=', '--local', '--persist-to', state],
    { CI: 'true' },
  )
  if (ended.code !== 0) throw new Error(`The migrations did not apply to ${state}:\n${ended.output}`)
}
