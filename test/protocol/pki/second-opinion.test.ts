import fc from 'fast-check'
import * as pkijs from 'pkijs'
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/protocol/pki/certificate.ts'
import { type PathInput, type PathRules, validatePath } from '../../../src/protocol/pki/path.ts'
import { hexOf, NULL, sequence } from '../../../src/sandbox/authority/der-writer.ts'
import {
  authorityKeyId,
  basicConstraints,
  certificatePolicies,
  keyUsage,
} from '../../../src/sandbox/authority/extensions.ts'
import type { IssuedExtension } from '../../../src/sandbox/authority/issue.ts'
import {
  authorityExtensions,
  certified,
  DAY,
  keysNumber,
  leafExtensions,
  type Made,
  NOW,
  type Party,
  POLICY,
  replacing,
  without,
} from '../../actors/authorities.ts'

/**
 * pkijs reads the same paths. It may take what we refuse, because our rules are narrower than RFC 5280 (a client's
 * usage, a policy of its own, no constraints on names); it never refuses what we take. Authorities here name their
 * policy: where a policy is asked for, pkijs does not count an authority's "any policy" (RFC 5280 §6.1.3 (d) (2) does).
 */
async function theirs(
  { leaf, presented, anchors, intermediates }: PathInput,
  asked: boolean,
): Promise<boolean> {
  const certificate = (der: Uint8Array) => pkijs.Certificate.fromBER(new Uint8Array(der))
  try {
    const engine = new pkijs.CertificateChainValidationEngine({
      trustedCerts: anchors.map(({ der }) => certificate(der)),
      certs: [...intermediates, ...presented, leaf].map(certificate),
      checkDate: new Date(NOW * 1000),
    })
    const verdict = await engine.verify(
      asked ? { initialPolicySet: [POLICY], initialExplicitPolicy: true } : {},
    )
    return verdict.result
  } catch {
    return false
  }
}

const rules = (asked: boolean): PathRules => ({
  now: NOW,
  purpose: 'person',
  policies: asked ? [POLICY] : undefined,
  longest: 6,
})

async function ours(input: PathInput, asked = true): Promise<boolean> {
  const result = await validatePath(input, rules(asked))
  return !('rejected' in result)
}

/** What may be wrong with a certificate; each of them rarely, or no path would be good. */
interface Wrong {
  readonly time: 'now' | 'past' | 'future'
  readonly constraints: 'fine' | 'none' | 'no authority' | 0 | 1
  readonly usage: 'fine' | 'none' | 'lists only'
  readonly policies: 'fine' | 'none' | 'other'
  readonly signer: 'fine' | 'another'
  readonly issuer: 'fine' | 'another'
  readonly key: 'fine' | 'another'
  readonly extension: 'none' | 'unknown' | 'unknown, critical'
}
const mostly = <Value>(fine: Value, ...others: readonly Value[]) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(fine) },
    { weight: 1, arbitrary: fc.constantFrom(fine, ...others) },
  )
const WRONG = fc.record<Wrong>({
  time: mostly('now', 'past', 'future'),
  constraints: mostly<Wrong['constraints']>('fine', 'none', 'no authority', 0, 1),
  usage: mostly('fine', 'none', 'lists only'),
  policies: mostly('fine', 'none', 'other'),
  signer: mostly('fine', 'another'),
  issuer: mostly('fine', 'another'),
  key: mostly('fine', 'another'),
  extension: mostly('none', 'unknown', 'unknown, critical'),
})

const FINE: Wrong = {
  time: 'now',
  constraints: 'fine',
  usage: 'fine',
  policies: 'fine',
  signer: 'fine',
  issuer: 'fine',
  key: 'fine',
  extension: 'none',
}

const UNKNOWN: IssuedExtension = { oid: '1.2.250.9.9', critical: false, value: NULL }

function extensionsOf(base: readonly IssuedExtension[], wrong: Wrong): readonly IssuedExtension[] {
  const { constraints, usage, policies, key, extension } = wrong
  let made = base
  if (constraints === 'none') made = without(made, '2.5.29.19')
  else if (constraints !== 'fine')
    made = replacing(
      made,
      constraints === 'no authority' ? basicConstraints(false) : basicConstraints(true, constraints),
    )
  if (usage !== 'fine')
    made = usage === 'none' ? without(made, '2.5.29.15') : replacing(made, keyUsage('cRLSign'))
  if (policies === 'none') made = without(made, '2.5.29.32')
  else if (policies !== 'fine') made = replacing(made, certificatePolicies('1.2.3'))
  if (key === 'another') made = replacing(made, authorityKeyId('0102'))
  return extension === 'none' ? made : [...made, { ...UNKNOWN, critical: extension === 'unknown, critical' }]
}

