import fc from 'fast-check'
import { BasicOCSPResponse, OCSPRequest, OCSPResponse } from 'pkijs'
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../../src/kernel/instant.ts'
import { certificateId, ocspRequest, readOcspAnswer } from '../../../src/protocol/pki/ocsp.ts'
import { judgeOcspAnswer } from '../../../src/protocol/pki/ocsp-verdict.ts'
import { enumerated, hexOf, NULL, sequence } from '../../../src/sandbox/authority/der-writer.ts'
import {
  CLIENT_AUTH,
  extendedKeyUsage,
  keyUsage,
  OCSP_NO_CHECK,
  OCSP_SIGNING,
} from '../../../src/sandbox/authority/extensions.ts'
import type { IssuedExtension } from '../../../src/sandbox/authority/issue.ts'
import { keyIdOf } from '../../../src/sandbox/authority/issue.ts'
import { curveKeys } from '../../../src/sandbox/authority/keys.ts'
import { isOf, readQuestion } from '../../../src/sandbox/authority/ocsp-responder.ts'
import { type AnswerParts, answerDer, NONCE_EXTENSION } from '../../trust/answers.ts'
import { DAY, HOUR, type Issuer, NOW, named, newIssuer, newLeaf, read } from '../../trust/issuers.ts'

const issuer = await newIssuer('AC UNE')
const other = await newIssuer('AC AUTRE')
const leaf = read(await newLeaf(issuer))
const id = await certificateId(leaf, issuer.certificate)
const nonce = new Uint8Array(32).fill(7)

/** Whoever answers in an authority's place, with a certificate by `by`. */
async function delegate(by: Issuer, extensions: readonly IssuedExtension[]) {
  const keys = await curveKeys()
  const der = await newLeaf(by, { serial: '5e', extensions, keys, policies: [], commonName: 'REPONDEUR' })
  return {
    signer: { name: named('REPONDEUR'), keys, keyId: await keyIdOf(keys.publicKey) },
    certificates: [der],
  }
}
const SIGNING = [keyUsage('digitalSignature'), extendedKeyUsage(OCSP_SIGNING)]
const responder = await delegate(issuer, SIGNING)
const unchecked = await delegate(issuer, [...SIGNING, OCSP_NO_CHECK])

async function judged(parts: AnswerParts, now: Instant = NOW) {
  const answer = readOcspAnswer(await answerDer(issuer, parts))
  return 'rejected' in answer
    ? { unread: answer.rejected }
    : judgeOcspAnswer(answer, { id, issuer: issuer.certificate, nonce, now })
}

describe('RFC 6960 §4.1: a request', () => {
  it('asks what the responder of others understands', async () => {
    const der = ocspRequest(id, nonce)
    const question = readQuestion(der)
    const asked = question?.asked[0]
    expect(asked).toMatchObject({ hash: 'SHA-1', serial: leaf.serial })
    expect(
      asked !== undefined && (await isOf(asked, { name: issuer.name, publicKey: issuer.keys.publicKey })),
    ).toBe(true)
    // RFC 9654 §2.1: the nonce is an octet string inside of the extension's.
    expect(hexOf(question?.nonce ?? new Uint8Array())).toBe(`0420${hexOf(nonce)}`)
  })
  it.each(['01', '7f', '80', 'ff'.repeat(20)])('for the serial number %s', (serial) => {
    const theirs = OCSPRequest.fromBER(new Uint8Array(ocspRequest({ ...id, serial }, nonce)))
    const [request] = theirs.tbsRequest.requestList
    expect(request?.reqCert.serialNumber.toBigInt()).toBe(BigInt(`0x${serial}`))
  })
})

