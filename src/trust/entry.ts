import { sha256 } from '../kernel/digest.ts'
import { type Certificate, readCertificate } from '../protocol/pki/certificate.ts'
import { hexOf } from '../protocol/pki/der.ts'
import { sameName } from '../protocol/pki/distinguished-name.ts'
import type { Authority, NewAuthority } from './authority.ts'

/** What the registry works out by itself of a certificate that somebody enters. */
export type Entry = Pick<Authority, 'id' | 'name' | 'issuerKey'>

const COMMON_NAME = '2.5.4.3'

/** SHA-256 of an authority's public key, hexadecimal: what its lists are kept under. */
export const issuerKeyOf = async ({ publicKey }: Certificate): Promise<string> =>
  hexOf(await sha256(publicKey.der))

/** Whether this may stand in the registry, and under which name. A mistake here would be found by nobody at sign-in. */
export async function entryOf(authority: NewAuthority): Promise<Entry | { readonly refused: string }> {
  const certificate = readCertificate(authority.der)
  if (certificate === undefined) return { refused: 'it is not a certificate that we read' }
  // RFC 5280 §4.2.1.9, §4.2.1.3: who issues says so.
  if (!certificate.isAuthority)
    return { refused: 'it is not an authority’s certificate: no CA in its constraints' }
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.has('keyCertSign'))
    return { refused: 'its key is not for signing certificates' }
  const { role, range, environment, crlUrls, ocspUrl, policies } = authority
  // PSC §6: IGC-Santé's test authorities say so in their names, and hand out cards to whoever asks.
  const texts = certificate.subjectParts.flat().map(({ text }) => text ?? '')
  if (environment === 'production' && texts.some((text) => /\bTEST\b/i.test(text)))
    return { refused: 'its name says that it is a test authority' }
  if (role === 'intermediate' && sameName(certificate.subject, certificate.issuer))
    return { refused: 'it is its own issuer: an anchor, or nothing' }
  if (!/^[A-Z0-9][A-Z0-9 -]{0,30}$/.test(range))
    return { refused: 'a range is a word in capitals, like STANDARD' }
  const wrong = [...crlUrls, ...(ocspUrl === undefined ? [] : [ocspUrl])].find((url) => !isWeb(url))
  if (wrong !== undefined) return { refused: `${wrong}: not an http or https address` }
  if (!policies.every((policy) => /^[0-2](?:\.(?:0|[1-9]\d{0,14})){1,20}$/.test(policy)))
    return { refused: 'a policy is an identifier in dotted form' }
  const name = certificate.subjectParts.flat().find(({ type }) => type === COMMON_NAME)?.text
  const id = hexOf(await sha256(authority.der))
  return { id, name: name ?? id.slice(0, 16), issuerKey: await issuerKeyOf(certificate) }
}

/** Lists and answers are signed, so http will do, and most are published on nothing else. */
function isWeb(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === ''
}
