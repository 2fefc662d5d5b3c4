import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { ClientId } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { base64, thumbprintOf } from '../../src/protocol/oauth/mutual-tls.ts'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'
import type { Name } from '../../src/sandbox/authority/issue.ts'
import { curveKeys } from '../../src/sandbox/authority/keys.ts'
import { d1Bindings } from '../../src/structures/bindings.d1.ts'
import { readFinessLine } from '../../src/structures/finess.ts'
import { BOUND, d1StructureSoftware } from '../../src/structures/software.d1.ts'
import type { ShownCertificate } from '../../src/structures/software.ts'
import { organisationOf } from '../../src/structures/software.ts'
import { d1Structures } from '../../src/structures/structures.d1.ts'
import { organisationAuthority } from '../actors/organisations.ts'
import { MTLS_ORIGIN, tlsClientAuth, tokenDesk } from '../actors/token-desk.ts'
import { establishment, legalEntity } from './extract.ts'

const desk = tokenDesk()
const authority = await organisationAuthority()
const lesser = await organisationAuthority('Autorité élémentaire')
const DAY = 86_400

/** ORG AUTH_CLI (PSC §6). */
const organisation = (unit: string, software = 'DOSSIER-AUTO', name = 'CH TROIS TILLEULS'): Name => [
  [{ type: '2.5.4.6', value: 'FR', as: 'printable' }],
  [{ type: '2.5.4.8', value: 'Paris (75)' }],
  [{ type: '2.5.4.10', value: name }],
  [{ type: '2.5.4.11', value: unit }],
  [{ type: '2.5.4.3', value: software }],
]
const HOSPITAL = '10B0000001'
const dnOf = (unit: string, software = 'DOSSIER-AUTO', name = 'CH TROIS TILLEULS') =>
  `CN=${software},OU=${unit},O=${name},ST=Paris (75),C=FR`

const events: AuditEvent[] = []
const trail = { record: (event: AuditEvent) => void events.push(event) }
const bindings = d1Bindings(env.DB, systemClock, trail)
const structures = d1Structures(env.DB)

async function shownOf(text: string, range = 'STANDARD'): Promise<ShownCertificate> {
  const der = base64(text) ?? new Uint8Array()
  const certificate = readCertificate(der)
  if (certificate === undefined) throw new Error('not a certificate')
  return { certificate, thumbprint: await thumbprintOf(der), range }
}
const taken = (line: string) => {
  const read = readFinessLine(line)
  return 'structure' in read ? [read.structure] : []
}

beforeAll(async () => {
  await authority.enter()
  await lesser.enter({ range: 'ELEMENTAIRE' })
  await structures.upsert(
    [
      ...taken(establishment()),
      ...taken(establishment({ 1: '0B0000017', 4: 'EHPAD DES GLYCINES', 22: '' })),
      ...taken(legalEntity()),
    ],
    systemClock(),
  )
})

/** A client that is known by the subject of its certificate. */
const software = (unit = HOSPITAL, name?: string) =>
  desk.service({
    redirect_uris: [],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: dnOf(unit, name),
  })
const ask = (clientId: string, certificate: string) =>
  desk.token(
    { grant_type: 'client_credentials', client_id: clientId },
    { origin: MTLS_ORIGIN, certificate: tlsClientAuth(certificate) },
  )
const bind = async (clientId: string, certificate: string, range?: string) =>
  bindings.bind(await shownOf(certificate, range), [ClientId.parse(clientId)])

