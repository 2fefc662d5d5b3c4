import type { Instant } from '../kernel/instant.ts'
import type { Certificate } from '../protocol/pki/certificate.ts'
import {
  type ListRejection,
  type RevocationList,
  type Revoked,
  readRevocationList,
  revokedIn,
} from '../protocol/pki/crl.ts'
import { verifyRevocationList } from '../protocol/pki/crl-verdict.ts'
import type { ListState, Lists, Source } from './lists.ts'

/** Entries written by one statement: some 45 characters of JSON each, under a megabyte together. */
const ENTRIES_PER_STATEMENT = 15_000

export type ImportProblem =
  | ListRejection
  /** Older than the list in hand: somebody plays an old one back, or a place lags behind. */
  | 'older'
  /** Another import of the same list began meanwhile. */
  | 'overtaken'

export type Imported =
  | { readonly imported: { readonly number: string; readonly entries: number } }
  | 'unchanged'
  | { readonly rejected: ImportProblem }

/**
 * A list as it was fetched → the rows that say who is revoked. Nothing of it counts before its signature does, nor
 * before it is whole: the list in hand stays current until one statement replaces it, and after every failure.
 */
export async function importList(
  lists: Lists,
  {
    der,
    authority,
    issuerKey,
    source,
  }: {
    readonly der: Uint8Array
    readonly authority: Certificate
    readonly issuerKey: string
    readonly source: Source
  },
): Promise<Imported> {
  const list = readRevocationList(der)
  if ('rejected' in list) return list
  const rejected = await verifyRevocationList(list, authority, source.at)
  if (rejected !== undefined) return { rejected }
  const known = await lists.state(issuerKey)
  if (isSame(list, known)) {
    await lists.unchanged(issuerKey, source)
    return 'unchanged'
  }
  if (isOlder(list, known)) return { rejected: 'older' }

  const { generation, state } = await lists.begin(issuerKey, source.at)
  // Asked again: another import may have ended in between.
  if (isOlder(list, state)) return { rejected: 'older' }
  const written = await writeEntries(lists, generation, list)
  if (typeof written !== 'number') return written
  const { number, thisUpdate, nextUpdate, scope } = list
  const header = { number, thisUpdate, nextUpdate, scope, entries: written }
  return (await lists.publish(issuerKey, generation, header, source))
    ? { imported: { number, entries: written } }
    : { rejected: 'overtaken' }
}

/** How many there were. Holds one statement's worth of them at a time. */
async function writeEntries(
  lists: Lists,
  generation: number,
  list: RevocationList,
): Promise<number | { readonly rejected: ListRejection }> {
  let entries: Revoked[] = []
  let count = 0
  for (const entry of revokedIn(list)) {
    if ('rejected' in entry) return entry
    entries.push(entry)
    count += 1
    if (entries.length === ENTRIES_PER_STATEMENT) {
      await lists.write(generation, entries)
      entries = []
    }
  }
  await lists.write(generation, entries)
  return count
}

const isSame = ({ number, thisUpdate }: RevocationList, known: ListState | undefined): boolean =>
  known?.number === number && known.thisUpdate === thisUpdate

/** RFC 5280 §5.2.3: numbers grow. A list made anew under the same number is told by its time. */
function isOlder(list: RevocationList, known: ListState | undefined): boolean {
  if (known?.number === undefined || known.thisUpdate === undefined) return false
  const [number, current] = [BigInt(`0x${list.number}`), BigInt(`0x${known.number}`)]
  return number < current || list.thisUpdate < known.thisUpdate
}

/** Whether it is time to ask for this list: every hour, and every time while the one in hand is missing or ends soon. */
export function isDue(state: ListState | undefined, now: Instant): boolean {
  if (state?.fetchedAt === undefined || state.nextUpdate === undefined) return true
  return now - state.fetchedAt >= 55 * 60 || state.nextUpdate - now < 3600
}
