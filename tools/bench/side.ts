import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { JWK } from 'jose'
import type { SoftwareCredential } from '../../src/sandbox/authenticator.ts'
import type { DeviceKey } from '../../src/sandbox/device-key.ts'

/** Somebody who signs in, on both sides with a passkey. */
export interface Person {
  readonly credential: SoftwareCredential
  /** Of their phone; only Serment looks at it. */
  readonly device: DeviceKey
  /** What a service names them by (CIBA Core §7.1, `login_hint`). */
  readonly hint: string
}

/** What a provider under measurement tells the driver when it is ready, over the channel of its process. */
export interface Ready {
  readonly issuer: string
  /** On 127.0.0.1. */
  readonly port: number
  readonly people: readonly Person[]
  /** Private key of the service that proves itself by one. */
  readonly serviceKey: JWK
}

/** How many people sign in, in turn: enough that no two at once are the same one. */
export const PEOPLE = 32

export interface RunningSide extends Ready {
  close(): Promise<void>
}

/** Starts a side in a process of its own, so that one's garbage is not collected in the other's time. */
export async function startSide(file: string): Promise<RunningSide> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4000)
  })
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message: Ready) => resolve(message))
    child.once('exit', (code) =>
      reject(new Error(`${file} ended with ${code} before it was ready:\n${complaints}`)),
    )
  })
  return { ...ready, close: () => ended(child) }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('exit', () => {
      clearTimeout(impatience)
      resolve()
    })
    child.disconnect()
  })
}

/** In a side's process: tells the driver, and ends with it, even if it was killed. */
export function serveUntilDisconnected(ready: Ready, close: () => Promise<unknown>): void {
  process.once('disconnect', () => {
    close().finally(() => process.exit(0))
  })
  process.send?.(ready)
}
