import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const migrations = await readD1Migrations('migrations')

export default defineConfig({
  root: '.',
  plugins: [
    cloudflareTest({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: { bindings: { TEST_MIGRATIONS: migrations } },
    }),
  ],
  test: {
    name: 'workers',
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/journeys/**', 'test/tools/**', 'test/interop/**'],
    setupFiles: ['test/setup.ts'],
    // A Durable Object call that rejects is also reported as unhandled; the call itself is awaited and asserted.
    onUnhandledError: (error) => !('remote' in error && 'durableObjectId' in error),
  },
})
