import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { base64url, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { sha256 } from '../kernel/digest.ts'
import type { Entropy } from '../kernel/handle.ts'

/** A passkey held in software: everything needed to sign with it again, as JSON. */
export interface SoftwareCredential {
  /** Credential id, base64url. */
  readonly id: string
  readonly rpId: string
  /** The `user.id` it was made for, base64url; handed back in each assertion (WebAuthn L3 §5.8.6). */
  readonly userHandle: string
  readonly privateJwk: JWK
  /** Signature counter (WebAuthn L3 §6.1.1). Stays 0 for a synced passkey, as phones do. */
  readonly counter: number
  readonly synced: boolean
}

/** The part of `PublicKeyCredentialCreationOptionsJSON` (WebAuthn L3 §5.1.9) that is read here. */
export interface CreationOptions {
  readonly rp: { readonly id?: string | undefined }
  readonly user: { readonly id: string }
  readonly challenge: string
  readonly pubKeyCredParams: readonly { readonly alg: number }[]
}

export interface Registered {
  readonly credential: SoftwareCredential
  readonly response: RegistrationResponseJSON
}

export interface Asserted {
  /** The credential with its counter moved on: keep this one. */
  readonly credential: SoftwareCredential
  readonly response: AuthenticationResponseJSON
}

const encoder = new TextEncoder()

/** Authenticator data flags (WebAuthn L3 §6.1). */
const FLAG = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
} as const

/**
 * Makes a passkey as `navigator.credentials.create()` does: ES256, attestation `none`, user present and verified.
 * `synced` is what a phone with a cloud keychain says of itself (backup eligible and backed up).
 * @throws when the options do not accept ES256 (COSE -7): there is nothing else this authenticator can make.
 */
export async function createCredential(
  options: CreationOptions,
  origin: string,
  entropy: Entropy,
  { synced = true }: { synced?: boolean } = {},
): Promise<Registered> {
  if (!options.pubKeyCredParams.some(({ alg }) => alg === -7))
    throw new Error('this authenticator signs ES256 only')
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const privateJwk = await exportJWK(privateKey)
  const id = entropy(32)
  const credential: SoftwareCredential = {
    id: base64url.encode(id),
    rpId: options.rp.id ?? new URL(origin).hostname,
    userHandle: options.user.id,
    privateJwk,
    counter: 0,
    synced,
  }
  const data = bytes(
    await authenticatorData(credential, FLAG.attested),
    new Uint8Array(16), // aaguid: all zeros, this software says nothing of itself (§6.5.1)
    Uint8Array.of(0, id.length),
    id,
    coseKey(privateJwk),
  )
  return {
    credential,
    response: {
      id: credential.id,
      rawId: credential.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url.encode(clientData('webauthn.create', options.challenge, origin)),
        attestationObject: base64url.encode(attestationNone(data)),
        transports: ['internal'],
      },
    },
  }
}

/**
 * Signs a challenge (base64url) as `navigator.credentials.get()` does. The RP ID signed is `options.rpId` when given,
 * so that a test can play an authenticator that was fooled.
 */
export async function getAssertion(
  credential: SoftwareCredential,
  options: { readonly challenge: string; readonly rpId?: string },
  origin: string,
): Promise<Asserted> {
  const used: SoftwareCredential = {
    ...credential,
    rpId: options.rpId ?? credential.rpId,
    counter: credential.synced ? 0 : credential.counter + 1,
  }
  const data = await authenticatorData(used, 0)
  const client = clientData('webauthn.get', options.challenge, origin)
  const key = await importJWK(credential.privateJwk, 'ES256')
  if (key instanceof Uint8Array) throw new Error('an EC private key was expected')
  // What is signed: authenticatorData ‖ SHA-256(clientDataJSON) (WebAuthn L3 §6.3.3).
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    key,
    bytes(data, await sha256(client)),
  )
  return {
    credential: { ...used, rpId: credential.rpId },
    response: {
      id: credential.id,
      rawId: credential.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url.encode(client),
        authenticatorData: base64url.encode(data),
        signature: base64url.encode(derSignature(new Uint8Array(signature))),
        userHandle: credential.userHandle,
      },
    },
  }
}

/** WebAuthn L3 §5.8.1. */
const clientData = (
  type: 'webauthn.create' | 'webauthn.get',
  challenge: string,
  origin: string,
): Uint8Array => encoder.encode(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

/** RP ID hash, flags and counter: the first 37 bytes (WebAuthn L3 §6.1). */
async function authenticatorData(
  credential: SoftwareCredential,
  extra: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const backup = credential.synced ? FLAG.backupEligible | FLAG.backedUp : 0
  const tail = new DataView(new ArrayBuffer(5))
  tail.setUint8(0, FLAG.userPresent | FLAG.userVerified | backup | extra)
  tail.setUint32(1, credential.counter)
  return bytes(await sha256(credential.rpId), new Uint8Array(tail.buffer))
}

/** COSE_Key of an EC2 P-256 public key for ES256 (RFC 9053 §7.1.1), in CTAP2's canonical order. */
const coseKey = (jwk: JWK): Uint8Array =>
  bytes(
    Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20),
    base64url.decode(jwk.x ?? ''),
    Uint8Array.of(0x22, 0x58, 0x20),
    base64url.decode(jwk.y ?? ''),
  )

/** `{"fmt": "none", "attStmt": {}, "authData": data}` in CBOR (WebAuthn L3 §6.5.4, §8.7). `data` is under 64 kB. */
const attestationNone = (data: Uint8Array): Uint8Array =>
  bytes(
    Uint8Array.of(0xa3, 0x63),
    encoder.encode('fmt'),
    Uint8Array.of(0x64),
    encoder.encode('none'),
    Uint8Array.of(0x67),
    encoder.encode('attStmt'),
    Uint8Array.of(0xa0, 0x68),
    encoder.encode('authData'),
    Uint8Array.of(0x59, data.length >> 8, data.length & 0xff),
    data,
  )

/** WebCrypto's r ‖ s as the DER SEQUENCE that WebAuthn wants (WebAuthn L3 §6.5.5, RFC 3279 §2.2.3). */
function derSignature(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2
  const body = bytes(derInteger(raw.subarray(0, half)), derInteger(raw.subarray(half)))
  return bytes(Uint8Array.of(0x30, body.length), body)
}

function derInteger(unsigned: Uint8Array): Uint8Array {
  let start = 0
  while (start < unsigned.length - 1 && unsigned[start] === 0) start++
  const digits = unsigned.subarray(start)
  const pad = (digits[0] ?? 0) >= 0x80 ? [0] : []
  return Uint8Array.of(0x02, pad.length + digits.length, ...pad, ...digits)
}

function bytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
