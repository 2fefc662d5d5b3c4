import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { sha256 } from '../../src/kernel/digest.ts'

/** What a DPoP proof is made for; `undefined` leaves a claim out. */
export interface ProofOf {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly accessToken?: string | undefined
  readonly nonce?: string | undefined
  /** Claims that replace those made from the above. */
  readonly claims?: Record<string, unknown>
  /** Members that replace those of the header. */
  readonly header?: Record<string, unknown>
}

/** A client's key, and the proofs that it signs (RFC 9449 §4.2). */
export class ProofKey {
  readonly #privateKey: CryptoKey
  readonly #alg: string
  readonly publicJwk: JWK
  /** RFC 7638 thumbprint. */
  readonly thumbprint: string

  private constructor(privateKey: CryptoKey, alg: string, publicJwk: JWK, thumbprint: string) {
    this.#privateKey = privateKey
    this.#alg = alg
    this.publicJwk = publicJwk
    this.thumbprint = thumbprint
  }

  static async make(alg = 'ES256'): Promise<ProofKey> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    const jwk = await exportJWK(publicKey)
    return new ProofKey(privateKey, alg, jwk, await calculateJwkThumbprint(jwk))
  }

  async prove({ method = 'POST', url, accessToken, nonce, claims, header }: ProofOf): Promise<string> {
    const made = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: url,
      iat: Math.floor(Date.now() / 1000),
      ath: accessToken === undefined ? undefined : base64url.encode(await sha256(accessToken)),
      nonce,
      ...claims,
    }
    return new SignJWT(made)
      .setProtectedHeader({ alg: this.#alg, typ: 'dpop+jwt', jwk: this.publicJwk, ...header })
      .sign(this.#privateKey)
  }
}
