import { base64url } from 'jose'
import { sameDigest, sha256 } from '../../kernel/digest.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Certificate, readCertificate } from '../pki/certificate.ts'
import { parseName, sameName } from '../pki/distinguished-name.ts'
import type { Confirmation } from './access-token.ts'

/** The certificate of the TLS connection that a request came over: whoever sent the request holds its key. */
export interface PresentedCertificate {
  readonly der: Uint8Array
  /** `x5t#S256`: SHA-256 of the DER, base64url (RFC 8705 §3.1). */
  readonly thumbprint: string
  /**
   * Whether an authority of ours issued it for an organisation, and has not revoked it. It costs queries, so nobody asks
   * before a name in it was found to be the right one. `refused` is for the trail.
   */
  examine(): Promise<Vouched | { readonly refused: string }>
}

/** What the registry of authorities says of a certificate that it vouches for. */
export interface Vouched {
  /** As the registry has it of the issuing authority: ELEMENTAIRE, STANDARD… */
  readonly range: string
}

/** How a route gets the certificate of a request's connection, `undefined` where none was presented, or asked for. */
export type CertificateOf = (request: Request) => Promise<PresentedCertificate | undefined>

/** What a client registers to be known by its certificate (RFC 8705 §2.1.2): exactly one of them. */
export const CERTIFICATE_NAMES = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const
export type CertificateNames = { readonly [Name in (typeof CERTIFICATE_NAMES)[number]]?: string | undefined }

/** How `x5t#S256` is written for a client: as RFC 8705 §3.1, or as the ANS's API gateways expect it (PSC §6). */
export const THUMBPRINT_FORMS = ['rfc8705', 'ans'] as const
export type ThumbprintForm = (typeof THUMBPRINT_FORMS)[number]

/**
 * Whether this certificate proves the client by a name in it (RFC 8705 §2.1). The name is looked at first: the path to an
 * authority of ours, and that it is not revoked, is asked only of a certificate that has it.
 */
export async function knownByName(
  { der, examine }: PresentedCertificate,
  registered: CertificateNames,
  now: Instant,
): Promise<(Vouched & { readonly certificate: Certificate }) | { readonly refused: string }> {
  const certificate = readCertificate(der)
  if (certificate === undefined) return { refused: 'the certificate cannot be read' }
  const late = outOfTime(certificate, now)
  if (late !== undefined) return { refused: late }
  if (!names(certificate, registered)) return { refused: 'another name' }
  const vouched = await examine()
  return 'refused' in vouched ? vouched : { ...vouched, certificate }
}

/**
 * Why this certificate is none of those registered in `jwks` (RFC 8705 §2.2), or `undefined` when it is one: the
 * first of a key's `x5c`, or its `x5t#S256`. Who issued it does not count, so no path is asked for, and nobody to revoke
 * it: the client said that it is its own, and takes it out of its set.
 */
export async function refusedBySet(
  { der, thumbprint }: Pick<PresentedCertificate, 'der' | 'thumbprint'>,
  keys: readonly Readonly<Record<string, unknown>>[],
  now: Instant,
): Promise<string | undefined> {
  const certificate = readCertificate(der)
  if (certificate === undefined) return 'the certificate cannot be read'
  const late = outOfTime(certificate, now)
  if (late !== undefined) return late
  for (const key of keys) {
    const registered = await registeredThumbprint(key)
    if (registered !== undefined && sameDigest(registered, thumbprint)) return undefined
  }
  return 'the certificate is not registered'
}

/** RFC 7517 §4.7: `x5c` is base64, its first certificate the key's own; §4.9: `x5t#S256`. */
async function registeredThumbprint(key: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const chain = key.x5c
  if (Array.isArray(chain)) {
    const first: unknown = chain[0]
    const der = typeof first === 'string' ? base64(first) : undefined
    return der === undefined ? undefined : thumbprintOf(der)
  }
  const thumbprint = key['x5t#S256']
  return typeof thumbprint === 'string' ? thumbprint : undefined
}

/** `x5t#S256` of a certificate (RFC 8705 §3.1). */
export const thumbprintOf = async (der: Uint8Array): Promise<string> => base64url.encode(await sha256(der))

/** Base64 with or without its padding (RFC 4648 §4), `undefined` for anything else. */
export function base64(text: string): Uint8Array | undefined {
  if (text.length > 24_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** The thumbprint in the form that the client is registered for. */
export function writtenThumbprint(thumbprint: string, form: ThumbprintForm): string {
  if (form === 'rfc8705') return thumbprint
  // The ANS's form: base64 of the 64 hexadecimal digits, where RFC 8705 has base64url of the 32 octets.
  const hex = Array.from(base64url.decode(thumbprint), (octet) => octet.toString(16).padStart(2, '0'))
  return btoa(hex.join(''))
}

/** Whether this is the certificate that a token is bound to (RFC 8705 §3), in either form: their lengths differ. */
export const isBoundTo = (bound: NonNullable<Confirmation['x5t#S256']>, thumbprint: string): boolean =>
  THUMBPRINT_FORMS.some((form) => sameDigest(bound, writtenThumbprint(thumbprint, form)))

/** Whether the registered name can be read at all: a text that cannot would never match. */
export function readableNames(registered: CertificateNames): boolean {
  const { tls_client_auth_subject_dn: dn, tls_client_auth_san_ip: ip } = registered
  return (
    (dn === undefined || (parseName(dn)?.length ?? 0) > 0) && (ip === undefined || octets(ip) !== undefined)
  )
}

/** RFC 8705 §2.1.2. One name is registered; were there several, each would have to be in the certificate. */
function names(certificate: Certificate, registered: CertificateNames): boolean {
  const {
    tls_client_auth_subject_dn: dn,
    tls_client_auth_san_dns: dns,
    tls_client_auth_san_uri: uri,
    tls_client_auth_san_ip: ip,
    tls_client_auth_san_email: email,
  } = registered
  const checks: boolean[] = []
  if (dn !== undefined) {
    const name = parseName(dn)
    checks.push(name !== undefined && sameName(certificate.subject, name))
  }
  // Host names are compared without regard to case (RFC 4343), and a wildcard only stands for itself.
  if (dns !== undefined) checks.push(certificate.dns.some((name) => lower(name) === lower(dns)))
  if (uri !== undefined) checks.push(certificate.uri.includes(uri))
  if (email !== undefined) checks.push(certificate.email.some((name) => mailbox(name) === mailbox(email)))
  if (ip !== undefined) {
    const wanted = octets(ip)?.join('.')
    checks.push(wanted !== undefined && certificate.ip.some((address) => address.join('.') === wanted))
  }
  return checks.length > 0 && checks.every((one) => one)
}

const lower = (text: string): string => text.toLowerCase()

/** RFC 5280 §7.5: the host without regard to case, what stands before it as it is. */
function mailbox(address: string): string {
  const at = address.lastIndexOf('@')
  return address.slice(0, at) + lower(address.slice(at))
}

/** RFC 5280 §4.2.1.6: 4 or 16 octets. */
function octets(address: string): readonly number[] | undefined {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address))
    return address.split('.').map(Number)
  if (!/^[0-9a-f:]{2,39}$/i.test(address) || !URL.canParse(`http://[${address}]/`)) return undefined
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const first = groups(head)
  const last = tail === undefined ? [] : groups(tail)
  const zeros = Array<number>(8 - first.length - last.length).fill(0)
  return [...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff])
}

const outOfTime = ({ notBefore, notAfter }: Certificate, now: Instant): string | undefined =>
  now < notBefore || now > notAfter ? 'the certificate is not valid now' : undefined
