import { builtBundle } from '../../tools/bundle.ts'

/** Both bundles, before any file of this run needs one: no test pays for them, and no two build at once. */
export default async function buildOnce(): Promise<void> {
  await builtBundle('sandbox')
  await builtBundle('production')
}
