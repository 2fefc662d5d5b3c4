import { BmpString, Null, OctetString } from 'asn1js'
import {
  AlgorithmIdentifier,
  Attribute,
  AuthenticatedSafe,
  CertBag,
  ContentInfo,
  DigestInfo,
  getCrypto,
  MacData,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs'
import type { Entropy } from '../../kernel/handle.ts'
import type { Der } from './der-writer.ts'

/** As many as openssl counts: one password is printed on the page, so they protect nothing here. */
const ITERATIONS = 2048
/** Octets of salt of the MAC: what openssl writes. macOS was seen to refuse longer ones. */
const SALT = 8
const SHA_256 = '2.16.840.1.101.3.4.2.1'
const X509 = '1.2.840.113549.1.9.22.1'
const CERT_BAG = '1.2.840.113549.1.12.10.1.3'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const FRIENDLY_NAME = '1.2.840.113549.1.9.20'
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21'

export interface ToPack {
  /** PKCS #8. */
  readonly privateKey: Der
  /** The holder's first, then those above it. */
  readonly certificates: readonly [Der, ...Der[]]
  /** What certificate stores show. */
  readonly name: string
  readonly password: string
  readonly entropy: Entropy
}

/** A PKCS #12 file (RFC 7292): PBES2 with AES-256-CBC inside, HMAC-SHA-256 around. */
export async function pkcs12({ privateKey, certificates, name, password, entropy }: ToPack): Promise<Der> {
  const secret = new Uint8Array(new TextEncoder().encode(password)).buffer
  const protection = {
    password: secret,
    // The library draws an initialisation vector of its own; its types want one all the same.
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: new Uint8Array(16) },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  }
  const [holder] = certificates
  const keyId = await crypto.subtle.digest('SHA-1', holder)
  const marks = () => [
    new Attribute({ type: FRIENDLY_NAME, values: [new BmpString({ value: name })] }),
    new Attribute({ type: LOCAL_KEY_ID, values: [new OctetString({ valueHex: keyId })] }),
  ]
  const key = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(privateKey) })
  await key.makeInternalValues(protection)
  const bags = certificates.map(
    (der) =>
      new SafeBag({
        bagId: CERT_BAG,
        bagValue: new CertBag({ certId: X509, certValue: new OctetString({ valueHex: der }) }),
        ...(der === holder ? { bagAttributes: marks() } : {}),
      }),
  )
  const keyBag = new SafeBag({ bagId: SHROUDED_KEY_BAG, bagValue: key, bagAttributes: marks() })
  const safe = new AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        { privacyMode: 1, value: new SafeContents({ safeBags: bags }) },
        { privacyMode: 0, value: new SafeContents({ safeBags: [keyBag] }) },
      ],
    },
  })
  await safe.makeInternalValues({ safeContents: [protection, {}] })
  const content = safe.toSchema().toBER()
  const salt = new Uint8Array(entropy(SALT)).buffer
  const mac = await getCrypto(true).stampDataWithPassword({
    password: secret,
    hashAlgorithm: 'SHA-256',
    salt,
    iterationCount: ITERATIONS,
    contentToStamp: content,
  })
  const pfx = new PFX({
    authSafe: new ContentInfo({
      contentType: ContentInfo.DATA,
      content: new OctetString({ valueHex: content }),
    }),
    macData: new MacData({
      mac: new DigestInfo({
        digestAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA_256, algorithmParams: new Null() }),
        digest: new OctetString({ valueHex: mac }),
      }),
      macSalt: new OctetString({ valueHex: salt }),
      iterations: ITERATIONS,
    }),
  })
  return new Uint8Array(pfx.toSchema().toBER())
}
