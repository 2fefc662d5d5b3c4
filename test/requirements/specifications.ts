import type { Specification } from './requirement.ts'
import { rfc6749 } from './rfc6749.ts'
import { rfc7636 } from './rfc7636.ts'

/** Every specification that the table in `docs/conformance.md` covers, in its order. */
export const SPECIFICATIONS: readonly Specification[] = [rfc6749, rfc7636]
