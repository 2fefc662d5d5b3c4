import { describe, expect, it } from 'vitest'
import {
  type PathInput,
  type PathRejection,
  type PathRules,
  type TrustAnchor,
  validatePath,
} from '../../../src/protocol/pki/path.ts'
import { bits, explicit, integer, NULL, oid, sequence } from '../../../src/sandbox/authority/der-writer.ts'
import {
  authorityKeyId,
  basicConstraints,
  CLIENT_AUTH,
  certificatePolicies,
  EMAIL_PROTECTION,
  extendedKeyUsage,
  keyUsage,
  SERVER_AUTH,
  SMART_CARD_LOGON,
  subjectKeyId,
} from '../../../src/sandbox/authority/extensions.ts'
import { type IssuedExtension, keyIdOf } from '../../../src/sandbox/authority/issue.ts'
import {
  ANY_POLICY,
  authorityExtensions,
  certified,
  DAY,
  ecdsa,
  keysNumber,
  leafExtensions,
  type Made,
  NOW,
  type Party,
  POLICY,
  replacing,
  without,
} from '../../actors/authorities.ts'

const RULES: PathRules = { now: NOW, purpose: 'person', policies: [POLICY], longest: 4 }

/** Root, issuing authority and leaf, each with what is said of it. */
interface Chain {
  readonly root?: Made
  readonly issuing?: Made
  readonly leaf?: Made
}

async function chain({ root = {}, issuing = {}, leaf = {} }: Chain = {}) {
  const top = await certified(undefined, {
    name: 'racine',
    keys: await keysNumber(0),
    extensions: authorityExtensions(),
    ...root,
  })
  const middle = await certified(top, {
    name: 'personnes',
    keys: await keysNumber(1),
    extensions: authorityExtensions(0),
    ...issuing,
  })
  return { root: top, issuing: middle, leaf: await certified(middle, leaf) }
}

const anchorOf = ({ der, name }: Party): TrustAnchor => ({ id: name, der })
const input = ({ root, issuing, leaf }: Awaited<ReturnType<typeof chain>>): PathInput => ({
  leaf: leaf.der,
  presented: [],
  anchors: [anchorOf(root)],
  intermediates: [issuing.der],
})

async function outcome(given: PathInput, rules: Partial<PathRules> = {}) {
  const result = await validatePath(given, { ...RULES, ...rules })
  return 'rejected' in result ? result.rejected : `${result.anchor.id}, ${result.path.length}`
}

const critical = (extension: IssuedExtension, is = true): IssuedExtension => ({ ...extension, critical: is })
const NAME_CONSTRAINTS: IssuedExtension = {
  oid: '2.5.29.30',
  critical: true,
  value: sequence(explicit(0, sequence(explicit(2)))),
}
const UNKNOWN: IssuedExtension = { oid: '1.2.250.9.9.9', critical: true, value: NULL }
const requireExplicit = (skip: number): IssuedExtension => ({
  oid: '2.5.29.36',
  critical: true,
  value: sequence(Uint8Array.of(0x80, 1, skip)),
})
const inhibitAny = (skip: number): IssuedExtension => ({
  oid: '2.5.29.54',
  critical: true,
  value: integer(skip),
})
const mappings: IssuedExtension = {
  oid: '2.5.29.33',
  critical: false,
  value: sequence(sequence(oid('1.2.3'), oid(POLICY))),
}

type Row = readonly [section: string, what: string, given: Chain, rules?: Partial<PathRules>]
const leaf = (...others: readonly IssuedExtension[]): Chain => ({
  leaf: { extensions: replacing(leafExtensions, ...others) },
})
const issuing = (...others: readonly IssuedExtension[]): Chain => ({
  issuing: { extensions: replacing(authorityExtensions(0), ...others) },
})
const root = (...others: readonly IssuedExtension[]): Chain => ({
  root: { extensions: replacing(authorityExtensions(), ...others) },
})

