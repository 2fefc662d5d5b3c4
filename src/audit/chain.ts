import { base64url } from 'jose'
import { digest } from '../kernel/digest.ts'
import type { Entropy } from '../kernel/handle.ts'

/** What an entry says of a person. Kept beside the chain, which holds a commitment to it only, so that it can go. */
export interface Personal {
  readonly practitionerId: string | null
  readonly place: string | null
  readonly detail: string | null
}

/** What an entry says of nobody: in the chain itself, for ever. */
export interface Statement {
  readonly id: string
  readonly at: number
  readonly kind: string
  readonly clientId: string | null
  readonly means: string | null
}

/** An entry of the chain. Digests are SHA-256 in base64url. */
export interface Entry extends Statement, Personal {
  /** 1 for the first, and no number is left out. */
  readonly seq: number
  /** The hash of the entry before. */
  readonly previous: string
  readonly commitment: string
  /** 128 random bits of this entry alone. Gone together with the personal part, of which nothing can then be guessed. */
  readonly salt: string | null
  readonly hash: string
}

/** Where a chain is: its last entry's number and hash. */
export interface Head {
  readonly seq: number
  readonly hash: string
}

/** What the first entry stands on: SHA-256 of nothing at all, so that anybody can make it. */
export const GENESIS: Head = { seq: 0, hash: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' }

/** Changes whenever the canonical form does; an entry of another form is another version's. */
const VERSION = 1
const SALT_BYTES = 16

/** SHA-256 over the JSON array, without white space (the form of RFC 8785), of salt and personal part. */
export const commitmentOf = (salt: string, { practitionerId, place, detail }: Personal): Promise<string> =>
  digest(JSON.stringify([VERSION, salt, practitionerId, place, detail]))

/** SHA-256 over the JSON array of everything else, the entry's place in the chain included. */
export const hashOf = (entry: Omit<Entry, 'hash' | 'salt' | keyof Personal>): Promise<string> =>
  digest(
    JSON.stringify([
      VERSION,
      entry.seq,
      entry.previous,
      entry.id,
      entry.at,
      entry.kind,
      entry.clientId,
      entry.means,
      entry.commitment,
    ]),
  )

/** The next entries of a chain, in this order. */
export async function seal(
  head: Head,
  lines: readonly (Statement & Personal)[],
  entropy: Entropy,
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  let { seq, hash: previous } = head
  for (const line of lines) {
    seq += 1
    const salt = base64url.encode(entropy(SALT_BYTES))
    const open = { ...line, seq, previous, salt, commitment: await commitmentOf(salt, line) }
    const hash = await hashOf(open)
    entries.push({ ...open, hash })
    previous = hash
  }
  return entries
}
