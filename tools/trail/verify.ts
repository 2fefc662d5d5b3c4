import type { JSONWebKeySet } from 'jose'
import type { Head } from '../../src/audit/chain.ts'
import { type Checkpoint, isSigned } from '../../src/audit/checkpoint.ts'
import { trailKeys, trailRecords, trailState } from '../../src/audit/records.d1.ts'
import { ChainVerifier, type Finding } from '../../src/audit/verify.ts'
import type { Clock } from '../../src/kernel/instant.ts'
import type { SqlDatabase } from '../../src/trust/authorities.d1.ts'

/** What the commands work on, and where they answer. Each gives the process's exit code. */
export interface Desk {
  readonly database: SqlDatabase
  readonly clock: Clock
  readonly say: (line: string) => void
}

interface Against {
  /** What the deployment publishes; without it, the keys beside the trail. */
  readonly keys: JSONWebKeySet | undefined
  /** A head of before, from somewhere else. */
  readonly witness: Head | undefined
}

/** Findings that are said one by one; of the others, how many. */
const SAID = 50

/** Follows the whole chain, a page at a time, and says what is wrong with it. 1 if anything is. */
export async function verifyTrail({ database, say }: Desk, { keys, witness }: Against): Promise<number> {
  let found = 0
  const tell = (findings: readonly Finding[]) => {
    for (const finding of findings) if (++found <= SAID) say(sentence(finding))
  }
  const beside = { keys: await trailKeys(database) }
  const verifier = new ChainVerifier()
  let newest: Checkpoint | undefined
  let isWitnessed = witness === undefined
  for await (const record of trailRecords(database)) {
    if (record.type === 'checkpoint') {
      newest = record.checkpoint
      const good = (keys !== undefined && (await isSigned(newest, keys))) || (await isSigned(newest, beside))
      tell(verifier.checkpoint(newest, good))
    } else {
      tell(await verifier.entry(record.entry))
      if (witness !== undefined && !isWitnessed && record.entry.seq >= witness.seq) {
        isWitnessed = true
        if (record.entry.seq === witness.seq) tell(verifier.checkpoint(witness, true))
      }
    }
  }
  if (witness !== undefined && !isWitnessed) tell(verifier.checkpoint(witness, true))
  // A key of before may have left the key set. The newest signature stands for all that is before it.
  if (keys !== undefined && newest !== undefined && !(await isSigned(newest, keys)))
    tell([
      { found: 'unsigned', from: newest.seq, to: newest.seq, why: 'its key is not one of those published' },
    ])
  tell(await verifier.end())

  const { waiting, unguarded } = await trailState(database)
  for (const trigger of unguarded) {
    found += 1
    say(`UNGUARDED  the trigger ${trigger} is missing: the database lets the trail be rewritten`)
  }
  if (found > SAID) say(`… and ${found - SAID} more`)
  const { entries, aged, checkpoints } = verifier.counted
  const { head } = verifier
  say(
    `${entries} entries (${aged} without their personal part), ${checkpoints} signed heads, ${waiting} lines not sealed yet.`,
  )
  say(
    newest === undefined
      ? 'No head was ever signed: an end cut off, or a chain made anew, would not show.'
      : `Signed as far as ${newest.seq}, ${new Date(newest.at * 1000).toISOString()}; ${Math.max(0, head.seq - verifier.signedTo)} entries since.`,
  )
  if (keys === undefined && newest !== undefined)
    say(
      'The signatures agree with the keys beside them; give --keys to compare those with the published ones.',
    )
  say(found === 0 ? 'The chain is whole.' : `${found} findings: the trail was tampered with.`)
  say(JSON.stringify({ type: 'end', seq: head.seq, hash: head.hash }))
  return found === 0 ? 0 : 1
}

const sentence = ({ found, from, to, why }: Finding): string =>
  `${found.toUpperCase().padEnd(10)} ${from === to ? `entry ${from}` : `entries ${from} to ${to}`}: ${why}`
