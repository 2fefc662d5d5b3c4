import { env } from 'cloudflare:workers'
import { BasicOCSPResponse, Certificate, CertificateRevocationList, OCSPRequest, OCSPResponse } from 'pkijs'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { cardOf } from '../../src/cards/card.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'
import { authorityFetch } from '../../src/sandbox/authority/authority.routes.tsx'
import type { CardKind } from '../../src/sandbox/authority/cards.ts'
import { AUTHORITY_IDS, type AuthorityId } from '../../src/sandbox/authority/hierarchy.ts'
import { composeSandbox } from '../../src/sandbox/compose.ts'
import type { SandboxEnv } from '../../src/sandbox/environment.ts'
import { d1Authorities } from '../../src/trust/authorities.d1.ts'
import { d1Trust } from '../../src/trust/trust.d1.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'
import { NOWHERE } from '../rpps/nowhere.ts'

const bindings = env as SandboxEnv
const { app, settings } = composeSandbox(bindings)
const { issuer } = settings
const fetch = (path: string, init?: RequestInit) => app.request(`${issuer}${path}`, init, bindings)
const post = (path: string, body: unknown) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const Sold = z.object({
  serial: z.string(),
  authority: z.enum(AUTHORITY_IDS),
  cardId: z.string().optional(),
  certificate: z.string(),
  chain: z.array(z.string()),
  privateKey: z.string(),
  p12: z.base64(),
  password: z.string(),
})
const buy = async (wanted: object) => Sold.parse(await (await post('/sandbox/cards', wanted)).json())

const derOf = (pem: string) =>
  Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----|\s/g, '')), (character) => character.charCodeAt(0))
const bytesAt = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer())

/** A registry with nothing in memory: what was registered a moment ago is seen. */
const trust = () =>
  d1Trust({
    database: env.DB,
    clock: systemClock,
    entropy: systemEntropy,
    defer: () => {},
    outbound: async (url, init) => app.request(url, init, bindings),
    trail: { record: () => {} },
    environment: 'test',
    revocationUnknown: 'refuse',
  })
const examined = async (sold: z.infer<typeof Sold>, purpose: 'person' | 'organisation' = 'person') => {
  const found = await trust().examine(
    { leaf: derOf(sold.certificate), chain: sold.chain.map(derOf) },
    purpose,
  )
  if ('refused' in found) return found.refused
  const read = cardOf(found.trusted.certificate)
  return 'card' in read ? read.card : read.refused
}

const DOCTOR = '899700911111'
const STAFF = '30B0000017/AGENT042'
const STUDENT = '999700910009'

beforeAll(async () => {
  await inDirectory(anEntry(DOCTOR))
  await inDirectory(anEntry(STUDENT))
  await inDirectory(anEntry('ANS20260101120000'))
  const staff = anEntry(STAFF)
  const [practice] = staff.practitioner.exercices
  if (practice === undefined) throw new Error('an entry has a practice')
  const at = {
    codeDepartement: '33',
    numeroFinessSite: '0B0000017',
    raisonSocialeSite: 'EHPAD LA MAISON DES GLYCINES',
    ancienIdentifiantDeLaStructure: '10B0000017',
  }
  await inDirectory({
    ...staff,
    practitioner: {
      ...staff.practitioner,
      exercices: [{ ...practice, codeProfession: '', activities: [{ ...NOWHERE, ...at }] }],
    },
  })
})

