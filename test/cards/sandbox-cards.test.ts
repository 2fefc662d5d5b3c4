import { describe, expect, it } from 'vitest'
import { cardOf } from '../../src/cards/card.ts'
import { type PathInput, validatePath } from '../../src/protocol/pki/path.ts'
import { assembly } from '../../src/rpps/assemble.ts'
import { readFile } from '../../src/rpps/import.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'
import {
  authorityOf,
  type CardKind,
  cardTypeOf,
  cardOf as shopCardOf,
  validityOf,
} from '../../src/sandbox/authority/cards.ts'
import { asIssuer, newHierarchy } from '../../src/sandbox/authority/hierarchy.ts'
import { issueCertificate } from '../../src/sandbox/authority/issue.ts'
import { rsaKeys, signingKeyFrom } from '../../src/sandbox/authority/keys.ts'
import { cardProfile, TEST_POLICY } from '../../src/sandbox/authority/profiles.ts'
import open from '../../src/sandbox/people/PS_LibreAcces_Personne_activite_sandbox.txt?raw'
import { NOW } from '../actors/authorities.ts'
import { inPieces } from '../rpps/extracts.ts'

const all = assembly()
await readFile('open', inPieces(open, 4096), { onLine: all.add, onSuspension: () => {} })
const people = [...all.people()].map(({ practitioner }) => practitioner)
const holders = people.filter(({ nationalId }) => cardTypeOf(nationalId) !== undefined)

const [holderKeys, hierarchy] = await Promise.all([
  rsaKeys(),
  newHierarchy({
    origin: 'http://localhost:8787',
    now: NOW,
    entropy: (octets) => crypto.getRandomValues(new Uint8Array(octets)),
  }),
])
const { authorities } = hierarchy

/** A card of the shop, as its holder's browser presents it. */
async function presented(holder: Practitioner, kind: CardKind = 'valid'): Promise<PathInput> {
  const id = authorityOf(kind, 'person', 'STANDARD')
  const authority = authorities[id]
  const said = shopCardOf(holder, { kind, cardId: '8025000001/2600301752' })
  if (said === undefined) throw new Error('no card for this person')
  const profile = await cardProfile(
    {
      issuer: asIssuer('http://localhost:8787', id, authority.keyId),
      serial: '4a01',
      ...validityOf(kind, NOW),
      publicKey: holderKeys.publicKey,
    },
    said,
  )
  const leaf = await issueCertificate(profile, await signingKeyFrom(authority.privateKey))
  return {
    leaf,
    presented: [authority.certificate],
    anchors: (['ACR-ST-TEST', 'ACR-EL-TEST'] as const).map((root) => ({
      id: root,
      der: authorities[root].certificate,
    })),
    intermediates: [],
  }
}

async function outcome(holder: Practitioner, kind?: CardKind) {
  const result = await validatePath(await presented(holder, kind), {
    now: NOW,
    purpose: 'person',
    policies: [TEST_POLICY],
    longest: 4,
  })
  const [leaf] = 'rejected' in result ? [] : result.path
  return leaf === undefined ? result : cardOf(leaf)
}

describe('PSC §6: cards of the invented people, from keys and authorities as cards have them', () => {
  it('everybody who has one is read as who they are', async () => {
    expect(holders.length).toBeGreaterThan(60)
    for (const holder of holders) {
      const { nationalId, familyName, givenName } = holder
      const type = cardTypeOf(nationalId)
      expect(await outcome(holder)).toMatchObject({ card: { nationalId, familyName, givenName, type } })
    }
  })

  const [doctor] = holders
  const kinds: readonly (readonly [CardKind, object])[] = [
    ['expired', { rejected: 'expired' }],
    ['not-yet-valid', { rejected: 'not-yet-valid' }],
    ['foreign', { rejected: 'unknown-authority' }],
    ['wrong-usage', { rejected: 'wrong-usage' }],
    ['nameless', { refused: 'names-nobody' }],
    ['other-name', { card: { familyName: 'AUTREPERSONNE' } }],
  ]
  it.each(kinds)('%s', async (kind, expected) => {
    expect(doctor === undefined ? undefined : await outcome(doctor, kind)).toMatchObject(expected)
  })
})