describe('RFC 6960 §3.2 grants', () => {
  it.each([
    ['the issuer itself, by its key', {}, 'good'],
    ['the issuer itself, by its name', { by: 'name' }, 'good'],
    ['with our nonce', { nonce }, 'good'],
    ['that it is revoked', { status: 'revoked' }, 'revoked'],
    ['that nobody knows', { status: 'unknown' }, 'unknown'],
    ['one who was delegated, by its key', responder, 'good'],
    ['one who was delegated, by its name', { ...responder, by: 'name' }, 'good'],
    ['the issuer, whose certificate came along', { certificates: [issuer.der] }, 'good'],
    ['a few minutes ahead of our clock', { thisUpdate: NOW + 200 }, 'good'],
  ] as const)('%s', async (_, parts, status) => {
    expect(await judged(parts)).toMatchObject({ status, until: NOW + HOUR })
  })
  it('§4.2.2.1: an answer that promises nothing for this once', async () => {
    expect(await judged({ nextUpdate: 'none' })).toMatchObject({ status: 'good', until: NOW })
  })
  it('§4.2.2.2.1: the delegate is told, unless nobody need ask about it', async () => {
    expect(await judged(responder)).toMatchObject({ delegate: { serial: '5e' } })
    expect(await judged(unchecked)).toMatchObject({ delegate: undefined })
    expect(await judged({})).toMatchObject({ delegate: undefined })
  })
  it('what a library of others reads the same', async () => {
    const der = await answerDer(issuer, { status: 'revoked', nonce, ...responder })
    const basic =
      OCSPResponse.fromBER(der).responseBytes?.response.valueBlock.valueHexView ?? new Uint8Array()
    const [single] = BasicOCSPResponse.fromBER(basic.slice()).tbsResponseData.responses
    const ours = readOcspAnswer(der)
    expect('rejected' in ours ? ours : ours.answers).toMatchObject([
      {
        id: { serial: hexOf(single?.certID.serialNumber.valueBlock.valueHexView ?? new Uint8Array()) },
        thisUpdate: (single?.thisUpdate.getTime() ?? 0) / 1000,
        nextUpdate: (single?.nextUpdate?.getTime() ?? 0) / 1000,
      },
    ])
  })
})

describe('RFC 6960 §3.2 refuses', () => {
  it.each([
    ['1: another certificate', { serial: '0c' }, 'other-certificate'],
    ['1: the same number of another authority', { issuer: other }, 'other-certificate'],
    ['1: the same twice', { twice: true }, 'other-certificate'],
    [
      '1: identifiers by another digest than was asked for',
      { hash: '2.16.840.1.101.3.4.2.1' },
      'other-certificate',
    ],
    ['2: a stranger', { signer: other }, 'foreign-responder'],
    [
      '2: a stranger who brings a certificate',
      { signer: other, certificates: [other.der] },
      'foreign-responder',
    ],
    [
      '3: a stranger who says to be the issuer',
      { signer: { ...other, name: issuer.name }, by: 'name' },
      'broken-signature',
    ],
    ['5: an answer of last week', { thisUpdate: NOW - 8 * DAY, nextUpdate: NOW + DAY }, 'out-of-date'],
    [
      '5: an answer that promises nothing, of two hours ago',
      { thisUpdate: NOW - 2 * HOUR, nextUpdate: 'none' },
      'out-of-date',
    ],
    ['5: an answer of tomorrow', { thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY }, 'not-yet-valid'],
    ['6: an answer past its nextUpdate: an old one, played back', { nextUpdate: NOW }, 'out-of-date'],
    ['§4.4.1: an answer to another question', { nonce: new Uint8Array(32).fill(8) }, 'other-nonce'],
    ['§4.4.1: a part of our nonce', { nonce: nonce.subarray(1) }, 'other-nonce'],
  ] as const)('%s', async (_, parts, rejected) => expect(await judged(parts)).toEqual({ rejected }))

  it.each([
    ['§4.2.2.2: a delegate of another authority', other, SIGNING],
    ['§4.2.2.2: a delegate of whoever takes our issuer’s name', { ...other, name: issuer.name }, SIGNING],
    ['§4.2.2.2: a delegate of our issuer’s key under another name', { ...issuer, name: other.name }, SIGNING],
    [
      '§4.2.2.2: anybody else whom the issuer certified',
      issuer,
      [keyUsage('digitalSignature'), extendedKeyUsage(CLIENT_AUTH)],
    ],
    [
      '§4.2.2.2: a delegate whose key is for other things',
      issuer,
      [keyUsage('keyEncipherment'), extendedKeyUsage(OCSP_SIGNING)],
    ],
    [
      'a delegate with a critical extension that nobody knows',
      issuer,
      [...SIGNING, { oid: '1.2.3.4', critical: true, value: NULL }],
    ],
  ] as const)('%s', async (_, by, extensions) => {
    expect(await judged(await delegate(by, extensions))).toEqual({ rejected: 'foreign-responder' })
  })
  it('4: a delegate whose certificate is over', async () => {
    const now = (NOW + 101 * DAY) as Instant
    expect(await judged({ ...responder, thisUpdate: now - 60, nextUpdate: now + HOUR }, now)).toEqual({
      rejected: 'foreign-responder',
    })
  })
  it('3: an answer of which one bit was changed', async () => {
    const der = await answerDer(issuer, { nonce })
    for (let at = 30; at < der.length; at += 7) {
      const changed = Uint8Array.from(der)
      changed[at] = (changed[at] ?? 0) ^ 1
      const answer = readOcspAnswer(changed)
      const verdict =
        'rejected' in answer
          ? answer
          : await judgeOcspAnswer(answer, { id, issuer: issuer.certificate, nonce, now: NOW })
      expect(verdict, `octet ${at}`).toHaveProperty('rejected')
    }
  })
})

