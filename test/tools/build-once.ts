import { BuildFailed, builtBundle } from '../../tools/bundle.ts'

/** Both bundles, before any file of this run needs one: no test pays for them, and no two build at once. */
export default async function buildOnce(): Promise<void> {
  try {
    await builtBundle('sandbox')
    await builtBundle('production')
  } catch (error) {
    // The tests that need a bundle then fail with the reason; the others still run.
    if (!(error instanceof BuildFailed)) throw error
  }
}
