import { describe, expect, it } from 'vitest'
import { type CardReadingRefusal, cardOf } from '../../src/cards/card.ts'
import { after } from '../../src/kernel/instant.ts'
import { type Certificate, readCertificate } from '../../src/protocol/pki/certificate.ts'
import {
  element,
  integer,
  NULL,
  octets,
  oid,
  sequence,
  text,
} from '../../src/sandbox/authority/der-writer.ts'
import {
  authorityKeyId,
  CLIENT_AUTH,
  extendedKeyUsage,
  gipCardId,
  gipCardType,
  gipFutureProfession,
  gipOffer,
  gipProfession,
  keyUsage,
  userPrincipalName,
} from '../../src/sandbox/authority/extensions.ts'
import {
  type IssuedExtension,
  issueCertificate,
  type NamePart,
  type Profile,
} from '../../src/sandbox/authority/issue.ts'
import {
  ATTRIBUTE,
  authorityName,
  cardProfile,
  type Issued,
  organisationProfile,
  type PersonsCard,
} from '../../src/sandbox/authority/profiles.ts'
import { certified, keysNumber, NOW } from '../actors/authorities.ts'

const ISSUER_KEY = '76155991a70b25c9ccd20b17d6bc70e2ee2b30c6'
const HOSPITAL = { name: 'HOPITAL DES 3 DAMES', id: '10B0057881', department: 'Paris (75)' }
const CARD_ID = '8025000001/2600301752'
const MIDWIFE: PersonsCard = {
  type: 'CPS',
  commonName: '899700075064',
  givenName: 'CECILE',
  surname: 'SAGECH0007506',
  title: 'Sage-Femme',
  profession: 50,
  cardId: CARD_ID,
}
const STAFF: PersonsCard = {
  type: 'CPE',
  commonName: '30B0057881/CPET0002',
  givenName: 'CHARLES',
  surname: 'ACCUEIL',
  title: 'Personnel santé ou social',
  structure: HOSPITAL,
  cardId: CARD_ID,
}

const issued = async (): Promise<Issued> => ({
  issuer: { name: authorityName('TEST AC IGC-SANTE STANDARD PERSONNES'), keyId: ISSUER_KEY },
  serial: '2f8a11',
  notBefore: NOW,
  notAfter: after(NOW, 1000),
  publicKey: (await keysNumber(4)).publicKey,
})

async function read(profile: Profile): Promise<Certificate> {
  const { privateKey } = await keysNumber(1)
  const certificate = readCertificate(await issueCertificate(profile, privateKey))
  if (certificate === undefined) throw new Error('a certificate')
  return certificate
}
const card = async (holder: PersonsCard) => cardOf(await read(await cardProfile(await issued(), holder)))

