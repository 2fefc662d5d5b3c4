import { env } from 'cloudflare:workers'
import { X509Certificate } from '@peculiar/x509'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { instant } from '../../src/kernel/instant.ts'
import { d1Authorities } from '../../src/trust/authorities.d1.ts'
import type { NewAuthority } from '../../src/trust/authority.ts'
import { NOW, newIssuer, newLeaf, POLICY } from './issuers.ts'

let now = NOW
const events: AuditEvent[] = []
const registry = d1Authorities(env.DB, () => now, { record: (event) => events.push(event) })
const root = await newIssuer('AC RACINE')
const people = await newIssuer('AC PERSONNES', root)
const leaf = await newLeaf(people)

const entry: NewAuthority = {
  der: people.der,
  role: 'intermediate',
  purposes: ['person'],
  range: 'STANDARD',
  environment: 'test',
  policies: [POLICY],
  crlUrls: ['http://crl.example.test/personnes.crl'],
  ocspUrl: 'http://ocsp.example.test/',
}

beforeEach(async () => {
  now = NOW
  events.length = 0
  await env.DB.exec('DELETE FROM trust_authority')
})

describe('an authority that is added', () => {
  it('is there as it was entered, under its thumbprint and its name', async () => {
    const added = await registry.add(entry)
    const [authority] = await registry.all()
    expect(added).toEqual({ added: authority })
    expect(authority).toMatchObject({ ...entry, name: 'AC PERSONNES', addedAt: NOW, retiredAt: undefined })
    const thumbprint = await new X509Certificate(people.der).getThumbprint('SHA-256')
    expect(authority?.id).toBe(
      Array.from(new Uint8Array(thumbprint), (octet) => octet.toString(16).padStart(2, '0')).join(''),
    )
  })
  it('again takes what is said now, and is there once', async () => {
    await registry.add(entry)
    now = instant(NOW + 60)
    await registry.add({ ...entry, range: 'FORT', crlUrls: [], ocspUrl: undefined })
    expect(await registry.all()).toMatchObject([
      { range: 'FORT', crlUrls: [], ocspUrl: undefined, addedAt: NOW },
    ])
  })
  it('may be retired, once, and brought back', async () => {
    await registry.add(entry)
    const [{ id } = { id: '' }] = await registry.all()
    now = instant(NOW + 60)
    expect(await registry.retire(id)).toBe(true)
    expect(await registry.all()).toMatchObject([{ retiredAt: NOW + 60 }])
    expect(await registry.retire(id)).toBe(false)
    expect(events.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual([
      `trust.changed added test intermediate AC PERSONNES, STANDARD, ${id}`,
      `trust.changed retired ${id}`,
    ])
    await registry.add(entry)
    expect(await registry.all()).toMatchObject([{ retiredAt: undefined }])
  })
  it('nobody retires what is not there', async () => expect(await registry.retire('00')).toBe(false))
})

describe('refuses to add', () => {
  it.each<readonly [string, Partial<NewAuthority>, RegExp]>([
    ['what is no certificate', { der: new Uint8Array([0x30, 0]) }, /not a certificate/],
    ['a person’s certificate (RFC 5280 §4.2.1.9)', { der: leaf }, /no CA/],
    ['a root as an intermediate: nothing above would be asked', { der: root.der }, /its own issuer/],
    ['a range that is no word', { range: 'standard; drop' }, /range/],
    ['a place that is no web address', { crlUrls: ['ldap://annuaire.example.test/cn=crl'] }, /ldap:/],
    ['a place with a password in it', { ocspUrl: 'http://nom:secret@ocsp.example.test/' }, /not an http/],
    ['a place that is no address at all', { crlUrls: ['personnes.crl'] }, /personnes\.crl/],
    ['a policy that is no identifier', { policies: ['cartes'] }, /policy/],
  ])('%s', async (_, change, refused) => {
    expect(await registry.add({ ...entry, ...change })).toEqual({ refused: expect.stringMatching(refused) })
    expect(await registry.all()).toEqual([])
  })
  it('RFC 5280 §4.2.1.3: an authority whose key is not for certificates', async () => {
    const lister = await newIssuer('AC DE LISTES', root, { usages: ['cRLSign'] })
    expect(await registry.add({ ...entry, der: lister.der })).toEqual({
      refused: expect.stringMatching(/not for signing certificates/),
    })
  })
})
