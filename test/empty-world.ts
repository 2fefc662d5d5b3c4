import { applyD1Migrations, type D1Migration, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

declare global {
  namespace Cloudflare {
    interface Env {
      /** What vitest.config.ts read of migrations/. */
      readonly TEST_MIGRATIONS: D1Migration[]
    }
  }
  /** The bindings as they were before the first file: kept here, because every module is evaluated again. */
  var bindingsAtFirst: Readonly<Record<string, unknown>> | undefined
}

/**
 * Test files share a runtime, because starting one takes longer than nearly any of them. What a file has left must
 * therefore go before the next one begins: rows, objects and queued messages, what it set in the bindings, and every
 * module with what it remembers.
 */
export async function emptyWorld(): Promise<void> {
  globalThis.bindingsAtFirst ??= { ...env }
  for (const name of Object.keys(env))
    if (!(name in globalThis.bindingsAtFirst)) Reflect.deleteProperty(env, name)
  Object.assign(env, globalThis.bindingsAtFirst)
  await reset()
  vi.resetModules()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}
