// First: @peculiar/x509 needs the metadata that this adds to Reflect.
import 'reflect-metadata'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'

/** What a TLS server presents, and what its clients have to trust to believe it. PEM. */
export interface ServerCertificate {
  readonly cert: string
  readonly key: string
  readonly ca: string
  /** Where `ca` is, for NODE_EXTRA_CA_CERTS and browsers; unset for a certificate that was given. */
  readonly caFile: string | undefined
}

/** One that was made here: its authority is in a file. */
export interface MadeCertificate extends ServerCertificate {
  readonly caFile: string
}

const DAY = 86_400_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/**
 * A certificate for `host` and its `aliases`, from an authority made for it alone. It is made once and kept in
 * `folder`, so that what trusts it goes on doing so. The authority's key is thrown away: trusting it trusts nothing
 * else, ever.
 */
export async function serverCertificate(
  host: string,
  folder: string,
  now = new Date(),
  aliases: readonly string[] = [],
): Promise<MadeCertificate> {
  const file = (kind: string) => join(folder, `${host}.${kind}.pem`)
  const caFile = file('ca')
  if (['ca', 'cert', 'key'].every((kind) => existsSync(file(kind)))) {
    const kept = {
      ca: readFileSync(caFile, 'utf8'),
      cert: readFileSync(file('cert'), 'utf8'),
      key: readFileSync(file('key'), 'utf8'),
      caFile,
    }
    if (new x509.X509Certificate(kept.cert).notAfter.getTime() > now.getTime() + DAY) return kept
  }
  const made = await makeCertificate([host, ...aliases], now)
  mkdirSync(folder, { recursive: true })
  writeFileSync(caFile, made.ca)
  writeFileSync(file('cert'), made.cert)
  writeFileSync(file('key'), made.key, { mode: 0o600 })
  return { ...made, caFile }
}

async function makeCertificate(
  hosts: readonly string[],
  now: Date,
): Promise<{ ca: string; cert: string; key: string }> {
  const [host] = hosts
  const authorityKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const serverKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  // Apple's clients refuse a server certificate of more than 398 days; a day of slack for clocks that differ.
  const notBefore = new Date(now.getTime() - DAY)
  const notAfter = new Date(now.getTime() + 396 * DAY)
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Sandbox authority for ${host}`,
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    serialNumber: serial(),
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const server = await x509.X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    serialNumber: serial(),
    notBefore,
    notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey),
    'PRIVATE KEY',
  )
  return { ca: `${authority.toString('pem')}\n`, cert: `${server.toString('pem')}\n`, key: `${key}\n` }
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. */
function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Buffer.from([0x01, ...bytes]).toString('hex')
}