describe('PSC §6: reads a card', () => {
  const common = { certificateSerial: '2f8a11', issuerKeyId: ISSUER_KEY, cardId: CARD_ID }

  it('CPS: who stands in the RPPS', async () => {
    expect(await card(MIDWIFE)).toEqual({
      card: {
        ...common,
        nationalId: '899700075064',
        type: 'CPS',
        familyName: 'SAGECH0007506',
        givenName: 'CECILE',
        title: 'Sage-Femme',
        profession: '50',
        structure: undefined,
      },
    })
  })

  it('CPE: staff, with the structure of OU=1<FINESS>', async () => {
    expect(await card(STAFF)).toEqual({
      card: {
        ...common,
        nationalId: '30B0057881/CPET0002',
        type: 'CPE',
        familyName: 'ACCUEIL',
        givenName: 'CHARLES',
        title: 'Personnel santé ou social',
        profession: undefined,
        structure: { finess: '0B0057881', name: 'HOPITAL DES 3 DAMES' },
      },
    })
  })

  const director: PersonsCard = { ...STAFF, type: 'CDE', title: 'Directrice d’établissement' }
  const siret = { name: 'CAISSE D’ESSAI', id: '350000000181564', department: 'Paris (75)' }
  const rows: readonly (readonly [string, PersonsCard, object])[] = [
    ['CDE: the director, by the title', director, { type: 'CDE' }],
    [
      'CPF: a student, and the profession in training',
      { ...MIDWIFE, type: 'CPF', commonName: '9123456789', title: 'Étudiant', profession: 10 },
      { type: 'CPF', nationalId: '9123456789', profession: '10' },
    ],
    ['CPF: a student of the RPPS', { ...MIDWIFE, type: 'CPF' }, { type: 'CPF', profession: '50' }],
    [
      'CPA: staff of a structure known by its SIRET',
      { ...STAFF, type: 'CPA', commonName: '500000001815646/CPAT00045', structure: siret },
      { type: 'CPA', structure: { siret: '50000000181564', name: 'CAISSE D’ESSAI' } },
    ],
    [
      'CPE: staff of a practice, of which the name is known',
      {
        ...STAFF,
        commonName: '699700075064/CPE01',
        structure: { ...HOSPITAL, name: 'CABINET', id: '499700075064' },
      },
      { structure: { name: 'CABINET' } },
    ],
    ['CPS: of an ADELI number', { ...MIDWIFE, commonName: '0759300017' }, { nationalId: '0759300017' }],
    [
      'a dot behind the type digit of the UPN',
      { ...MIDWIFE, upn: '8.99700075064@carte-cps.fr' },
      { type: 'CPS' },
    ],
    ['the UPN’s domain in capitals', { ...MIDWIFE, upn: '899700075064@CARTE-CPS.FR' }, { type: 'CPS' }],
    [
      'names with accents, apostrophes and blanks',
      { ...MIDWIFE, givenName: "MARIE-ÉLOÏSE D'", surname: 'L’HÔPITAL  de la Tour' },
      { givenName: "MARIE-ÉLOÏSE D'", familyName: 'L’HÔPITAL  de la Tour' },
    ],
    [
      'an accent in two characters as the one it is',
      { ...MIDWIFE, givenName: 'E\u0301LOI\u0308SE' },
      { givenName: 'ÉLOÏSE' },
    ],
  ]
  it.each(rows)('%s', async (_, holder, expected) => {
    expect(await card(holder)).toMatchObject({ card: expected })
  })
})

/** A good card with its subject or its extensions changed. */
async function changed(
  holder: PersonsCard,
  change: (profile: Profile) => Partial<Profile>,
): Promise<ReturnType<typeof cardOf>> {
  const profile = await cardProfile(await issued(), holder)
  return cardOf(await read({ ...profile, ...change(profile) }))
}
const withExtension =
  (...others: readonly IssuedExtension[]) =>
  ({ extensions }: Profile): Partial<Profile> => ({
    extensions: [...extensions.filter(({ oid }) => !others.some((other) => other.oid === oid)), ...others],
  })
const withoutExtension =
  ({ oid }: IssuedExtension) =>
  ({ extensions }: Profile): Partial<Profile> => ({ extensions: extensions.filter((one) => one.oid !== oid) })
const withPart =
  (type: string, value: string) =>
  ({ subject }: Profile): Partial<Profile> => ({ subject: [[{ type, value }], ...subject] })
/** What the last relative name is made of, changed. */
const withHolder =
  (change: (parts: readonly NamePart[]) => readonly (readonly NamePart[])[]) =>
  ({ subject }: Profile): Partial<Profile> => ({
    subject: [...subject.slice(0, -1), ...change(subject.at(-1) ?? [])],
  })
const not = (type: string) => (parts: readonly NamePart[]) => [parts.filter((part) => part.type !== type)]