describe('a card of the shop, as the application sees it', () => {
  it.each([
    [DOCTOR, { type: 'CPS', profession: '10', structure: undefined, title: 'Médecin' }],
    [STUDENT, { type: 'CPF', profession: '10', structure: undefined }],
    [
      STAFF,
      {
        type: 'CPE',
        profession: undefined,
        structure: { finess: '0B0000017', name: 'EHPAD LA MAISON DES GLYCINES' },
      },
    ],
  ])('of %s is theirs', async (nationalId, expected) => {
    const sold = await buy({ nationalId })
    const card = await examined(sold)
    expect(card).toMatchObject({
      nationalId,
      familyName: 'TESTEUR',
      givenName: 'NOA',
      cardId: sold.cardId,
      ...expected,
    })
  })

  it('of the other range is as good', async () => {
    const sold = await buy({ nationalId: DOCTOR, range: 'ELEMENTAIRE' })
    expect(sold.authority).toBe('ACI-EL-PP-TEST')
    expect(await examined(sold)).toMatchObject({ nationalId: DOCTOR })
  })

  it('of a director says so in its title', async () => {
    expect(await examined(await buy({ nationalId: STAFF, director: true }))).toMatchObject({ type: 'CDE' })
  })

  it.each<[CardKind, string]>([
    ['expired', 'expired'],
    ['not-yet-valid', 'not-yet-valid'],
    ['revoked', 'revoked'],
    ['foreign', 'unknown-authority'],
    ['nameless', 'names-nobody'],
    ['wrong-usage', 'wrong-usage'],
    ['broken-signature', 'broken-signature'],
  ])('%s is refused: %s', async (kind, refusal) => {
    expect(await examined(await buy({ nationalId: DOCTOR, kind }))).toBe(refusal)
  })

  it('with somebody else’s name has the number all the same', async () => {
    const card = await examined(await buy({ nationalId: DOCTOR, kind: 'other-name' }))
    expect(card).toMatchObject({ nationalId: DOCTOR, familyName: 'AUTREPERSONNE' })
  })

  it('of an organisation is good for organisations, and no person’s', async () => {
    const sold = await buy({ structure: '10B0000017', software: 'DOSSIER-DEMO' })
    const organisation = await trust().examine(
      { leaf: derOf(sold.certificate), chain: sold.chain.map(derOf) },
      'organisation',
    )
    expect(organisation).toMatchObject({ trusted: { range: 'STANDARD', revocation: 'ocsp' } })
    expect(await examined(sold)).toBe('wrong-usage')
  })

  it('has a new key, a new number and the same password each time', async () => {
    const [one, two] = [await buy({ nationalId: DOCTOR }), await buy({ nationalId: DOCTOR })]
    expect(one.privateKey).not.toBe(two.privateKey)
    expect(one.cardId).not.toBe(two.cardId)
    expect([one.password, two.password]).toEqual(['1234', '1234'])
  })
})

