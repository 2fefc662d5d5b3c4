import { sha1 } from '../../src/protocol/pki/ocsp.ts'
import {
  bits,
  type Der,
  element,
  enumerated,
  explicit,
  generalizedTime,
  integer,
  NULL,
  octets,
  oid,
  sequence,
} from '../../src/sandbox/authority/der-writer.ts'
import {
  algorithmOf,
  extensionsDer,
  type IssuedExtension,
  keyBits,
  nameDer,
  signatureOf,
} from '../../src/sandbox/authority/issue.ts'
import { HOUR, type Issuer, NOW } from './issuers.ts'

export interface AnswerParts {
  /** Whose certificate; `issuer` when not said. */
  readonly issuer?: Issuer
  readonly serial?: string
  readonly status?: 'good' | 'revoked' | 'unknown' | 'odd'
  readonly thisUpdate?: number
  readonly nextUpdate?: number | 'none'
  readonly nonce?: Uint8Array | undefined
  /** Who signs, and says that they answer; the issuer when not said. */
  readonly signer?: Pick<Issuer, 'name' | 'keys' | 'keyId'>
  readonly by?: 'key' | 'name'
  readonly certificates?: readonly Uint8Array[]
  readonly twice?: boolean
  readonly singleExtensions?: readonly IssuedExtension[]
  readonly extensions?: readonly IssuedExtension[]
  readonly hash?: string
}

export const NONCE_EXTENSION = '1.3.6.1.5.5.7.48.1.2'
const SHA_1 = '1.3.14.3.2.26'

/** A basic response with everything that a good one has, but for what is said (RFC 6960 §4.2.1). */
export async function answerDer(issuer: Issuer, parts: AnswerParts = {}): Promise<Der> {
  const { serial = '0b', status = 'good', thisUpdate = NOW - 60, nextUpdate = NOW + HOUR, nonce } = parts
  const { signer = issuer, certificates = [], by = 'key', hash = SHA_1 } = parts
  const about = parts.issuer ?? issuer
  const certId = sequence(
    sequence(oid(hash), NULL),
    octets(new Uint8Array(await sha1(nameDer(about.name)))),
    octets(new Uint8Array(await sha1(keyBits(about.keys.publicKey)))),
    integer(serial),
  )
  const said =
    status === 'good'
      ? element(0x80)
      : status === 'revoked'
        ? explicit(1, generalizedTime(NOW - HOUR))
        : element(status === 'unknown' ? 0x82 : 0x83)
  const single = sequence(
    certId,
    said,
    generalizedTime(thisUpdate),
    ...(nextUpdate === 'none' ? [] : [explicit(0, generalizedTime(nextUpdate))]),
    ...(parts.singleExtensions === undefined ? [] : [explicit(1, extensionsDer(parts.singleExtensions))]),
  )
  const extensions = [
    ...(nonce === undefined ? [] : [{ oid: NONCE_EXTENSION, critical: false, value: octets(nonce) }]),
    ...(parts.extensions ?? []),
  ]
  const data = sequence(
    by === 'key'
      ? explicit(2, octets(new Uint8Array(await sha1(keyBits(signer.keys.publicKey)))))
      : explicit(1, nameDer(signer.name)),
    generalizedTime(thisUpdate),
    sequence(single, ...(parts.twice ? [single] : [])),
    ...(extensions.length === 0 ? [] : [explicit(1, extensionsDer(extensions))]),
  )
  const key = signer.keys.privateKey
  return wrapped(
    sequence(
      data,
      algorithmOf(key),
      bits(await signatureOf(data, key)),
      ...(certificates.length === 0 ? [] : [explicit(0, sequence(...certificates))]),
    ),
  )
}

const wrapped = (basic: Der): Der =>
  sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))))
