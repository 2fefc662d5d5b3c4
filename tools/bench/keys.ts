import { verifyRegistrationResponse, type WebAuthnCredential } from '@simplewebauthn/server'
import { base64url, exportJWK, generateKeyPair, type JWK } from 'jose'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { createCredential, type SoftwareCredential } from '../../src/sandbox/authenticator.ts'

/** A passkey: the half that the professional holds and the half that the provider keeps. */
export interface Pair {
  readonly held: SoftwareCredential
  readonly kept: WebAuthnCredential
}

/** Made and verified as at a registration, so that what is kept is what a registration keeps. */
export async function makePasskey(issuer: string): Promise<Pair> {
  const rpId = new URL(issuer).hostname
  const challenge = base64url.encode(systemEntropy(32))
  const { credential, response } = await createCredential(
    {
      rp: { id: rpId },
      user: { id: base64url.encode(systemEntropy(32)) },
      challenge,
      pubKeyCredParams: [{ alg: -7 }],
    },
    issuer,
    systemEntropy,
  )
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: issuer,
    expectedRPID: rpId,
  })
  if (!verified.verified) throw new Error('a passkey made here was refused')
  return { held: credential, kept: verified.registrationInfo.credential }
}

/** The key by which a service proves itself: the half that it keeps and the half that it registers. */
export async function serviceKeys(): Promise<{ readonly privateJwk: JWK; readonly publicJwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const named = { kid: 'service', alg: 'ES256', use: 'sig' }
  return {
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
  }
}