describe('the shop', () => {
  it.each([
    [{ nationalId: '899700999999' }, 404, 'unknown_person'],
    [{ nationalId: 'ANS20260101120000' }, 409, 'no_card'],
    [{ structure: '10B0000999', software: 'X' }, 404, 'unknown_structure'],
    [{ nationalId: DOCTOR, kind: 'golden' }, 400, 'invalid_request'],
    [{ structure: '10B0000017', software: 'a\u0000b' }, 400, 'invalid_request'],
    [{ structure: '10B0000017', software: 'X', kind: 'nameless' }, 400, 'invalid_request'],
    ['card', 400, 'invalid_request'],
  ])('refuses %j: %i %s', async (wanted, status, error) => {
    const response = await post('/sandbox/cards', wanted)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error })
  })

  it('hands a file to a browser', async () => {
    const response = await fetch('/sandbox/cards', {
      method: 'POST',
      body: new URLSearchParams({ nationalId: DOCTOR, kind: 'expired', range: 'STANDARD' }),
    })
    expect(response.headers.get('content-type')).toBe('application/x-pkcs12')
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="cps-noa-testeur-expired.p12"',
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('tells a person that there is no such card', async () => {
    const response = await fetch('/sandbox/cards?lang=en', {
      method: 'POST',
      body: new URLSearchParams({ nationalId: 'ANS20260101120000', kind: 'valid', range: 'STANDARD' }),
    })
    expect(response.status).toBe(409)
    expect(await response.text()).toContain('comes from a test tool')
  })

  it.each([
    ['fr', 'La boutique des cartes'],
    ['en', 'The card shop'],
  ])('has a page in %s with everybody who can have a card', async (language, title) => {
    const response = await fetch(`/sandbox/cards?lang=${language}`)
    const page = await response.text()
    expect(page).toContain(title)
    expect(page).toContain(`value="${DOCTOR}"`)
    expect(page).not.toContain('ANS20260101120000')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

describe('the registry of authorities', () => {
  it('knows the test authorities from the first card on, and the foreign one never', async () => {
    await buy({ nationalId: DOCTOR })
    const known = await d1Authorities(env.DB, systemClock).all()
    expect(known.map(({ name, role, environment, range }) => [name, role, environment, range])).toEqual(
      expect.arrayContaining([
        ['TEST AC RACINE IGC-SANTE STANDARD', 'anchor', 'test', 'STANDARD'],
        ['TEST AC RACINE IGC-SANTE ELEMENTAIRE', 'anchor', 'test', 'ELEMENTAIRE'],
        ['TEST AC IGC-SANTE STANDARD PERSONNES', 'intermediate', 'test', 'STANDARD'],
        ['TEST AC IGC-SANTE ELEMENTAIRE PERSONNES', 'intermediate', 'test', 'ELEMENTAIRE'],
        ['TEST AC IGC-SANTE STANDARD ORGANISATIONS', 'intermediate', 'test', 'STANDARD'],
        ['TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS', 'intermediate', 'test', 'ELEMENTAIRE'],
      ]),
    )
    expect(known.map(({ name }) => name)).not.toContain('AC ETRANGERE')
  })

  it('keeps what an operator retired, though the sandbox starts again', async () => {
    const registry = d1Authorities(env.DB, systemClock)
    await buy({ nationalId: DOCTOR })
    const retired = (await registry.all()).find(({ name }) => name === 'TEST AC RACINE IGC-SANTE ELEMENTAIRE')
    if (retired === undefined) throw new Error('it was registered')
    await registry.retire(retired.id)
    const again = composeSandbox(bindings)
    const response = await again.app.request(
      `${issuer}/sandbox/cards`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ nationalId: DOCTOR, range: 'ELEMENTAIRE' }),
      },
      bindings,
    )
    expect(await examined(Sold.parse(await response.json()))).toBe('unknown-authority')
    await registry.add(retired)
  })
})

describe('what was revoked', () => {
  const authority = async (id: AuthorityId) =>
    Certificate.fromBER(await bytesAt(`/sandbox/authority/${id}.cer`))
  const list = async (id: AuthorityId) =>
    CertificateRevocationList.fromBER(await bytesAt(`/sandbox/authority/${id}.crl`))
  const numberOf = (crl: CertificateRevocationList) =>
    z
      .object({ valueBlock: z.object({ valueDec: z.number() }) })
      .parse(crl.crlExtensions?.extensions.find(({ extnID }) => extnID === '2.5.29.20')?.parsedValue)
      .valueBlock.valueDec

  it('stands in the next list, which is signed, numbered higher and good for a day (RFC 5280 §5)', async () => {
    const { serial, certificate } = await buy({ nationalId: DOCTOR })
    const issuing = await authority('ACI-ST-PP-TEST')
    const before = await list('ACI-ST-PP-TEST')
    const card = Certificate.fromBER(derOf(certificate))
    expect(before.isCertificateRevoked(card)).toBe(false)
    expect(numberOf(await list('ACI-ST-PP-TEST'))).toBe(numberOf(before))

    expect((await post('/sandbox/authority/revoke', { serial })).status).toBe(200)
    const after = await list('ACI-ST-PP-TEST')
    expect(after.isCertificateRevoked(card)).toBe(true)
    expect(numberOf(after)).toBe(numberOf(before) + 1)
    expect(await after.verify({ issuerCertificate: issuing })).toBe(true)
    expect(Number(after.nextUpdate?.value) - Number(after.thisUpdate.value)).toBe(86_400_000)
    expect((await list('ACI-EL-PP-TEST')).isCertificateRevoked(card)).toBe(false)
  })

  it('a list that did not change is not sent again (RFC 9110 §13.1.2)', async () => {
    const first = await fetch('/sandbox/authority/ACR-ST-TEST.crl')
    const again = await fetch('/sandbox/authority/ACR-ST-TEST.crl', {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    })
    expect([first.status, again.status]).toEqual([200, 304])
  })

  it('every authority signs its own list', async () => {
    for (const id of AUTHORITY_IDS) {
      const own = await authority(id)
      expect(await (await list(id)).verify({ issuerCertificate: own })).toBe(true)
    }
  })

  const question = async (pem: string, chain: readonly string[]) => {
    const request = new OCSPRequest()
    await request.createForCertificate(Certificate.fromBER(derOf(pem)), {
      hashAlgorithm: 'SHA-256',
      issuerCertificate: Certificate.fromBER(derOf(chain[0] ?? '')),
    })
    return new Uint8Array(request.toSchema(true).toBER())
  }
  const askByPost = async (body: Uint8Array<ArrayBuffer>) =>
    bytesFrom(
      await fetch('/sandbox/authority/ocsp', {
        method: 'POST',
        headers: { 'content-type': 'application/ocsp-request' },
        body,
      }),
    )
  const askByGet = async (body: Uint8Array) =>
    bytesFrom(
      await fetch(
        `/sandbox/authority/ocsp/${encodeURIComponent(btoa(Array.from(body, (octet) => String.fromCharCode(octet)).join('')))}`,
      ),
    )
  async function bytesFrom(response: Response) {
    expect(response.headers.get('content-type')).toBe('application/ocsp-response')
    return new Uint8Array(await response.arrayBuffer())
  }
  const STATES = ['good', 'revoked', 'unknown'] as const
  async function stateIn(answer: Uint8Array<ArrayBuffer>, root: AuthorityId, issuing: AuthorityId) {
    const basic = BasicOCSPResponse.fromBER(
      OCSPResponse.fromBER(answer).responseBytes?.response.getValue() ?? new ArrayBuffer(),
    )
    expect(await basic.verify({ trustedCerts: [await authority(root), await authority(issuing)] })).toBe(true)
    const [single] = basic.tbsResponseData.responses
    const until = Number(single?.nextUpdate) - Number(single?.thisUpdate)
    expect(until).toBe(600_000)
    const { idBlock } = z.object({ idBlock: z.object({ tagNumber: z.number() }) }).parse(single?.certStatus)
    return STATES[idBlock.tagNumber]
  }

  it('good, revoked and unknown are answered and signed by a delegate, by POST and by GET (RFC 6960 §2.2, A.1)', async () => {
    const { serial, certificate, chain } = await buy({ nationalId: DOCTOR })
    const ask = await question(certificate, chain)
    expect(await stateIn(await askByPost(ask), 'ACR-ST-TEST', 'ACI-ST-PP-TEST')).toBe('good')
    expect(await stateIn(await askByGet(ask), 'ACR-ST-TEST', 'ACI-ST-PP-TEST')).toBe('good')
    await post('/sandbox/authority/revoke', { serial })
    expect(await stateIn(await askByPost(ask), 'ACR-ST-TEST', 'ACI-ST-PP-TEST')).toBe('revoked')

    const other = await buy({ nationalId: DOCTOR, range: 'ELEMENTAIRE' })
    // The right issuer of a number that it never gave.
    const never = await question(other.certificate, chain)
    expect(await stateIn(await askByPost(never), 'ACR-ST-TEST', 'ACI-ST-PP-TEST')).toBe('unknown')
  })

  it('answers for its authorities too, so that a whole path can be asked about', async () => {
    const issuing = await fetch('/sandbox/authority/ACI-ST-PP-TEST.cer')
    const request = new OCSPRequest()
    await request.createForCertificate(Certificate.fromBER(await issuing.arrayBuffer()), {
      hashAlgorithm: 'SHA-1',
      issuerCertificate: await authority('ACR-ST-TEST'),
    })
    const answer = await askByPost(new Uint8Array(request.toSchema(true).toBER()))
    expect(await stateIn(answer, 'ACR-ST-TEST', 'ACR-ST-TEST')).toBe('good')
  })

  it.each([
    ['no request at all', async () => Uint8Array.of(1, 2, 3), 1],
    ['nothing', async () => new Uint8Array(), 1],
    [
      'a certificate of an authority that is none of its own',
      async () => {
        const { certificate, chain } = await buy({ nationalId: DOCTOR })
        return question(certificate, [certificate, ...chain])
      },
      6,
    ],
  ])('%s is answered with the status of RFC 6960 §2.3', async (_what, ask, status) => {
    const answer = OCSPResponse.fromBER(await askByPost(await ask()))
    expect(answer.responseStatus.valueBlock.valueDec).toBe(status)
  })

  it.each([
    [{ serial: 'ab' }, 404],
    [{ serial: 'xyz' }, 400],
    [{ serial: 'ab', reason: 'because' }, 400],
  ])('%j is not revoked: %i', async (body, status) => {
    expect((await post('/sandbox/authority/revoke', body)).status).toBe(status)
  })

  it('a page lists what was handed out, and its button revokes', async () => {
    const { serial } = await buy({ nationalId: DOCTOR })
    const page = await (
      await fetch('/sandbox/cards/issued?lang=en', { headers: { accept: 'text/html' } })
    ).text()
    expect(page).toContain('CPS NOA TESTEUR')
    expect(page).toContain(`value="${serial}"`)
    const pressed = await fetch('/sandbox/authority/revoke', {
      method: 'POST',
      body: new URLSearchParams({ serial }),
    })
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/sandbox/cards/issued'])
    const { cards } = z
      .object({ cards: z.array(z.object({ serial: z.string(), revokedAt: z.number().optional() })) })
      .parse(await (await fetch('/sandbox/cards/issued')).json())
    expect(cards.find((card) => card.serial === serial)?.revokedAt).toBeGreaterThan(0)
  })
})

describe('the host that asks for cards', () => {
  const there = composeSandbox({ ...bindings, MTLS_ORIGIN: 'https://card.example.test' })
  it.each(['/sandbox', '/sandbox/cards', '/sandbox/outbox', '/sandbox/authority/ACR-ST-TEST.cer'])(
    'has no %s, which the sandbox has',
    async (path) => {
      const at = async (origin: string) => (await there.app.request(`${origin}${path}`, {}, bindings)).status
      expect([await at('https://card.example.test'), await at(issuer)]).toEqual([404, 200])
    },
  )
})

describe('the network', () => {
  it.each([
    [`${issuer}/sandbox/authority/ACR-ST-TEST.cer`, 'inside'],
    [`${issuer}/sandbox/outbox`, 'elsewhere'],
    [`${issuer}.example.test/sandbox/authority/ACR-ST-TEST.cer`, 'elsewhere'],
    ['https://service.example.test/jwks', 'elsewhere'],
  ])('%s is reached %s', async (url, where) => {
    const inside = { fetch: () => new Response('inside') }
    const outbound = authorityFetch(issuer, inside, async () => new Response('elsewhere'))
    expect(await (await outbound(url, {})).text()).toBe(where)
  })

  it('the certificates name addresses that answer', async () => {
    const { certificate } = await buy({ nationalId: DOCTOR })
    const extensions = readCertificate(derOf(certificate))
    expect(extensions?.crlDistributionPoints).toEqual([`${issuer}/sandbox/authority/ACI-ST-PP-TEST.crl`])
    expect(extensions?.ocsp).toEqual([`${issuer}/sandbox/authority/ocsp`])
    expect(extensions?.caIssuers).toEqual([`${issuer}/sandbox/authority/ACI-ST-PP-TEST.cer`])
    for (const path of ['ACI-ST-PP-TEST.crl', 'ACI-ST-PP-TEST.cer'])
      expect((await fetch(`/sandbox/authority/${path}`)).status).toBe(200)
    expect((await fetch('/sandbox/authority/ACI-XX.crl')).status).toBe(404)
  })
})
