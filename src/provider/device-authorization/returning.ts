import * as z from 'zod'
import type { Digest } from '../../kernel/digest.ts'
import { ObjectName } from '../../kernel/identifiers.ts'

/**
 * What the mire keeps for us meanwhile. `from`: the session that this is for, when the person was signed in already and
 * only what is shared was still to be shown.
 */
const Returning = z.object({
  device: ObjectName,
  from: z.object({ session: ObjectName, secret: z.string().transform((text) => text as Digest) }).optional(),
})
export type Returning = z.infer<typeof Returning>

/** What was kept with a login that a device's request began, `undefined` for any other login. */
export function returning(returnTo: string): Returning | undefined {
  try {
    return Returning.safeParse(JSON.parse(returnTo)).data
  } catch {
    return undefined
  }
}