describe('PSC §6: refuses', () => {
  type Row = readonly [CardReadingRefusal, string, PersonsCard, (profile: Profile) => Partial<Profile>]
  const same = () => ({})
  const cn = (commonName: string, holder = MIDWIFE): PersonsCard => ({ ...holder, commonName })
  const rows: readonly Row[] = [
    ['not-a-card', 'without gipCardType', MIDWIFE, withoutExtension(gipCardType(0))],
    ['not-a-card', 'without the number of the card', MIDWIFE, withoutExtension(gipCardId(''))],
    ['not-a-card', 'without saying what carries its key', MIDWIFE, withoutExtension(gipOffer('card'))],
    [
      'not-a-card',
      'carried by something else',
      MIDWIFE,
      withExtension({ ...gipOffer('card'), value: octets(Uint8Array.of(0x81)) }),
    ],
    [
      'not-a-card',
      'carried by two things',
      MIDWIFE,
      withExtension({ ...gipOffer('card'), value: octets(Uint8Array.of(0x80, 0x80)) }),
    ],
    [
      'not-a-card',
      'a type that there is not',
      MIDWIFE,
      withExtension({ ...gipCardType(0), value: integer(4) }),
    ],
    [
      'not-a-card',
      'a negative type',
      MIDWIFE,
      withExtension({ ...gipCardType(0), value: element(0x02, Uint8Array.of(0xff)) }),
    ],
    [
      'not-a-card',
      'a type that is no number',
      MIDWIFE,
      withExtension({ ...gipCardType(0), value: text('0') }),
    ],
    [
      'not-a-card',
      'two types',
      MIDWIFE,
      withExtension({ ...gipCardType(0), value: sequence(integer(0), integer(1)) }),
    ],
    ['not-a-card', 'a number that is none', { ...MIDWIFE, cardId: '2600301752' }, same],
    ['not-a-card', 'a number with something behind it', { ...MIDWIFE, cardId: `${CARD_ID}/1` }, same],
    ['not-a-card', 'a profession of three digits', { ...MIDWIFE, profession: 100 }, same],
    [
      'not-a-card',
      'a profession that is no number',
      MIDWIFE,
      withExtension({ ...gipProfession(1), value: NULL }),
    ],
    [
      'not-a-card',
      'without the key that issued it (RFC 5280 §4.2.1.1)',
      MIDWIFE,
      withoutExtension(authorityKeyId('')),
    ],

    ['not-a-persons-card', 'a person’s certificate in a file', MIDWIFE, withExtension(gipOffer('software'))],

    [
      'names-nobody',
      'a card of the establishment',
      { ...STAFF, commonName: '10B0057881-CPE1752' },
      withHolder((parts) => [parts.slice(0, 1)]),
    ],
    ['names-nobody', 'without a given name', MIDWIFE, withHolder(not(ATTRIBUTE.givenName))],
    ['names-nobody', 'without a surname', MIDWIFE, withHolder(not(ATTRIBUTE.surname))],
    ['names-nobody', 'without a common name', MIDWIFE, withHolder(not(ATTRIBUTE.commonName))],
    ['names-nobody', 'an empty surname', { ...MIDWIFE, surname: ' ' }, same],
    ['names-nobody', 'a common name that is no id', cn('CECILE'), same],
    ['names-nobody', 'an id with a digit lost', cn('89970007506'), same],
    ['names-nobody', 'an id in other digits', cn('８９９７０００７５０６４'), same],
    ['names-nobody', 'an id with a zero octet', cn('899700075064\0'), same],
    [
      'names-nobody',
      'the three in names of their own',
      MIDWIFE,
      withHolder((parts) => parts.map((part) => [part])),
    ],
    [
      'names-nobody',
      'the person not at the end',
      MIDWIFE,
      ({ subject }) => ({ subject: subject.toReversed() }),
    ],
    ['names-nobody', 'a name that turns the writing round', { ...MIDWIFE, surname: 'SAGE\u202eEMMEF' }, same],
    ['names-nobody', 'an endless name', { ...MIDWIFE, surname: 'A'.repeat(200) }, same],

    ['contradicts-itself', 'another person’s UPN', { ...MIDWIFE, upn: '899700075065@carte-cps.fr' }, same],
    ['contradicts-itself', 'a UPN of another domain', { ...MIDWIFE, upn: '899700075064@example.test' }, same],
    ['contradicts-itself', 'a UPN without a domain', { ...MIDWIFE, upn: '899700075064' }, same],
    ['contradicts-itself', 'a second common name', MIDWIFE, withPart(ATTRIBUTE.commonName, '899700075065')],
    [
      'contradicts-itself',
      'a second common name beside it',
      MIDWIFE,
      withHolder((parts) => [[...parts, { type: ATTRIBUTE.commonName, value: '899700075065' }]]),
    ],
    ['contradicts-itself', 'a second surname', MIDWIFE, withPart(ATTRIBUTE.surname, 'AUTRE')],
    ['contradicts-itself', 'a second title', MIDWIFE, withPart(ATTRIBUTE.title, 'Médecin')],
    ['contradicts-itself', 'a second structure', STAFF, withPart(ATTRIBUTE.unit, '10B0057882')],
    ['contradicts-itself', 'a second organisation', STAFF, withPart(ATTRIBUTE.organization, 'AUTRE')],
    ['contradicts-itself', 'the id of another structure’s staff', cn('30B0057882/CPET0002', STAFF), same],
    ['contradicts-itself', 'an RPPS number on a staff card', cn('899700075064', STAFF), same],
    ['contradicts-itself', 'staff with a CPS', { ...MIDWIFE, commonName: '30B0057881/CPET0002' }, same],
    ['contradicts-itself', 'a student with a CPS', cn('9123456789'), same],
    ['contradicts-itself', 'staff with a CPF', { ...STAFF, type: 'CPF' }, same],
    [
      'contradicts-itself',
      'an RPPS number on a CPA',
      { ...STAFF, type: 'CPA', commonName: '899700075064' },
      same,
    ],
    ['contradicts-itself', 'a CPS of somebody in training', MIDWIFE, withExtension(gipFutureProfession(50))],
  ]
  it.each(rows)('%s: %s', async (refused, _, holder, change) => {
    expect(await changed(holder, change)).toMatchObject({ refused })
  })

  it('not-a-persons-card: an organisation’s certificate, with and without private extensions', async () => {
    const profile = await organisationProfile(await issued(), { structure: HOSPITAL, software: 'dossier' })
    expect(cardOf(await read(profile))).toMatchObject({ refused: 'not-a-persons-card' })
    const bare = { ...profile, ...withoutExtension(gipOffer('card'))(profile) }
    expect(cardOf(await read(bare))).toMatchObject({ refused: 'not-a-persons-card' })
  })

  it('not-a-card: any other certificate', async () => {
    const certificate = readCertificate((await certified(undefined, {})).der)
    expect(certificate === undefined ? '' : cardOf(certificate)).toMatchObject({ refused: 'not-a-card' })
  })

  it('says why without saying who', async () => {
    const results = await Promise.all(rows.map(([, , holder, change]) => changed(holder, change)))
    expect(JSON.stringify(results)).not.toMatch(/cecile|sagech|charles|accueil|8?99700075|0B005788/i)
  })
})