async function issued(by: Party | undefined, base: Made, wrong: Wrong): Promise<Party> {
  const keys = await keysNumber(4)
  return certified(by === undefined || wrong.signer === 'fine' ? by : { ...by, keys }, {
    ...base,
    ...(wrong.issuer === 'another' ? { issuerName: 'autre' } : {}),
    ...(wrong.time === 'past' ? { notAfter: NOW - DAY } : {}),
    ...(wrong.time === 'future' ? { notBefore: NOW + DAY } : {}),
    extensions: extensionsOf(base.extensions ?? [], wrong),
  })
}

/** A root, as many authorities under it as are said, and a leaf. */
async function made(
  authorities: readonly Wrong[],
  root: Wrong,
  leaf: Wrong,
  turned: boolean,
): Promise<PathInput> {
  const base = { extensions: replacing(authorityExtensions(), certificatePolicies(POLICY)) }
  const top = await issued(undefined, { ...base, name: 'racine', keys: await keysNumber(0) }, root)
  let above = top
  const between: Uint8Array[] = []
  for (const [at, wrong] of authorities.entries()) {
    above = await issued(above, { ...base, name: `autorité ${at}`, keys: await keysNumber(at + 1) }, wrong)
    between.push(above.der)
  }
  const end = await issued(above, { extensions: leafExtensions }, leaf)
  return {
    leaf: end.der,
    presented: turned ? between.toReversed() : between,
    anchors: [{ id: 'racine', der: top.der }],
    intermediates: [],
  }
}

describe('a second opinion', () => {
  it('never refuses a path that we take', async () => {
    let taken = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(WRONG, { maxLength: 3 }),
        WRONG,
        WRONG,
        fc.boolean(),
        fc.boolean(),
        async (authorities, root, leaf, turned, asked) => {
          const input = await made(authorities, root, leaf, turned)
          const us = await ours(input, asked)
          if (us) expect(await theirs(input, asked)).toBe(true)
          taken += us ? 1 : 0
          refused += us ? 0 : 1
        },
      ),
      { numRuns: 150 },
    )
    expect(taken).toBeGreaterThan(10)
    expect(refused).toBeGreaterThan(10)
  }, 30_000)

  it('reads the same certificate', async () => {
    const { der } = await certified(undefined, { extensions: authorityExtensions(2) })
    const [us, them] = [readCertificate(der), pkijs.Certificate.fromBER(new Uint8Array(der))]
    expect(us?.serial).toBe(hexOf(them.serialNumber.valueBlock.valueHexView))
    expect(new Uint8Array(them.subject.toSchema().toBER())).toEqual(new Uint8Array(us?.subjectDer ?? []))
    expect(them.tbsView).toEqual(us?.signed.bytes)
    expect(us?.notAfter).toBe(them.notAfter.value.getTime() / 1000)
  })
})

describe('one octet changed', () => {
  const chain = made([FINE, FINE], FINE, FINE, false)
  it('of the leaf or of an authority below the anchor: no path', async () => {
    const good = await chain
    expect(await ours(good)).toBe(true)
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(5000), fc.integer({ min: 1, max: 255 }), async (which, at, bit) => {
        const all = [good.leaf, ...good.presented].map((der) => new Uint8Array(der))
        const chosen = all[which] ?? new Uint8Array(1)
        const place = at % chosen.length
        chosen[place] = (chosen[place] ?? 0) ^ bit
        const [leaf = chosen, ...presented] = all
        expect(await ours({ ...good, leaf, presented })).toBe(false)
      }),
      { numRuns: 600 },
    )
  })
  it('of the anchor: the same path or none', async () => {
    const good = await chain
    const anchor = good.anchors[0]?.der ?? new Uint8Array()
    await fc.assert(
      fc.asyncProperty(fc.nat(5000), fc.integer({ min: 1, max: 255 }), async (at, bit) => {
        const der = new Uint8Array(anchor)
        const place = at % der.length
        der[place] = (der[place] ?? 0) ^ bit
        const result = await validatePath({ ...good, anchors: [{ id: 'racine', der }] }, rules(true))
        if ('rejected' in result) return
        expect(result.path[0]?.der).toEqual(good.leaf)
        expect(result.path.at(-1)?.publicKey.bits).toEqual(readCertificate(anchor)?.publicKey.bits)
      }),
      { numRuns: 300 },
    )
  })
  it('any octets as anything: no exception', async () => {
    const good = await chain
    const bytes = fc.uint8Array({ maxLength: 200 }).map((some) => sequence(some))
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(bytes, { maxLength: 5 }), async (one, many) => {
        expect(await ours({ ...good, leaf: one })).toBe(false)
        expect(await ours({ ...good, presented: many, anchors: many.map((der) => ({ id: 'x', der })) })).toBe(
          false,
        )
      }),
    )
  })
})
