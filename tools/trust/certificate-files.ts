import { readFileSync, statSync } from 'node:fs'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'

const BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END/g

/** The certificates of files, one file after the other. */
export function certificatesIn(
  paths: readonly string[],
): readonly Uint8Array[] | { readonly refused: string } {
  const all: Uint8Array[] = []
  for (const path of paths) {
    const found = certificatesOf(path)
    if ('refused' in found) return found
    all.push(...found)
  }
  return all
}

/** Of a file: one in DER, or those of its PEM blocks. Others of its blocks are passed over. */
function certificatesOf(path: string): readonly Uint8Array[] | { readonly refused: string } {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return { refused: `${path}: no such file` }
  const bytes = new Uint8Array(readFileSync(path))
  if (readCertificate(bytes) !== undefined) return [bytes]
  const blocks = [...new TextDecoder().decode(bytes).matchAll(BLOCK)]
  const found = blocks.map(([, base64 = '']) => new Uint8Array(Buffer.from(base64, 'base64')))
  return found.length > 0 ? found : { refused: `${path}: no certificate in it, neither DER nor PEM` }
}
