import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runPackage } from './command.ts'
import { BUILT, ROOT } from './places.ts'

/** `sandbox` is the top level of wrangler.toml, `production` its `env.production`. */
export type Environment = 'sandbox' | 'production'

/** What wrangler would upload. */
export interface Bundle {
  readonly directory: string
  /** The main module, under `directory`. */
  readonly script: string
}

/** The sources did not build; the message is what the tools said. */
export class BuildFailed extends Error {}

/**
 * The Worker as `wrangler deploy` would upload it, with the web parts built before it (wrangler.toml's `[build]`).
 * Built again only when a source is newer than the last build, because a start should take seconds.
 * @throws {BuildFailed}
 */
export async function builtBundle(environment: Environment): Promise<Bundle> {
  const directory = join(BUILT, 'bundle', environment)
  const bundle = { directory, script: join(directory, 'worker.js') }
  const stamp = join(directory, 'built')
  if (existsSync(bundle.script) && existsSync(stamp) && newest() <= statSync(stamp).mtimeMs) return bundle
  const began = Date.now()
  rmSync(directory, { recursive: true, force: true })
  // `--env=` names the top level explicitly: without it wrangler warns that there are several environments.
  const ended = await runPackage('wrangler', [
    'deploy',
    '--dry-run',
    `--env=${environment === 'sandbox' ? '' : environment}`,
    '--outdir',
    directory,
  ])
  if (ended.code !== 0 || !existsSync(bundle.script)) throw new BuildFailed(ended.output)
  writeFileSync(stamp, '')
  // A source saved while it was building is newer than what was built.
  if (newest() > began) rmSync(stamp)
  return bundle
}

function newest(): number {
  const files = ['wrangler.toml', 'package-lock.json', 'tsconfig.json'].map(
    (name) => statSync(join(ROOT, name)).mtimeMs,
  )
  return Math.max(...files, newestUnder(join(ROOT, 'src')), newestUnder(join(ROOT, 'web')))
}

/** A folder's own time counts too: it changes when a file is deleted. */
function newestUnder(folder: string): number {
  let latest = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newestUnder(path) : statSync(path).mtimeMs)
  }
  return latest
}
