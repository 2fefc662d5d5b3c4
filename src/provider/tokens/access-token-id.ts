import { addressed, type Entropy, newObjectName } from '../../kernel/handle.ts'
import { ObjectName } from '../../kernel/identifiers.ts'

/** Where an access token came from: the session's object, and the family that must still be there. */
export interface Origin {
  readonly session: ObjectName
  readonly family: string
}

/** A fresh `jti`, `<session>.<family>.<random>`: unique, and the way back to the session without an index. */
export const accessTokenId = ({ session, family }: Origin, entropy: Entropy): string =>
  `${addressed(session, family)}.${newObjectName(entropy)}`

/** Where an access token came from by its `jti`; `undefined` for one that is not ours. Linear, never throws. */
export function originOf(jti: string): Origin | undefined {
  const parts = jti.split('.', 4)
  const [session, family, random] = parts.map((part) => ObjectName.safeParse(part))
  if (parts.length !== 3 || !session?.success || !family?.success || !random?.success) return undefined
  return { session: session.data, family: family.data }
}
