import { beforeEach, describe, expect, it } from 'vitest'
import { extendedKeyUsage, keyUsage, OCSP_SIGNING } from '../../src/sandbox/authority/extensions.ts'
import { keyIdOf } from '../../src/sandbox/authority/issue.ts'
import { curveKeys } from '../../src/sandbox/authority/keys.ts'
import { answerDer } from './answers.ts'
import { ANSWERED, deployment, forgetAll, OCSP, people, ROOT, register, stranger } from './deployment.ts'
import { DAY, entryDer, HOUR, NOW, named, newLeaf } from './issuers.ts'

beforeEach(async () => void (await forgetAll()))

describe('RFC 6960: what the responder says', () => {
  beforeEach(() => register(ROOT, ANSWERED))
  it('grants on its word, even without a list of its own', async () => {
    const here = deployment()
    await here.lists({ issuer: named('AC ABSENTE') })
    here.responds()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
  })
  it('refuses on its word, though the list is silent', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ status: 'revoked' })
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
  })
  it('does not ask about one who is on the list', async () => {
    const here = deployment()
    await here.lists({ entries: [entryDer({ serial: '0b' })] })
    here.responds()
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
    expect(here.asked).toEqual([])
  })
  it('asks once, until the answer ends', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ nextUpdate: NOW + HOUR / 2 })
    for (const _ of [1, 2, 3]) expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
    expect(here.asked).toEqual([OCSP])
    here.at(NOW + HOUR / 2)
    here.responds({ thisUpdate: NOW + HOUR / 2, nextUpdate: NOW + HOUR })
    await here.examine()
    expect(here.asked).toEqual([OCSP, OCSP])
  })
  it('asks again after an hour, whatever the answer promised', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ nextUpdate: NOW + DAY })
    await here.examine()
    here.at(NOW + HOUR - 1)
    await here.examine()
    expect(here.asked).toEqual([OCSP])
    here.at(NOW + HOUR)
    here.responds({ status: 'revoked', nextUpdate: NOW + DAY })
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
  })
  it('remembers it of that certificate alone', async () => {
    const here = deployment()
    await here.lists()
    here.responds()
    await here.examine()
    here.responds({ serial: '0d', status: 'revoked' })
    expect(await here.examine(await newLeaf(people, { serial: '0d' }))).toMatchObject({ refused: 'revoked' })
  })

  const delegates = async (serial: string) => {
    const keys = await curveKeys()
    const der = await newLeaf(people, {
      serial,
      keys,
      policies: [],
      extensions: [keyUsage('digitalSignature'), extendedKeyUsage(OCSP_SIGNING)],
      commonName: 'REPONDEUR',
    })
    return {
      signer: { name: named('REPONDEUR'), keys, keyId: await keyIdOf(keys.publicKey) },
      certificates: [der],
    }
  }
  it('§4.2.2.2: grants on the word of a delegate, unless that is on the list itself', async () => {
    const responder = await delegates('5e')
    const here = deployment()
    await here.lists({ issuer: named('AC ABSENTE') })
    here.responds(responder)
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })

    const there = deployment()
    await there.lists({ entries: [entryDer({ serial: '5e' })] })
    there.responds(responder)
    expect(await there.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
  })

  const unsigned = Uint8Array.of(0x30, 3, 0x0a, 1, 6)
  describe.each([
    ['does not answer at all', undefined],
    ['answers with an error', () => new Response('', { status: 500 })],
    ['answers what nobody signed', () => new Response(unsigned)],
    [
      'answers an old answer, played back',
      async () => new Response(await answerDer(people, { thisUpdate: NOW - 2 * DAY, nextUpdate: NOW - DAY })),
    ],
    ['answers too much', () => new Response(new Uint8Array(70_000))],
    [
      'answers endlessly',
      () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) }),
        ),
    ],
    ['answers for another certificate', async () => new Response(await answerDer(people, { serial: '0c' }))],
    [
      'answers to another question',
      async () => new Response(await answerDer(people, { nonce: new Uint8Array(32) })),
    ],
    ['is a stranger', async () => new Response(await answerDer(people, { signer: stranger }))],
    [
      'does not know the certificate',
      async () => new Response(await answerDer(people, { status: 'unknown' })),
    ],
  ] as const)('a responder that %s', (_, place) => {
    it('leaves it to the list', async () => {
      const here = deployment()
      await here.lists()
      if (place !== undefined) here.places.set(OCSP, place)
      expect(await here.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
      expect(here.events.some(({ kind }) => kind === 'trust.revocation-unknown')).toBe(false)
    })
    it('without a list leaves it to the setting', async () => {
      for (const revocationUnknown of ['refuse', 'accept'] as const) {
        const here = deployment({ revocationUnknown })
        await here.lists({ issuer: named('AC ABSENTE') })
        if (place !== undefined) here.places.set(OCSP, place)
        expect(await here.examine()).toMatchObject(
          revocationUnknown === 'refuse'
            ? { refused: 'revocation-unknown' }
            : { trusted: { revocation: 'unknown' } },
        )
        expect(here.events.filter(({ kind }) => kind === 'trust.revocation-unknown')).toMatchObject([
          {
            detail: expect.stringMatching(
              new RegExp(`^${revocationUnknown}(?:d|ed), by AC PERSONNES: no list; responder `),
            ),
          },
        ])
      }
    })
  })

  it('a responder that never answers is waited for no longer than there is patience, and not at once again', async () => {
    const here = deployment()
    await here.lists()
    here.places.set(OCSP, () => new Promise<Response>(() => undefined))
    const examined = here.examine()
    here.giveUp()
    expect(await examined).toMatchObject({ trusted: { revocation: 'crl' } })
    here.patient()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
    expect(here.asked).toEqual([OCSP])
    here.at(NOW + 15)
    here.responds()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
  })
  it('a lie is not remembered', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ signer: stranger })
    await here.examine()
    here.responds()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
  })
})
