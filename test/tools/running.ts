import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from '../../tools/ports.ts'
import { startSerment } from '../../tools/serve.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The issuer of a whole sandbox that runs for all the files of this run. */
    origin: string
    /** The two demonstration services, in order. */
    demos: readonly { readonly name: string; readonly origin: string }[]
  }
}

/** One sandbox for every journey and every relying-party library; each test takes its own professional. */
export default async function running(project: TestProject): Promise<() => Promise<void>> {
  const state = mkdtempSync(join(tmpdir(), 'serment-test-'))
  const serment = await startSerment({ port: await freePort(2), state })
  project.provide('origin', serment.origin)
  project.provide('demos', serment.demos)
  // Every file of the run notes in it which pages axe has looked at: journeys/browser.ts.
  process.env.SERMENT_SOUND_PAGES = join(state, 'sound')
  mkdirSync(process.env.SERMENT_SOUND_PAGES)
  return async () => {
    await serment.close()
    rmSync(state, { recursive: true, force: true })
  }
}
