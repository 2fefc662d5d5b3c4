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
}

/**
 * Test files share a runtime, because starting one takes longer than nearly any of them. What a file has left must
 * therefore go before the next one begins: rows, objects and queued messages, and every module with what it remembers.
 */
export async function emptyWorld(): Promise<void> {
  await reset()
  vi.resetModules()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}