describe('the registry of structures', () => {
  it('finds an establishment by its FINESS number and its SIRET, a legal entity by its number', async () => {
    expect((await structures.find(HOSPITAL))?.name).toBe('CENTRE HOSPITALIER DES TROIS TILLEULS')
    expect((await structures.find('300000000100018'))?.id).toBe(HOSPITAL)
    expect((await structures.find('10B0000009'))?.finess).toBe('0B0000009')
    expect(await structures.find('300000000100026')).toBeUndefined()
  })
  it('the same file again changes nothing; a new name does; what a line does not know stays', async () => {
    const again = taken(establishment())
    expect(await structures.upsert(again, systemClock())).toBe(0)
    expect(await structures.upsert(taken(establishment({ 22: '', 2: '' })), systemClock())).toBe(0)
    expect((await structures.find(HOSPITAL))?.siret).toBe('00000000100018')
    expect(await structures.upsert(taken(establishment({ 4: 'CH DES TILLEULS' })), systemClock())).toBe(1)
    expect(await structures.upsert(again, systemClock())).toBe(1)
  })
})

describe('which structure a certificate names', () => {
  it.each([
    ['a FINESS number', HOSPITAL, { unit: HOSPITAL, software: 'DOSSIER-AUTO' }],
    ['a SIRET', '300000000100018', { unit: '300000000100018', software: 'DOSSIER-AUTO' }],
    ['something else', 'Informatique', { refused: expect.stringMatching(/no OU/) }],
  ])('%s', async (_, unit, expected) => {
    const { certificate } = await shownOf(await authority.issue({ subject: organisation(unit) }))
    expect(organisationOf(certificate)).toEqual(expected)
  })
  it('refuses one that names two', async () => {
    const subject: Name = [...organisation(HOSPITAL), [{ type: '2.5.4.11', value: '10B0000017' }]]
    const { certificate } = await shownOf(await authority.issue({ subject }))
    expect(organisationOf(certificate)).toEqual({ refused: 'it names two structures' })
  })
})

describe('binding', () => {
  it('binds a certificate to the structure that its OU names, be it by SIRET', async () => {
    const certificate = await authority.issue({ subject: organisation('300000000100018', 'PAR-SIRET') })
    expect(await bind('any', certificate)).toMatchObject({
      bound: { structure: HOSPITAL, software: 'PAR-SIRET', range: 'STANDARD', clients: ['any'] },
    })
    expect(events.at(-1)?.kind).toBe('structure.bound')
  })
  it('refuses a structure that the registry does not have', async () => {
    const certificate = await authority.issue({ subject: organisation('10B0009999') })
    expect(await bind('any', certificate)).toEqual({
      refused: expect.stringMatching(/no structure 10B0009999/),
    })
  })
  it('bound again it takes further clients; unbound from its last it is gone', async () => {
    const certificate = await authority.issue({ subject: organisation(HOSPITAL, 'DEUX') })
    await bind('one', certificate)
    const both = await bind('two', certificate)
    if ('refused' in both) throw new Error(both.refused)
    const { id, clients } = both.bound
    expect(clients.toSorted()).toEqual(['one', 'two'])
    expect(await bindings.unbind(id, ['one'])).toBe(true)
    expect((await bindings.all()).find((one) => one.id === id)?.clients).toEqual(['two'])
    expect(await bindings.unbind(id, [])).toBe(true)
    expect((await bindings.all()).some((one) => one.id === id)).toBe(false)
    expect(await bindings.unbind(id, [])).toBe(false)
  })
})

