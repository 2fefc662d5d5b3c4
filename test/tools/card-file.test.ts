import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { after, systemClock } from '../../src/kernel/instant.ts'
import { asIssuer, newHierarchy } from '../../src/sandbox/authority/hierarchy.ts'
import { issueCertificate, serialFrom } from '../../src/sandbox/authority/issue.ts'
import { pkcs8Of, rsaKeys, signingKeyFrom } from '../../src/sandbox/authority/keys.ts'
import { pkcs12 } from '../../src/sandbox/authority/pkcs12.ts'
import { cardProfile } from '../../src/sandbox/authority/profiles.ts'

const origin = 'http://localhost:8787'
const now = systemClock()
const hierarchy = await newHierarchy({ origin, now, entropy: systemEntropy })
const issuing = hierarchy.authorities['ACI-ST-PP-TEST']
const root = hierarchy.authorities['ACR-ST-TEST']
const keys = await rsaKeys()
const profile = await cardProfile(
  {
    issuer: asIssuer(origin, 'ACI-ST-PP-TEST', issuing.keyId),
    serial: serialFrom(systemEntropy(16)),
    notBefore: after(now, -300),
    notAfter: after(now, 86_400),
    publicKey: keys.publicKey,
  },
  {
    type: 'CPE',
    commonName: '30B0000017/AGENT042',
    givenName: 'ÉLOÏSE',
    surname: "D'ESSAI",
    title: 'Personnel santé ou social',
    structure: { id: '10B0000017', name: 'EHPAD LA MAISON DES GLYCINES', department: 'Gironde (33)' },
    cardId: '8025000001/2600301752',
  },
)
const card = await issueCertificate(profile, await signingKeyFrom(issuing.privateKey))
const file = Buffer.from(
  await pkcs12({
    privateKey: await pkcs8Of(keys.privateKey),
    certificates: [card, issuing.certificate],
    name: 'CPE ÉLOÏSE D’ESSAI',
    password: '1234',
    entropy: systemEntropy,
  }),
)

describe('a card of the test authority, as OpenSSL sees it', () => {
  test('its file opens with its password', () => {
    expect(() => createSecureContext({ pfx: file, passphrase: '1234' })).not.toThrow()
  })

  test.each(['1235', ''])('its file does not open with %j', (passphrase) => {
    expect(() => createSecureContext({ pfx: file, passphrase })).toThrow(/mac verify failure/i)
  })

  test('its path is signed link by link, and its key is the one in the file', async () => {
    const [leaf, middle, top] = [card, issuing.certificate, root.certificate].map(
      (der) => new X509Certificate(der),
    )
    if (leaf === undefined || middle === undefined || top === undefined) throw new Error('three were read')
    expect([leaf.checkIssued(middle), middle.checkIssued(top), top.checkIssued(top)]).toEqual([
      true,
      true,
      true,
    ])
    expect([leaf.verify(middle.publicKey), middle.verify(top.publicKey)]).toEqual([true, true])
    expect([leaf.ca, middle.ca, top.ca]).toEqual([false, true, true])
    const key = createPrivateKey({
      key: Buffer.from(await pkcs8Of(keys.privateKey)),
      format: 'der',
      type: 'pkcs8',
    })
    expect(leaf.checkPrivateKey(key)).toBe(true)
    expect(
      leaf.checkPrivateKey(
        createPrivateKey({ key: Buffer.from(issuing.privateKey), format: 'der', type: 'pkcs8' }),
      ),
    ).toBe(false)
  })

  test('its subject ends in one relative name of three parts (PSC §6)', () => {
    const { subject } = new X509Certificate(card)
    const [last, ...before] = subject.split('\n').toReversed()
    expect(last?.split(' + ').toSorted()).toEqual(['CN=30B0000017/AGENT042', 'GN=ÉLOÏSE', "SN=D'ESSAI"])
    expect(before.toReversed()).toEqual([
      'C=FR',
      'ST=Gironde (33)',
      'O=EHPAD LA MAISON DES GLYCINES',
      'OU=10B0000017',
      'title=Personnel santé ou social',
    ])
  })
})
