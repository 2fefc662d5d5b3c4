import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { HERE } from './here.ts'

/** What the edge hands on, at most, of one certificate and of those sent with it. */
const LARGEST_LEAF = 10 * 1024
const LARGEST_CHAIN = 16 * 1024

/** Cloudflare's `cf.tlsClientAuth` when no certificate was presented. */
const NONE = {
  certPresented: '0',
  certVerified: 'NONE',
  certRevoked: '0',
  certIssuerDN: '',
  certSubjectDN: '',
  certIssuerDNRFC2253: '',
  certSubjectDNRFC2253: '',
  certIssuerDNLegacy: '',
  certSubjectDNLegacy: '',
  certSerial: '',
  certIssuerSerial: '',
  certSKI: '',
  certIssuerSKI: '',
  certFingerprintSHA1: '',
  certFingerprintSHA256: '',
  certNotBefore: '',
  certNotAfter: '',
  certRFC9440: '',
  certRFC9440TooLarge: false,
  certChainRFC9440: '',
  certChainRFC9440TooLarge: false,
}

/**
 * `cf.tlsClientAuth` as Cloudflare fills it for this connection, down to its limits. Left empty are the names in
 * words: whatever needs a name reads it from the certificate. Two differences remain: the reason behind `FAILED:` is
 * Node's, and Node appends authorities that it trusts itself to the chain.
 */
export function tlsClientAuth(socket: TLSSocket): typeof NONE {
  const leaf = socket.getPeerCertificate(true)
  // An empty object stands for none, whatever the type says.
  if (!('raw' in leaf)) return NONE
  const der = sequence(leaf.raw)
  const chain = issuersOf(leaf).map(sequence).join(', ')
  return {
    ...NONE,
    certPresented: '1',
    certVerified: socket.authorized ? 'SUCCESS' : `FAILED:${socket.authorizationError}`,
    certSerial: leaf.serialNumber,
    certFingerprintSHA1: hex(leaf.fingerprint),
    certFingerprintSHA256: hex(leaf.fingerprint256),
    certNotBefore: leaf.valid_from,
    certNotAfter: leaf.valid_to,
    certRFC9440: der.length > LARGEST_LEAF ? '' : der,
    certRFC9440TooLarge: der.length > LARGEST_LEAF,
    certChainRFC9440: chain.length > LARGEST_CHAIN ? '' : chain,
    certChainRFC9440TooLarge: chain.length > LARGEST_CHAIN,
  }
}

/**
 * The header by which Miniflare is told `request.cf`. It replaces what Miniflare would say, hence the rest of it, and
 * is one line of ASCII: header values are Latin-1.
 */
export const cfBlob = (socket: TLSSocket, acceptEncoding: string): string =>
  JSON.stringify({
    ...HERE,
    tlsVersion: socket.getProtocol(),
    tlsCipher: socket.getCipher().name,
    clientAcceptEncoding: acceptEncoding,
    tlsClientAuth: tlsClientAuth(socket),
  }).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The certificates above, as far as the client sent them. A self-signed one is its own issuer. */
function issuersOf(leaf: DetailedPeerCertificate): Buffer[] {
  const seen = new Set([leaf.fingerprint256])
  const found: Buffer[] = []
  let next: DetailedPeerCertificate | undefined = leaf.issuerCertificate
  while (next?.raw !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256)
    found.push(next.raw)
    next = next.issuerCertificate
  }
  return found
}

/** RFC 9440 §2.1. */
const sequence = (der: Buffer): string => `:${der.toString('base64')}:`
const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase()
