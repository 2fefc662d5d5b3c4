import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const PACKAGES = [
  '@simplewebauthn/server',
  'asn1js',
  'drizzle-orm',
  'drizzle-orm/d1',
  'drizzle-orm/sqlite-core',
  'fast-check',
  'hono',
  'hono/body-limit',
  'hono/cookie',
  'hono/cors',
  'hono/html',
  'hono/http-exception',
  'hono/jsx',
  'hono/jsx/jsx-dev-runtime',
  'hono/jsx/jsx-runtime',
  'hono/secure-headers',
  'hono/utils/url',
  'jose',
  'lean-qr',
  'lean-qr/extras/svg',
  'oauth4webapi',
  'pkijs',
  'qr',
  'zod',
]

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
    // One runtime for all the files of a worker, and an empty world in it for each: see empty-world.ts.
    isolate: false,
    setupFiles: ['test/setup.ts'],
    // Bundled once: each file evaluates every module again, and most modules are inside packages.
    deps: { optimizer: { ssr: { enabled: true, include: PACKAGES } } },
    // A Durable Object call that rejects is also reported as unhandled; the call itself is awaited and asserted.
    onUnhandledError: (error) => !('remote' in error && 'durableObjectId' in error),
  },
})
