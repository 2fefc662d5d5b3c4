import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, GENESIS, type Personal, type Statement, seal } from '../../src/audit/chain.ts'
import { signHead } from '../../src/audit/checkpoint.ts'
import { digest } from '../../src/kernel/digest.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { checkpointKey, findingsIn, TRAIL_NOW } from '../actors/trail.ts'

const line = (index: number): Statement & Personal => ({
  id: `id-${index}`,
  at: TRAIL_NOW + index,
  kind: 'token.issued',
  practitionerId: `8997009000${index % 7}`,
  clientId: index % 3 === 0 ? null : 'demo-records',
  means: null,
  place: index % 2 === 0 ? 'Lyon, FR' : null,
  detail: `line ${index}`,
})
const chainOf = (length: number) =>
  seal(
    GENESIS,
    Array.from({ length }, (_, index) => line(index)),
    systemEntropy,
  )
const summary = async (entries: readonly Entry[]) =>
  (await findingsIn(entries)).map(({ found, from, to }) => `${found} ${from}-${to}`)

describe('a chain', () => {
  it('stands on the digest of nothing', async () => expect(GENESIS.hash).toBe(await digest('')))

  it('that nobody touched has no finding, whatever its length', async () => {
    for (const length of [0, 1, 2, 30]) expect(await summary(await chainOf(length))).toEqual([])
  })

  it('hides persons behind a salt of each entry: equal ones do not look equal', async () => {
    const [first, second] = await seal(GENESIS, [line(0), { ...line(0), id: 'other' }], systemEntropy)
    expect(first?.commitment).not.toBe(second?.commitment)
  })
})

const edit = (entries: readonly Entry[], seq: number, change: Partial<Entry>) =>
  entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry))
/** What somebody makes who hashes everything anew from an entry on. */
const resealed = async (entries: readonly Entry[], seq: number, change: Partial<Entry>) => {
  const before = entries.filter((entry) => entry.seq < seq)
  const from = edit(entries, seq, change).filter((entry) => entry.seq >= seq)
  return [...before, ...(await seal(before.at(-1) ?? GENESIS, from, systemEntropy))]
}

describe('finds, and says where', () => {
  it.each<readonly [string, (entries: readonly Entry[]) => readonly Entry[], readonly string[]]>([
    ['a removed entry', (all) => all.filter(({ seq }) => seq !== 5), ['removed 5-5']],
    ['removed entries', (all) => all.filter(({ seq }) => seq < 3 || seq > 6), ['removed 3-6']],
    ['the first one removed', (all) => all.slice(1), ['removed 1-1']],
    ['a kind changed', (all) => edit(all, 4, { kind: 'token.refused' }), ['changed 4-4']],
    ['an instant changed', (all) => edit(all, 4, { at: 1 }), ['changed 4-4']],
    ['a service changed', (all) => edit(all, 4, { clientId: 'another' }), ['changed 4-4']],
    ['a person changed', (all) => edit(all, 4, { practitionerId: '1' }), ['changed 4-4']],
    ['a place changed', (all) => edit(all, 4, { place: 'Paris, FR' }), ['changed 4-4']],
    ['a detail taken alone', (all) => edit(all, 4, { detail: null }), ['changed 4-4']],
    ['a person put where none is left', (all) => edit(all, 4, { salt: null }), ['changed 4-4']],
    ['a hash changed', (all) => edit(all, 4, { hash: GENESIS.hash }), ['changed 4-4']],
    [
      'two that changed places',
      (all) => {
        const [a, b] = [all[2], all[7]]
        if (a === undefined || b === undefined) return all
        return all.map((entry) =>
          entry === a ? { ...b, seq: a.seq } : entry === b ? { ...a, seq: b.seq } : entry,
        )
      },
      ['reordered 3-3', 'reordered 8-8'],
    ],
    [
      'one that stands there twice',
      (all) => all.flatMap((entry) => (entry.seq === 6 ? [entry, entry] : [entry])),
      ['added 6-6'],
    ],
  ])('%s', async (_, tamper, found) => expect(await summary(tamper(await chainOf(10)))).toEqual(found))

  it('a changed entry whose own hash was made anew', async () => {
    const chain = await chainOf(10)
    const forged = await resealed(chain, 4, { kind: 'token.refused' })
    expect(await summary([...forged.slice(0, 4), ...chain.slice(4)])).toEqual(['changed 4-4'])
  })

  it('a chain made anew from an entry on, by its checkpoints', async () => {
    const key = await checkpointKey('ring')
    const chain = await chainOf(10)
    const checkpoints = []
    for (const at of [2, 6, 9]) {
      const head = chain[at]
      if (head !== undefined)
        checkpoints.push((await signHead(key, 'https://id', head, TRAIL_NOW)).checkpoint)
    }
    const keys = await key.jwks()
    expect(await findingsIn(chain, checkpoints, keys)).toEqual([])
    expect(await findingsIn(await resealed(chain, 5, { kind: 'x' }), checkpoints, keys)).toMatchObject([
      { found: 'rewritten', from: 4, to: 7 },
      { found: 'rewritten', from: 8, to: 10 },
    ])
    expect(await findingsIn(chain.slice(0, 8), checkpoints, keys)).toMatchObject([
      { found: 'cut-off', from: 9, to: 10 },
    ])
    // Everything made anew, with a key of one's own under the ring's name.
    const other = await checkpointKey('ring')
    const forged = await resealed(chain, 1, {})
    const head = forged[9] ?? GENESIS
    const own = (await signHead(other, 'https://id', head, TRAIL_NOW)).checkpoint
    expect(await findingsIn(forged, [own], keys)).toMatchObject([{ found: 'unsigned', from: 10 }])
    expect(await findingsIn(chain, [{ ...own, at: own.at + 1 }], await other.jwks())).toMatchObject([
      { found: 'unsigned' },
    ])
  })
})

describe('a random chain', () => {
  const columns = [
    'id',
    'at',
    'kind',
    'clientId',
    'means',
    'practitionerId',
    'place',
    'detail',
    'salt',
  ] as const
  const bound = ['previous', 'hash', 'commitment'] as const
  it('shows every change of one value, at its entry', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        fc.constantFrom(...columns, ...bound),
        fc.string({ minLength: 1, unit: 'binary' }),
        async (length, which, column, text) => {
          const chain = await chainOf(length)
          const seq = (which % length) + 1
          const value = column === 'at' ? text.length + 7 : text
          const findings = await findingsIn(edit(chain, seq, { [column]: value }))
          expect(findings.length).toBeGreaterThan(0)
          expect(findings.some(({ from, to }) => from <= seq && seq <= to)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })
  it('shows every entry that left, came again or moved', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 12 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('remove', 'repeat', 'swap'),
        async (length, a, b, how) => {
          const chain = await chainOf(length)
          const one = a % (length - 1)
          const other = b % length
          fc.pre(how !== 'swap' || one !== other)
          const tampered = chain.flatMap((entry, index): Entry[] => {
            if (how === 'remove') return index === one ? [] : [entry]
            if (how === 'repeat') return index === one ? [entry, entry] : [entry]
            const there = index === one ? chain[other] : index === other ? chain[one] : entry
            return there === undefined ? [] : [{ ...there, seq: entry.seq }]
          })
          expect((await findingsIn(tampered)).length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 150 },
    )
  })
  it('bears the loss of any entries’ personal part', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (aged) => {
        const gone = { practitionerId: null, place: null, detail: null, salt: null }
        const chain = (await chainOf(aged.length)).map((entry, index) =>
          aged[index] === true ? { ...entry, ...gone } : entry,
        )
        expect(await findingsIn(chain)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})
