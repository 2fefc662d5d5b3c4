import { defineConfig } from 'vitest/config'

// What drives the whole from outside, in Node: the commands, and the journeys in a real browser.
export default defineConfig({
  root: '.',
  test: {
    name: 'node',
    include: ['test/tools/**/*.test.ts', 'test/interop/**/*.test.ts', 'test/journeys/**/*.test.ts'],
    globalSetup: ['test/tools/build-once.ts', 'test/tools/running.ts'],
    // A browser, a runtime and a bundler at once are enough for two cores.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
