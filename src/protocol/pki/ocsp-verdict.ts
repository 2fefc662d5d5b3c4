import type { Instant } from '../../kernel/instant.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { SKEW } from './crl-verdict.ts'
import { sameBytes } from './der.ts'
import { sameName } from './distinguished-name.ts'
import { type CertificateId, type CertificateStatus, type OcspAnswer, sameCertificate, sha1 } from './ocsp.ts'
import { verifySigned } from './signature.ts'

export type AnswerRejection =
  | 'other-nonce'
  | 'other-certificate'
  | 'foreign-responder'
  | 'broken-signature'
  | 'unsupported-algorithm'
  | 'not-yet-valid'
  | 'out-of-date'

/** An answer that holds, until when. */
export interface OcspVerdict {
  readonly status: CertificateStatus
  /** Seconds since 1970; `now` when the responder promises nothing: then it is good for this once. */
  readonly until: Instant
  /** The responder that the issuer delegated to, unless it says that nobody need ask about it (§4.2.2.2.1). */
  readonly delegate: Certificate | undefined
}

export interface Asked {
  readonly id: CertificateId
  readonly issuer: Certificate
  readonly nonce: Uint8Array
  readonly now: Instant
}

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
const NO_CHECK = '1.3.6.1.5.5.7.48.1.5'
/** Seconds after which an answer is too old to be believed, whatever it promises (§3.2, 5: "sufficiently recent"). */
const OLDEST = 7 * 24 * 3600
/** The same for an answer that promises nothing. */
const OLDEST_UNPROMISED = 3600
/** Responders send one certificate, some their chain. */
const MOST_CERTIFICATES = 4

/** Whether an answer is to be believed: the six points of RFC 6960 §3.2, and the nonce (§4.4.1). Never throws. */
export async function judgeOcspAnswer(
  answer: OcspAnswer,
  { id, issuer, nonce, now }: Asked,
): Promise<OcspVerdict | { readonly rejected: AnswerRejection }> {
  // §4.4.1: an answer without one was made beforehand, and its times decide; another one is another question's answer.
  if (answer.nonce !== undefined && !sameBytes(answer.nonce, nonce)) return { rejected: 'other-nonce' }
  // §3.2, 1: the certificate is the one that was asked about.
  const [single, another] = answer.answers.filter((each) => each.id && sameCertificate(each.id, id))
  if (single === undefined || another !== undefined) return { rejected: 'other-certificate' }
  // §3.2, 2 to 4: the signature is good, by whom it says, and they may.
  const signer = await signerOf(answer, issuer, now)
  if (signer === undefined) return { rejected: 'foreign-responder' }
  const finding = await verifySigned(answer.signed, signer.publicKey)
  if (finding !== 'good')
    return { rejected: finding === 'broken' ? 'broken-signature' : 'unsupported-algorithm' }
  // §3.2, 5 and 6.
  const { thisUpdate, nextUpdate, status } = single
  if (thisUpdate > now + SKEW) return { rejected: 'not-yet-valid' }
  const oldest = nextUpdate === undefined ? OLDEST_UNPROMISED : OLDEST
  if (thisUpdate < now - oldest || (nextUpdate !== undefined && nextUpdate <= now))
    return { rejected: 'out-of-date' }
  const delegate = signer === issuer || signer.extensions.has(NO_CHECK) ? undefined : signer
  return { status, until: nextUpdate ?? now, delegate }
}

/** Who signed, if they may: the issuer itself, or whom it delegated to (RFC 6960 §4.2.2.2). */
async function signerOf(
  { responder, certificates }: OcspAnswer,
  issuer: Certificate,
  now: Instant,
): Promise<Certificate | undefined> {
  const isResponder = async (certificate: Certificate): Promise<boolean> =>
    'name' in responder
      ? sameName(responder.name, certificate.subject)
      : sameBytes(responder.keyHash, await sha1(certificate.publicKey.bits))
  for (const der of certificates.slice(0, MOST_CERTIFICATES)) {
    const delegate = readCertificate(der)
    if (delegate !== undefined && (await isResponder(delegate)) && (await isDelegate(delegate, issuer, now)))
      return delegate
  }
  return (await isResponder(issuer)) ? issuer : undefined
}

/**
 * RFC 6960 §4.2.2.2: the certificate "MUST include an extended key usage of id-kp-OCSPSigning" and be "issued directly
 * by the CA".
 */
async function isDelegate(delegate: Certificate, issuer: Certificate, now: Instant): Promise<boolean> {
  const { extendedKeyUsage, keyUsage, extensions } = delegate
  return (
    extendedKeyUsage?.includes(OCSP_SIGNING) === true &&
    (keyUsage === undefined || keyUsage.has('digitalSignature')) &&
    ![...extensions].some(([oid, { critical }]) => critical && !KNOWN.includes(oid)) &&
    delegate.notBefore <= now &&
    now <= delegate.notAfter &&
    sameName(delegate.issuer, issuer.subject) &&
    (await verifySigned(delegate.signed, issuer.publicKey)) === 'good'
  )
}

/** Basic constraints, key usage, extended key usage, policies, alternative names: what may be critical in a responder's. */
const KNOWN: readonly string[] = ['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.32', '2.5.29.17', NO_CHECK]
