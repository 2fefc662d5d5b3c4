import { OCSPRequest } from 'pkijs'
import type { Instant } from '../../kernel/instant.ts'
import {
  bits,
  bytesOfHex,
  type Der,
  element,
  enumerated,
  explicit,
  generalizedTime,
  hexOf,
  octets,
  oid,
  sequence,
} from './der-writer.ts'
import {
  algorithmOf,
  extensionsDer,
  keyBits,
  type Name,
  nameDer,
  type SigningKey,
  signatureOf,
} from './issue.ts'
import { REASONS, type Revoked } from './revocation-list.ts'

const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}
const NONCE = '1.3.6.1.5.5.7.48.1.2'
const BASIC = '1.3.6.1.5.5.7.48.1.1'

/** One certificate that somebody asks about (RFC 6960 §4.1.1, `CertID`). */
export interface Asked {
  /** As it was asked, to be repeated in the answer. */
  readonly certId: Der
  readonly hash: string | undefined
  readonly issuerNameHash: string
  readonly issuerKeyHash: string
  /** Hexadecimal, without leading zeros. */
  readonly serial: string
}
export interface Question {
  readonly asked: readonly Asked[]
  /** Contents of the nonce's extension, as they came. */
  readonly nonce: Der | undefined
}

/** A request, `undefined` when it is none. Its signature, if it has one, is not looked at: anybody may ask. */
export function readQuestion(der: Uint8Array): Question | undefined {
  try {
    const { requestList, requestExtensions } = OCSPRequest.fromBER(new Uint8Array(der)).tbsRequest
    const nonce = requestExtensions?.find(({ extnID }) => extnID === NONCE)?.extnValue
    return {
      asked: requestList.map(({ reqCert }) => ({
        certId: new Uint8Array(reqCert.toSchema().toBER()),
        hash: HASHES[reqCert.hashAlgorithm.algorithmId],
        issuerNameHash: hexOf(reqCert.issuerNameHash.valueBlock.valueHexView),
        issuerKeyHash: hexOf(reqCert.issuerKeyHash.valueBlock.valueHexView),
        serial: hexOf(reqCert.serialNumber.valueBlock.valueHexView).replace(/^(?:00)+(?=.)/, ''),
      })),
      nonce: nonce === undefined ? undefined : new Uint8Array(nonce.valueBlock.valueHexView),
    }
  } catch {
    return undefined
  }
}

/** Whether it is this authority's certificate that is asked about. */
export async function isOf(asked: Asked, issuer: { name: Name; publicKey: Uint8Array }): Promise<boolean> {
  const { hash } = asked
  if (hash === undefined) return false
  const digest = async (bytes: Der) => hexOf(new Uint8Array(await crypto.subtle.digest(hash, bytes)))
  return (
    asked.issuerNameHash === (await digest(nameDer(issuer.name))) &&
    asked.issuerKeyHash === (await digest(keyBits(issuer.publicKey)))
  )
}

export type Status = 'good' | 'unknown' | Pick<Revoked, 'at' | 'reason'>

export interface Answer {
  readonly statuses: readonly { readonly certId: Der; readonly status: Status }[]
  readonly thisUpdate: Instant
  readonly nextUpdate: Instant
  readonly nonce: Der | undefined
  /** SHA-1 of the responder's key, hexadecimal: `byKey` (RFC 6960 §4.2.2.3). */
  readonly responderKeyId: string
  readonly responder: Der
}

/** A signed answer (RFC 6960 §4.2.1). */
export async function issueAnswer(answer: Answer, key: SigningKey): Promise<Der> {
  const { statuses, thisUpdate, nextUpdate, nonce, responderKeyId, responder } = answer
  const data = sequence(
    explicit(2, octets(bytesOfHex(responderKeyId))),
    generalizedTime(thisUpdate),
    sequence(
      ...statuses.map(({ certId, status }) =>
        sequence(
          certId,
          statusDer(status),
          generalizedTime(thisUpdate),
          explicit(0, generalizedTime(nextUpdate)),
        ),
      ),
    ),
    ...(nonce === undefined
      ? []
      : [explicit(1, extensionsDer([{ oid: NONCE, critical: false, value: nonce }]))]),
  )
  const basic = sequence(
    data,
    algorithmOf(key),
    bits(await signatureOf(data, key)),
    explicit(0, sequence(responder)),
  )
  return sequence(enumerated(0), explicit(0, sequence(oid(BASIC), octets(basic))))
}

function statusDer(status: Status): Der {
  if (status === 'good') return element(0x80)
  if (status === 'unknown') return element(0x82)
  return explicit(
    1,
    generalizedTime(status.at),
    ...(status.reason === 'unspecified' ? [] : [explicit(0, enumerated(REASONS[status.reason]))]),
  )
}

/** Answers that are not signed (RFC 6960 §2.3). */
export const MALFORMED: Der = sequence(enumerated(1))
export const UNAUTHORIZED: Der = sequence(enumerated(6))