describe('RFC 5280 §6.1: grants', () => {
  const rows: readonly Row[] = [
    ['§6.1', 'a card under an issuing authority under a root', {}],
    ['§4.1.2.5', 'in the first second of its time', { leaf: { notBefore: NOW } }],
    ['§4.1.2.5', 'in the last second of its time', { leaf: { notAfter: NOW } }],
    [
      '§4.1.2.5',
      'authorities in the last second of theirs',
      { issuing: { notAfter: NOW }, root: { notAfter: NOW } },
    ],
    ['§4.2.1.12', 'smart card log-on besides', leaf(extendedKeyUsage(CLIENT_AUTH, SMART_CARD_LOGON))],
    ['§4.2.1.3', 'other uses of the key besides', leaf(keyUsage('digitalSignature', 'keyEncipherment'))],
    [
      '§4.2.1.3',
      'the key usage of an organisation need not be critical',
      leaf(critical(keyUsage('digitalSignature'), false)),
      { purpose: 'organisation' },
    ],
    [
      '§4.2.1.12',
      'the server of an organisation',
      leaf(extendedKeyUsage(SERVER_AUTH, CLIENT_AUTH)),
      { purpose: 'organisation' },
    ],
    ['§4.2.1.4', 'one of several policies', leaf(certificatePolicies('1.2.3', POLICY))],
    ['§4.2.1.4', 'one of the policies asked for', {}, { policies: ['1.2.3', POLICY] }],
    ['§4.2.1.4', 'any, where none is asked for', leaf(certificatePolicies('1.2.3')), { policies: undefined }],
    ['§6.1.3 (d)', 'the policy named all the way', issuing(certificatePolicies('1.2.3', POLICY))],
    [
      '§6.1.4 (i)',
      'an explicit policy demanded, and there',
      issuing(requireExplicit(0)),
      { policies: undefined },
    ],
    [
      '§6.1.5 (b)',
      'an explicit policy demanded by the leaf of those below it',
      { leaf: { extensions: [...without(leafExtensions, '2.5.29.32'), requireExplicit(1)] } },
      { policies: undefined },
    ],
    ['§6.1.4 (j)', 'any policy inhibited only below', issuing(inhibitAny(0))],
    ['§4.2', 'an unknown extension that is not critical', leaf(critical(UNKNOWN, false))],
    ['§4.2.1.9', 'a root that allows one authority below it', root(basicConstraints(true, 1))],
    ['§4.2.1.12', 'an authority for client authentication', issuing(extendedKeyUsage(CLIENT_AUTH))],
    ['§4.2.1.3', 'an old root without key usage', { root: { extensions: [basicConstraints(true)] } }],
  ]
  it.each(rows.map(([section, what, given, rules = {}]) => ({ section, what, given, rules })))(
    '$section: $what',
    async ({ given, rules }) => {
      expect(await outcome(input(await chain(given)), rules)).toBe('racine, 3')
    },
  )
})

