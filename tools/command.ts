import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './places.ts'

/** How a command ended. `signal` is set when it was killed or crashed. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Standard output and error, in the order in which they came. */
  readonly output: string
}

/** What every command that we run may rely on: no telemetry, no look-up of the place that this machine is in. */
export const QUIET_ENVIRONMENT = {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  NO_UPDATE_NOTIFIER: '1',
} as const

/** Runs a program to its end, in the project's folder, and gives what it printed. Never rejects. */
export function run(
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...QUIET_ENVIRONMENT, FORCE_COLOR: '0', NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ code: 127, signal: null, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) => resolve({ code, signal, output }))
  })
}

/**
 * Runs the command that a package installs, with this Node: no shell, no npx, the same on every platform. `name` is the
 * command's; its package's where that differs is `from`.
 */
export function runPackage(
  name: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  from = name,
): Promise<Ended> {
  return run(process.execPath, [binaryOf(name, from), ...args], environment)
}

function binaryOf(name: string, from: string): string {
  const folder = join(ROOT, 'node_modules', from)
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const bin =
    typeof manifest === 'object' && manifest !== null && 'bin' in manifest ? manifest.bin : undefined
  const paths: Record<string, unknown> =
    typeof bin === 'object' && bin !== null ? { ...bin } : { [name]: bin }
  const path = paths[name]
  if (typeof path !== 'string') throw new Error(`${from} installs no command ${name}`)
  return join(folder, path)
}