describe('refuses to read', () => {
  it.each([
    ['nothing', new Uint8Array(), 'unreadable'],
    ['an empty sequence', sequence(), 'unreadable'],
    ['a certificate', issuer.der, 'unreadable'],
    ['more than an answer is', new Uint8Array(70_000), 'unreadable'],
    ['§2.3: "tryLater", which nobody signed', sequence(enumerated(3)), 'no-answer'],
    ['§2.3: "unauthorized", which nobody signed', sequence(enumerated(6)), 'no-answer'],
    ['§4.2.1: "successful" without anything', sequence(enumerated(0)), 'unreadable'],
  ])('%s', (_, der, rejected) => expect(readOcspAnswer(der)).toMatchObject({ rejected }))

  const critical = { oid: '1.2.3.4', critical: true, value: NULL }
  it.each([
    ['§4.2.1: a status that there is not', { status: 'odd' }, 'unreadable'],
    ['§4.4: a critical extension of the answer', { extensions: [critical] }, 'unknown-critical-extension'],
    [
      '§4.4: a critical extension of the certificate’s status',
      { singleExtensions: [critical] },
      'unknown-critical-extension',
    ],
    [
      '§4.2: an extension twice',
      { nonce, extensions: [{ oid: NONCE_EXTENSION, critical: false, value: NULL }] },
      'unreadable',
    ],
    [
      '§4.4.1: a nonce that is none',
      { extensions: [{ oid: NONCE_EXTENSION, critical: false, value: NULL }] },
      'unreadable',
    ],
  ] as const)('%s', async (_, parts, unread) => expect(await judged(parts)).toEqual({ unread }))
})

describe('whatever comes', () => {
  it('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        readOcspAnswer(bytes)
      }),
    )
  })
  it('a good answer with octets changed is never another good answer', async () => {
    const der = await answerDer(issuer, { nonce, ...responder })
    await fc.assert(
      fc.asyncProperty(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Uint8Array.from(der)
        changed[at] = (changed[at] ?? 0) ^ mask
        const answer = readOcspAnswer(changed)
        if ('rejected' in answer) return
        const verdict = await judgeOcspAnswer(answer, { id, issuer: issuer.certificate, nonce, now: NOW })
        // Outside of what is signed there is room for a bit that says nothing; what is said stays the same.
        if (!('rejected' in verdict)) expect(verdict).toMatchObject({ status: 'good', until: NOW + HOUR })
      }),
      { numRuns: 300 },
    )
  })
})