describe('client_credentials of a structure’s software', () => {
  it('carry the structure, bound to the certificate though the registration does not ask for it', async () => {
    const client = await software()
    const certificate = await authority.issue({ subject: organisation(HOSPITAL) })
    await bind(client.clientId, certificate)
    const { access_token: token } = await (await ask(client.clientId, certificate)).json<{
      access_token: string
    }>()
    const { thumbprint } = await shownOf(certificate)
    expect(decodeJwt(token)).toMatchObject({
      sub: client.clientId,
      cnf: { 'x5t#S256': thumbprint },
      structure: {
        id: HOSPITAL,
        finess: '0B0000001',
        siret: '00000000100018',
        name: 'CENTRE HOSPITALIER DES TROIS TILLEULS',
      },
    })
    const api = await desk.service({ serment_introspection: true })
    expect(await (await api.post('/introspect', { token })).json()).toMatchObject({
      active: true,
      client_id: client.clientId,
      cnf: { 'x5t#S256': thumbprint },
      structure: { id: HOSPITAL, name: 'CENTRE HOSPITALIER DES TROIS TILLEULS' },
    })
  })

  it('of a client that is bound to nothing carry none, and are as they were', async () => {
    const client = await software(HOSPITAL, 'LIBRE')
    const certificate = await authority.issue({ subject: organisation(HOSPITAL, 'LIBRE') })
    const { access_token: token } = await (await ask(client.clientId, certificate)).json<{
      access_token: string
    }>()
    expect(decodeJwt(token)).not.toHaveProperty('structure')
    expect(decodeJwt(token)).not.toHaveProperty('cnf')
  })

  it('RFC 8705 §2.1: a renewed certificate, the same subject with another key, is taken and noted once', async () => {
    const client = await software(HOSPITAL, 'RENOUVELE')
    const subject = organisation(HOSPITAL, 'RENOUVELE')
    const old = await authority.issue({ subject })
    await bind(client.clientId, old)
    const renewed = await authority.issue({
      subject,
      serial: '2b',
      keys: await curveKeys(),
      notAfter: systemClock() + 300 * DAY,
    })
    const notes: AuditEvent[] = []
    const late: Promise<unknown>[] = []
    const here = d1StructureSoftware({
      database: env.DB,
      clock: systemClock,
      trail: { record: (event) => void notes.push(event) },
      defer: (work) => void late.push(work),
    })
    const id = ClientId.parse(client.clientId)
    for (const one of [old, renewed, renewed, old, renewed]) {
      expect(await here.admit(id, await shownOf(one))).toMatchObject({ structure: { id: HOSPITAL } })
      await Promise.all(late)
    }
    expect(notes.map(({ kind, clientId }) => [kind, clientId])).toEqual([
      ['structure.renewed', client.clientId],
    ])
    const { thumbprint } = await shownOf(renewed)
    const { access_token: token } = await (await ask(client.clientId, renewed)).json<{
      access_token: string
    }>()
    expect(decodeJwt(token).cnf).toEqual({ 'x5t#S256': thumbprint })
    expect((await ask(client.clientId, old)).status).toBe(200)
  })

  it.each([
    ['another structure’s', async () => authority.issue({ subject: organisation('10B0000017') })],
    [
      'one of the same name and structure, of another range',
      async () => lesser.issue({ subject: organisation(HOSPITAL) }),
    ],
    [
      'one of the structure’s other software',
      async () => authority.issue({ subject: organisation(HOSPITAL, 'AUTRE') }),
    ],
  ])('attack: refuses %s', async (_, issue) => {
    const client = await software()
    await bind(client.clientId, await authority.issue({ subject: organisation(HOSPITAL) }))
    const response = await ask(client.clientId, await issue())
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('attack: a client that is registered by a host name is still held to its structure', async () => {
    const client = await desk.service({
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'dossier.example.test',
    })
    const byHost = await authority.issue()
    expect((await ask(client.clientId, byHost)).status).toBe(200)
    const bound = await desk.service({
      redirect_uris: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'dossier.example.test',
    })
    await bind(bound.clientId, await authority.issue({ subject: organisation(HOSPITAL) }))
    expect((await ask(bound.clientId, byHost)).status).toBe(401)
  })

  it('cost a query for the revocation, and one a minute for the binding', async () => {
    const client = await software()
    const certificate = await authority.issue({ subject: organisation(HOSPITAL) })
    await bind(client.clientId, certificate)
    await desk.cost(() => ask(client.clientId, certificate))
    const { objects, queries } = await desk.cost(() => ask(client.clientId, certificate))
    expect(objects).toEqual([])
    expect(queries).toHaveLength(1)
  })
})

it('bindings are found by one search of the index, however many there are', async () => {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${BOUND}`)
    .bind('any')
    .all<{ detail: string }>()
  expect(results.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'))).toEqual([])
})