const attribute = (type: string, value: string) => sequence(oid(type), text(value))

describe('X.690 §11.6: the parts of the last relative name in any order', () => {
  const parts = [
    attribute('2.5.4.3', '899700075064'),
    attribute('2.5.4.4', 'SAGE'),
    attribute('2.5.4.42', 'CECILE'),
  ]
  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]], [[2, 0, 1]]])('%j', async (order) => {
    const { der } = await certified(undefined, {
      subject: sequence(element(0x31, ...order.flatMap((at) => parts[at] ?? []))),
      extensions: [
        keyUsage('digitalSignature'),
        extendedKeyUsage(CLIENT_AUTH),
        gipCardType(0),
        gipCardId(CARD_ID),
        gipOffer('card'),
        userPrincipalName('899700075064@carte-cps.fr'),
      ],
    })
    const certificate = readCertificate(der)
    expect(certificate === undefined ? '' : cardOf(certificate)).toMatchObject({
      card: { nationalId: '899700075064', familyName: 'SAGE', givenName: 'CECILE' },
    })
  })

  it('PSC §6: the octet of the product bare, as some print it', async () => {
    const bare = withExtension({ ...gipOffer('card'), value: Uint8Array.of(0x80) })
    expect(await changed(MIDWIFE, bare)).toMatchObject({ card: { type: 'CPS' } })
  })
})
