import { commitmentOf, type Entry, GENESIS, type Head, hashOf } from './chain.ts'

/** What is wrong with a chain, and where. `from` and `to` are sequence numbers, both included. */
export interface Finding {
  readonly found:
    | 'removed'
    | 'changed'
    | 'added'
    | 'reordered'
    | 'cut-off'
    | 'rewritten'
    | 'unsigned'
    | 'unreadable'
  readonly from: number
  readonly to: number
  readonly why: string
}

/** A row that is no entry. */
export interface Unreadable {
  readonly seq: number
  readonly unreadable: true
}

/** Entries that do not hash to what they say, kept for telling whether they only changed places. */
const SUSPECTS = 500

/**
 * Follows a chain from one entry to the next, in the order of `seq`, and remembers nothing but where it is (and a few
 * suspects). What an entry lost by retention is no finding; what it lost by halves is.
 */
export class ChainVerifier {
  #last: Head
  #lastIsSound = true
  #signedTo = 0
  readonly #suspects: Entry[] = []
  readonly counted = { entries: 0, aged: 0, checkpoints: 0 }

  /** @param after where the chain is picked up: what an earlier export ended with. */
  constructor(after: Head = GENESIS) {
    this.#last = after
    this.#signedTo = after.seq
  }

  get head(): Head {
    return this.#last
  }

  /** The last number that a good signature stands for. */
  get signedTo(): number {
    return this.#signedTo
  }

  async entry(entry: Entry | Unreadable): Promise<readonly Finding[]> {
    const { seq } = entry
    const last = this.#last
    this.counted.entries += 1
    if (seq <= last.seq)
      return [one('added', seq, `a second entry of number ${seq}, or one out of its place`)]
    const findings: Finding[] = []
    const isNext = seq === last.seq + 1
    if (!isNext) findings.push(range('removed', last.seq + 1, seq - 1, 'their numbers are missing'))
    if ('unreadable' in entry) {
      this.#follow({ seq, hash: '' }, false)
      return [...findings, one('unreadable', seq, 'the row is no entry')]
    }
    const isItself = (await hashOf(entry)) === entry.hash
    const problem = isItself ? await personalProblem(entry) : undefined
    if (entry.salt === null) this.counted.aged += 1
    if (!isItself) {
      if (this.#suspects.length < SUSPECTS) this.#suspects.push(entry)
      else findings.push(one('changed', seq, 'it does not hash to what it says'))
    } else if (isNext && this.#lastIsSound && entry.previous !== last.hash) {
      findings.push(
        seq === 1
          ? one('rewritten', seq, 'it does not stand on the genesis')
          : one('changed', last.seq, `entry ${seq} stands on another one than this`),
      )
    }
    if (problem !== undefined) findings.push(one('changed', seq, problem))
    this.#follow({ seq, hash: entry.hash }, isItself)
    return findings
  }

  /** @param isGood whether its signature is one of the deployment's. Comes after the entry of its number. */
  checkpoint({ seq, hash }: Head, isGood: boolean): readonly Finding[] {
    this.counted.checkpoints += 1
    if (!isGood)
      return [one('unsigned', seq, 'the signature of its checkpoint is not one of the deployment’s')]
    const from = this.#signedTo + 1
    this.#signedTo = Math.max(this.#signedTo, seq)
    if (this.#last.seq !== seq || this.#last.hash === hash) return []
    return [range('rewritten', Math.min(from, seq), seq, 'the signed head of then was another')]
  }

  /** What only the end shows. */
  async end(): Promise<readonly Finding[]> {
    const findings: Finding[] = []
    for (const entry of this.#suspects) {
      const own = await this.#ownNumber(entry)
      findings.push(
        own === undefined
          ? one('changed', entry.seq, 'it does not hash to what it says')
          : one('reordered', entry.seq, `it was entry ${own}`),
      )
    }
    if (this.#signedTo > this.#last.seq)
      findings.push(range('cut-off', this.#last.seq + 1, this.#signedTo, 'a checkpoint was signed for them'))
    return findings
  }

  #follow(head: Head, isSound: boolean): void {
    this.#last = head
    this.#lastIsSound = isSound
  }

  async #ownNumber(entry: Entry): Promise<number | undefined> {
    for (const { seq } of this.#suspects)
      if (seq !== entry.seq && (await hashOf({ ...entry, seq })) === entry.hash) return seq
    return undefined
  }
}

async function personalProblem(entry: Entry): Promise<string | undefined> {
  const { salt, practitionerId, place, detail, commitment } = entry
  if (salt !== null)
    return (await commitmentOf(salt, entry)) === commitment
      ? undefined
      : 'its person, place or detail is another'
  const isEmpty = practitionerId === null && place === null && detail === null
  return isEmpty ? undefined : 'it says again what it had lost'
}

const range = (found: Finding['found'], from: number, to: number, why: string): Finding => ({
  found,
  from,
  to,
  why,
})
const one = (found: Finding['found'], seq: number, why: string): Finding => range(found, seq, seq, why)