describe('RFC 5280 §6.1: refuses', () => {
  const rows: readonly (readonly [
    rejected: PathRejection,
    section: string,
    what: string,
    given: Chain,
    rules?: Partial<PathRules>,
  ])[] = [
    ['not-yet-valid', '§6.1.3 (a) (2)', 'a card of tomorrow', { leaf: { notBefore: NOW + 1 } }],
    ['expired', '§6.1.3 (a) (2)', 'a card of yesterday', { leaf: { notAfter: NOW - 1 } }],
    ['authority-out-of-time', '§6.1.3 (a) (2)', 'an expired authority', { issuing: { notAfter: NOW - 1 } }],
    ['authority-out-of-time', '§6.1.3 (a) (2)', 'an authority to come', { issuing: { notBefore: NOW + 1 } }],
    ['authority-out-of-time', '§6.1.1 (d)', 'an expired anchor', { root: { notAfter: NOW - 1 } }],
    [
      'not-an-authority',
      '§6.1.4 (k)',
      'an issuer that is none',
      { issuing: { extensions: [keyUsage('keyCertSign')] } },
    ],
    ['not-an-authority', '§6.1.4 (k)', 'an issuer that says it is none', issuing(basicConstraints(false))],
    ['not-an-authority', '§6.1.4 (k)', 'an anchor that is none', root(basicConstraints(false))],
    ['not-an-authority', '§6.1.4 (n)', 'an issuer that signs lists only', issuing(keyUsage('cRLSign'))],
    ['not-an-authority', '§6.1.4 (n)', 'an anchor that signs lists only', root(keyUsage('cRLSign'))],
    [
      'not-an-authority',
      '§4.2.1.3',
      'an issuer without key usage',
      { issuing: { extensions: without(authorityExtensions(0), '2.5.29.15') } },
    ],
    ['not-an-authority', '§4.2.1.9', 'a leaf that is an authority', leaf(basicConstraints(true))],
    ['too-long', '§6.1.4 (l)', 'a root that allows none below it', root(basicConstraints(true, 0))],
    ['too-long', '', 'more certificates than the rules allow', {}, { longest: 2 }],
    ['wrong-usage', '§4.2.1.3', 'a key that does not sign', leaf(keyUsage('keyEncipherment'))],
    ['wrong-usage', '§4.2.1.3', 'a card’s key for signing documents', leaf(keyUsage('nonRepudiation'))],
    [
      'wrong-usage',
      '§4.2.1.3',
      'no key usage at all',
      { leaf: { extensions: without(leafExtensions, '2.5.29.15') } },
    ],
    [
      'wrong-usage',
      'PSC §6',
      'key usage that is not critical',
      leaf(critical(keyUsage('digitalSignature'), false)),
    ],
    ['wrong-usage', '§4.2.1.3', 'a leaf that may issue', leaf(keyUsage('digitalSignature', 'keyCertSign'))],
    ['wrong-usage', '§4.2.1.12', 'another purpose', leaf(extendedKeyUsage(EMAIL_PROTECTION))],
    ['wrong-usage', '§4.2.1.12', 'any purpose', leaf(extendedKeyUsage('2.5.29.37.0'))],
    [
      'wrong-usage',
      '§4.2.1.12',
      'no purpose',
      { leaf: { extensions: without(leafExtensions, '2.5.29.37') } },
    ],
    ['wrong-usage', 'PSC §6', 'a server as a person', leaf(extendedKeyUsage(CLIENT_AUTH, SERVER_AUTH))],
    [
      'wrong-usage',
      '§4.2.1.12',
      'an authority for other purposes',
      issuing(extendedKeyUsage(EMAIL_PROTECTION, SERVER_AUTH)),
    ],
    ['wrong-policy', '§6.1.5 (g)', 'another policy', leaf(certificatePolicies('1.2.3'))],
    ['wrong-policy', '§6.1.5 (g)', 'any policy in the leaf', leaf(certificatePolicies(ANY_POLICY))],
    [
      'wrong-policy',
      '§6.1.5 (g)',
      'no policy',
      { leaf: { extensions: without(leafExtensions, '2.5.29.32') } },
    ],
    [
      'wrong-policy',
      '§6.1.3 (d)',
      'a policy its issuer does not issue',
      issuing(certificatePolicies('1.2.3')),
    ],
    [
      'wrong-policy',
      '§6.1.3 (e)',
      'an issuer without policies',
      { issuing: { extensions: without(authorityExtensions(0), '2.5.29.32') } },
    ],
    [
      'wrong-policy',
      '§6.1.3 (f), §6.1.4 (i)',
      'an explicit policy demanded by the chain',
      {
        issuing: { extensions: [...authorityExtensions(0), requireExplicit(0)] },
        leaf: { extensions: without(leafExtensions, '2.5.29.32') },
      },
      { policies: undefined },
    ],
    [
      'wrong-policy',
      '§6.1.4 (j)',
      'any policy, which the issuer inhibits',
      {
        issuing: { extensions: [...authorityExtensions(0), inhibitAny(0), requireExplicit(0)] },
        leaf: { extensions: replacing(leafExtensions, certificatePolicies(ANY_POLICY)) },
      },
      { policies: undefined },
    ],
    [
      'wrong-policy',
      '§6.1.3 (d)',
      'a policy that only the leaf names, beside one that holds',
      {
        issuing: { extensions: replacing(authorityExtensions(0), certificatePolicies('1.2.3')) },
        leaf: { extensions: replacing(leafExtensions, certificatePolicies('1.2.3', POLICY)) },
      },
    ],
    [
      'wrong-policy',
      '§6.1.5 (a)',
      'an explicit policy demanded from the leaf on',
      {
        issuing: { extensions: [...authorityExtensions(0), requireExplicit(1)] },
        leaf: { extensions: without(leafExtensions, '2.5.29.32') },
      },
      { policies: undefined },
    ],
    [
      'wrong-policy',
      '§6.1.5 (b)',
      'an explicit policy demanded by the leaf',
      { leaf: { extensions: [...without(leafExtensions, '2.5.29.32'), requireExplicit(0)] } },
      { policies: undefined },
    ],
    ['wrong-policy', '§6.1.4 (b)', 'mapped policies', issuing(mappings)],
    [
      'wrong-policy',
      '§4.2.1.11',
      'constraints that cannot be read',
      issuing({ ...requireExplicit(0), value: sequence() }),
    ],
    ['wrong-policy', '§4.2.1.14', 'a skip that is none', issuing({ ...inhibitAny(0), value: NULL })],
    ['unknown-critical-extension', '§4.2', 'of the leaf', leaf(UNKNOWN)],
    ['unknown-critical-extension', '§4.2', 'of an authority', issuing(UNKNOWN)],
    ['unknown-critical-extension', '§4.2', 'of an anchor', root(UNKNOWN)],
    ['name-constraint', '§4.2.1.10', 'of an authority', issuing(NAME_CONSTRAINTS)],
    ['name-constraint', '§4.2.1.10', 'not critical', issuing(critical(NAME_CONSTRAINTS, false))],
    ['name-constraint', '§4.2.1.10', 'of an anchor', root(NAME_CONSTRAINTS)],
    ['name-constraint', '§4.2.1.10', 'of a leaf', leaf(NAME_CONSTRAINTS)],
    ['unknown-authority', '§6.1.3 (a) (4)', 'another issuer’s name', { leaf: { issuerName: 'autre' } }],
    [
      'unknown-authority',
      '§6.1.3 (a) (4)',
      'the issuing authority of another',
      { issuing: { issuerName: 'autre' } },
    ],
    ['unknown-authority', '§4.2.1.1', 'another key of the issuer', leaf(authorityKeyId('0102'))],
    ['unknown-authority', '§4.2.1.2', 'an issuer of another key', issuing(subjectKeyId('0102'))],
    [
      'broken-signature',
      '§4.1.1.2',
      'one algorithm inside, another outside',
      { leaf: { inner: sequence(oid('1.2.840.10045.4.3.3')) } },
    ],
  ]
  it.each(
    rows.map(([rejected, section, what, given, rules = {}]) => ({ rejected, section, what, given, rules })),
  )('$rejected, $section: $what', async ({ rejected, given, rules }) => {
    expect(await outcome(input(await chain(given)), rules)).toBe(rejected)
  })

  it('broken-signature, §6.1.3 (a) (1): the leaf signed by another key', async () => {
    const { root: top, issuing: middle } = await chain()
    const forged = await certified({ ...middle, keys: await keysNumber(2) }, {})
    const honest = await certified(
      { ...middle, keys: await keysNumber(2) },
      {
        extensions: replacing(leafExtensions, authorityKeyId(await keyIdOf(middle.keys.publicKey))),
      },
    )
    expect(await outcome(input({ root: top, issuing: middle, leaf: forged }))).toBe('unknown-authority')
    expect(await outcome(input({ root: top, issuing: middle, leaf: honest }))).toBe('broken-signature')
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['a text', new TextEncoder().encode('certificate')],
    ['what is too large', new Uint8Array(20_000)],
  ])('unreadable: %s', async (_, der) => {
    expect(await outcome({ ...input(await chain()), leaf: der })).toBe('unreadable')
  })

  it('unsupported-algorithm: a signature, or a key of the holder, that is not in the table', async () => {
    // RFC 6194 §3: ECDSA with SHA-1.
    const sha1 = { ...ecdsa(), identifier: sequence(oid('1.2.840.10045.4.1')) }
    expect(await outcome(input(await chain({ leaf: { scheme: sha1 } })))).toBe('unsupported-algorithm')
    expect(await outcome(input(await chain({ issuing: { scheme: sha1 } })))).toBe('unsupported-algorithm')
    // SP 800-57 §5.6.1: RSA of 1024 bits, which the issuer signed all the same.
    const { privateKey } = await keysNumber(4)
    const modulus = integer(`c1${'5b'.repeat(127)}`)
    const publicKey = sequence(
      sequence(oid('1.2.840.113549.1.1.1'), NULL),
      bits(sequence(modulus, integer(65537))),
    )
    expect(await outcome(input(await chain({ leaf: { keys: { privateKey, publicKey } } })))).toBe(
      'unsupported-algorithm',
    )
  })

  it('says why without saying who', async () => {
    const given = input(await chain({ leaf: { issuerName: 'autre', name: 'Camille Fictive' } }))
    const result = await validatePath(given, RULES)
    expect(result).toMatchObject({ rejected: 'unknown-authority' })
    expect(JSON.stringify(result)).not.toMatch(/camille/i)
  })
})

