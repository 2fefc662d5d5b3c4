/** What somebody signed: a certificate, a list of revocations, an OCSP answer (RFC 5280 §4.1.1). */
export interface Signed {
  /** The DER that the signature is over. */
  readonly bytes: Uint8Array
  /** The `AlgorithmIdentifier` as it is encoded. */
  readonly algorithm: Uint8Array
  readonly signature: Uint8Array
}

/** A `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7). */
export interface PublicKey {
  readonly der: Uint8Array
  /** The contents of `subjectPublicKey`, without its octet of unused bits: what OCSP hashes (RFC 6960 §4.1.1). */
  readonly bits: Uint8Array
}

export type SignatureFinding = 'good' | 'broken' | 'unsupported'

/** Whether this key made this signature. `unsupported` when the algorithm or the key is not in our table. Never throws. */
export async function verifySigned(_signed: Signed, _by: PublicKey): Promise<SignatureFinding> {
  return 'unsupported'
}
