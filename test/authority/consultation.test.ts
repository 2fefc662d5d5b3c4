import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { blocksOf } from '../../src/authority/card-blocks.ts'
import { d1CardBlocks } from '../../src/cards/blocks.d1.ts'
import { cardReferences } from '../../src/cards/card-reference.ts'
import { sha256 } from '../../src/kernel/digest.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { NationalId } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import { d1Directory } from '../../src/rpps/directory.d1.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'

const PERSON = '899700944444'

function desk() {
  const trail: AuditEvent[] = []
  const needs = {
    directory: d1Directory(env.DB),
    blocks: d1CardBlocks(env.DB),
    cardReference: cardReferences(sha256),
    trail: { record: (event: AuditEvent) => void trail.push(event) },
    clock: () => instant(1_000),
    entropy: systemEntropy,
    endSessions: async () => 0,
    revokeDevices: async () => 0,
  }
  return { trail, ask: (id: string) => blocksOf(needs, 'ordre', NationalId.parse(id)) }
}

describe('an authority that looks at what stands against somebody’s cards', () => {
  it('is written down, with whom it looked at', async () => {
    await inDirectory(anEntry(PERSON))
    const { trail, ask } = desk()
    expect(await ask(PERSON)).toEqual([])
    expect(trail).toEqual([
      { at: 1_000, kind: 'card.blocks-read', practitionerId: expect.any(String), clientId: 'ordre' },
    ])
  })
  it('refuses somebody whom the directory does not know, and there is nobody to name', async () => {
    const { trail, ask } = desk()
    expect(await ask('899700999999')).toEqual({ refused: 'unknown-person' })
    expect(trail).toEqual([])
  })
})