describe('RFC 5280 §6.1, RFC 4158: finding the path', () => {
  const authority = (by: Party | undefined, name: string, keys: number, more: Made = {}) =>
    keysNumber(keys).then((pair) =>
      certified(by, { name, keys: pair, extensions: authorityExtensions(), ...more }),
    )

  it('what is presented completes what is known, in any order and with anything beside it', async () => {
    const top = await authority(undefined, 'racine', 0)
    const second = await authority(top, 'seconde', 1)
    const third = await authority(second, 'troisième', 2)
    const end = await certified(third, {})
    const given: PathInput = {
      leaf: end.der,
      presented: [new Uint8Array([1, 2]), second.der, end.der, top.der, third.der, second.der],
      anchors: [anchorOf(top)],
      intermediates: [],
    }
    expect(await outcome(given)).toBe('racine, 4')
    expect(await outcome({ ...given, presented: given.presented.toReversed() })).toBe('racine, 4')
    expect(await outcome(given, { longest: 3 })).toBe('too-long')
  })

  it('a root that is presented is not an anchor', async () => {
    const { root: top, issuing: middle, leaf: end } = await chain()
    const given = { leaf: end.der, presented: [middle.der, top.der], anchors: [], intermediates: [] }
    expect(await outcome(given)).toBe('unknown-authority')
    expect(await outcome({ ...given, anchors: [anchorOf(top)] })).toBe('racine, 3')
  })

  it('§6.1.1 (d): an issuing authority pinned as an anchor ends the path, whatever issued it', async () => {
    const { issuing: middle, leaf: end } = await chain({ issuing: { issuerName: 'inconnue' } })
    const given = { leaf: end.der, presented: [], anchors: [anchorOf(middle)], intermediates: [] }
    expect(await outcome(given)).toBe('personnes, 2')
  })

  it('an anchor is no card, and neither is what signed itself', async () => {
    const self = await certified(undefined, { name: 'seule' })
    const given = { leaf: self.der, presented: [self.der], anchors: [], intermediates: [] }
    expect(await outcome(given)).toBe('unknown-authority')
    expect(await outcome({ ...given, anchors: [anchorOf(self)] })).toBe('unknown-authority')
  })

  it('a card does not issue cards, though its own path is good', async () => {
    const { root: top, issuing: middle } = await chain()
    const card = await certified(middle, { name: 'carte', keys: await keysNumber(3) })
    const forged = await certified(card, {})
    const given = {
      leaf: forged.der,
      presented: [card.der],
      anchors: [anchorOf(top)],
      intermediates: [middle.der],
    }
    expect(await outcome(given)).toBe('not-an-authority')
  })

  it('authorities of one name: the one whose key it is', async () => {
    const { root: top } = await chain()
    const old = await authority(top, 'personnes', 1)
    const renewed = await authority(top, 'personnes', 2)
    const end = await certified(renewed, {})
    const given = {
      leaf: end.der,
      presented: [],
      anchors: [anchorOf(top)],
      intermediates: [old.der, renewed.der],
    }
    expect(await outcome(given)).toBe('racine, 3')
  })

  it('a good way counts though a bad one is found first', async () => {
    const { root: top } = await chain()
    const late = await authority(top, 'personnes', 1, { notAfter: NOW - DAY })
    const good = await authority(top, 'personnes', 1)
    const end = await certified(good, {})
    const given = {
      leaf: end.der,
      presented: [],
      anchors: [anchorOf(top)],
      intermediates: [late.der, good.der],
    }
    expect(await outcome(given)).toBe('racine, 3')
    expect(await outcome({ ...given, intermediates: [late.der] })).toBe('authority-out-of-time')
  })

  it('§6.1.4 (l): a certificate of a new key to its own issuer does not count', async () => {
    const top = await authority(undefined, 'racine', 0, { extensions: authorityExtensions(1) })
    const fresh = await authority(top, 'racine', 1, { extensions: authorityExtensions(1) })
    const middle = await authority(fresh, 'personnes', 2, { extensions: authorityExtensions(0) })
    const end = await certified(middle, {})
    const given = {
      leaf: end.der,
      presented: [],
      anchors: [anchorOf(top)],
      intermediates: [middle.der, fresh.der],
    }
    expect(await outcome(given)).toBe('racine, 4')
  })

  it('authorities that issued each other end, and so do many of one name', async () => {
    const keys = await keysNumber(1)
    const ring = await Promise.all(
      ['a', 'b', 'c'].map((name, at) =>
        certified(
          { name: ['b', 'c', 'a'][at] ?? '', keys, der: integer(0) },
          {
            name,
            keys,
            extensions: authorityExtensions(),
          },
        ),
      ),
    )
    const twins = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        certified(
          { name: 'a', keys, der: integer(0) },
          {
            name: 'a',
            keys,
            serial: integer(at + 1),
            extensions: authorityExtensions(),
          },
        ),
      ),
    )
    const end = await certified({ name: 'a', keys, der: integer(0) }, {})
    const { root: top } = await chain()
    const given = { leaf: end.der, anchors: [anchorOf(top)], intermediates: [] }
    expect(await outcome({ ...given, presented: ring.map(({ der }) => der) }, { longest: 8 })).toBe(
      'unknown-authority',
    )
    expect(await outcome({ ...given, presented: twins.map(({ der }) => der) }, { longest: 8 })).toBe(
      'too-long',
    )
  })
})
