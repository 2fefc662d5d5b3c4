import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the project. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Where the data is kept unless told otherwise: wrangler's own place, so that `npx wrangler dev` sees the same. */
export const DEFAULT_STATE = join(ROOT, '.wrangler', 'state')

/** What is built and may be built again. */
export const BUILT = join(ROOT, '.serment')
