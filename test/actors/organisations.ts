import { env } from 'cloudflare:workers'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'
import { implicit, sequence } from '../../src/sandbox/authority/der-writer.ts'
import {
  authorityKeyId,
  basicConstraints,
  CLIENT_AUTH,
  extendedKeyUsage,
  keyUsage,
  subjectKeyId,
} from '../../src/sandbox/authority/extensions.ts'
import {
  type IssuedExtension,
  issueCertificate,
  keyIdOf,
  type Name,
} from '../../src/sandbox/authority/issue.ts'
import { curveKeys, type Keys } from '../../src/sandbox/authority/keys.ts'
import { d1Authorities } from '../../src/trust/authorities.d1.ts'
import type { Purpose } from '../../src/trust/authority.ts'
import { issuerKeyOf } from '../../src/trust/entry.ts'

const DAY = 86_400
const now = (): Instant => instant(Date.now() / 1000)

const utf8 = (text: string) => new TextEncoder().encode(text)
/** RFC 5280 §4.2.1.6: a name of each kind. */
const ALTERNATIVES: IssuedExtension = {
  oid: '2.5.29.17',
  critical: false,
  value: sequence(
    implicit(2, utf8('dossier.example.test')),
    implicit(6, utf8('https://dossier.example.test/client')),
    implicit(7, Uint8Array.of(192, 0, 2, 7)),
    implicit(7, Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7)),
    implicit(1, utf8('equipe@dossier.example.test')),
  ),
}

/** What the certificate of the invented service is called, and how that is registered (RFC 4514). */
export const DN = 'CN=dossier.example.test,OU=Système d’information,O=Clinique\\, des Essais,C=FR'
const SUBJECT: Name = [
  [{ type: '2.5.4.6', value: 'FR', as: 'printable' }],
  [{ type: '2.5.4.10', value: 'Clinique, des Essais' }],
  [{ type: '2.5.4.11', value: 'Système d’information' }],
  [{ type: '2.5.4.3', value: 'dossier.example.test' }],
]
export const subjectOf = (commonName: string): Name => [[{ type: '2.5.4.3', value: commonName }]]

/** What of a certificate is not as that of the invented service. */
export interface Differently {
  readonly subject?: Name
  readonly serial?: string
  readonly keys?: Keys
  readonly notBefore?: number
  readonly notAfter?: number
  readonly usages?: readonly string[]
}

/**
 * An authority that issues for organisations, made for a test: its certificates, as DER in base64. `enter` puts it in the
 * registry of the test's database, with a current list on which nobody stands; `revoke` puts somebody there.
 */
export async function organisationAuthority(commonName = 'Autorité d’organisations') {
  const keys = await curveKeys()
  const keyId = await keyIdOf(keys.publicKey)
  const name: Name = [
    [{ type: '2.5.4.10', value: 'AUTORITES INVENTEES' }],
    [{ type: '2.5.4.3', value: commonName }],
  ]
  const der = await issueCertificate(
    {
      serial: '0a',
      issuer: name,
      subject: name,
      notBefore: instant(now() - 400 * DAY),
      notAfter: instant(now() + 400 * DAY),
      publicKey: keys.publicKey,
      extensions: [
        basicConstraints(true),
        keyUsage('keyCertSign', 'cRLSign'),
        subjectKeyId(keyId),
        authorityKeyId(keyId),
      ],
    },
    keys.privateKey,
  )
  const certificate = readCertificate(der)
  if (certificate === undefined) throw new Error('the authority’s certificate is not read')
  const issuerKey = await issuerKeyOf(certificate)
  const generation = Number.parseInt(issuerKey.slice(0, 8), 16)
  const theirs = await curveKeys()

  const issue = async (change: Differently = {}): Promise<string> => {
    const { publicKey } = change.keys ?? theirs
    const leaf = await issueCertificate(
      {
        serial: change.serial ?? '0b',
        issuer: name,
        subject: change.subject ?? SUBJECT,
        notBefore: instant(change.notBefore ?? now() - DAY),
        notAfter: instant(change.notAfter ?? now() + 100 * DAY),
        publicKey,
        extensions: [
          keyUsage('digitalSignature'),
          extendedKeyUsage(...(change.usages ?? [CLIENT_AUTH])),
          authorityKeyId(keyId),
          subjectKeyId(await keyIdOf(publicKey)),
          ...(change.subject === undefined ? [ALTERNATIVES] : []),
        ],
      },
      keys.privateKey,
    )
    return btoa(String.fromCharCode(...leaf))
  }

  return {
    issue,
    async enter({
      range = 'STANDARD',
      purposes = ['organisation'],
    }: {
      readonly range?: string
      readonly purposes?: readonly Purpose[]
    } = {}): Promise<void> {
      const entered = await d1Authorities(env.DB, now).add({
        der,
        role: 'anchor',
        purposes,
        range,
        environment: 'test',
        policies: [],
        crlUrls: [],
        ocspUrl: undefined,
      })
      if ('refused' in entered) throw new Error(entered.refused)
      await env.DB.prepare(
        `INSERT INTO revocation_list (issuer_key, next_update, scope, generation, entries) VALUES (?1, ?2, ?3, ?4, 0)
         ON CONFLICT (issuer_key) DO NOTHING`,
      )
        .bind(issuerKey, now() + 30 * DAY, JSON.stringify({ of: 'all', points: [] }), generation)
        .run()
    },
    async revoke(serial: string): Promise<void> {
      await env.DB.prepare(
        'INSERT INTO revoked_certificate (generation, serial, revoked_at) VALUES (?1, ?2, ?3)',
      )
        .bind(generation, serial, now() - DAY)
        .run()
    },
  }
}
