import * as z from 'zod'

/**
 * Messages between the e-CPS web app and `/ecps/api/*`. Every call but those before the last of an activation carries
 * `Device-Proof: <jwt>`: ES256 by the device key, header `{typ:"device-proof+jwt", jwk}` (the public JWK: kty, crv, x,
 * y), claims `{jti, iat, htm, htu, bdh}`: 16 to 64 characters of base64url never used before, the time of the call,
 * the method, the absolute URL without query, and the base64url SHA-256 of the body's bytes (the empty string when
 * there is no body). Shaped after RFC 9449 §4.2, with the body bound too. Bodies are `application/json`, 32 kB at most.
 */
export const DEVICE_PROOF_TYPE = 'device-proof+jwt'

const text = z.string().max(2000)
const json = z.record(z.string(), z.unknown())

/** POST /ecps/api/activations → 201 ActivationBegun, always, whether or not the id is known. */
export const BeginActivation = z.strictObject({ nationalId: z.string().min(1).max(64) })
export const ActivationBegun = z.object({ activation: text, expiresIn: z.number() })

/** POST /ecps/api/activations/codes → 200 CodesAccepted. */
export const GiveCodes = z.strictObject({
  activation: text,
  emailCode: z.string().max(12),
  smsCode: z.string().max(12),
})
/** `registration` is PublicKeyCredentialCreationOptionsJSON (WebAuthn L3 §5.1.9). */
export const CodesAccepted = z.object({ registration: json })

/**
 * POST /ecps/api/activations/card → 201 CardTaken. `qr` is the text scanned, `code` the twelve characters typed, as the
 * computer shows them after a card was shown there. Good for the first phone.
 */
export const TakeCard = z.union([z.strictObject({ qr: text }), z.strictObject({ code: z.string().max(32) })])
/** As after the codes; `displayName` is whose e-CPS it becomes. */
export const CardTaken = z.object({
  activation: text,
  expiresIn: z.number(),
  registration: json,
  displayName: text,
})

/** POST /ecps/api/activations/device (with Device-Proof by the new key) → 201 Me. */
export const FinishActivation = z.strictObject({
  activation: text,
  attestation: json,
  deviceName: z.string().min(1).max(60),
})

export const Device = z.object({
  id: text,
  name: text,
  current: z.boolean(),
  passkeyKind: z.enum(['synced', 'bound']),
  activationMode: z.enum(['CONTACT', 'CARD', 'DEVICE']),
  createdAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number().nullable(),
})
/** GET /ecps/api/me */
export const Me = z.object({
  displayName: text,
  nationalId: text,
  credentialId: text,
  rpId: text,
  /** Whether a code is asked for before a service that supports it may ring. */
  userCode: z.boolean(),
  device: Device,
})

/** POST /ecps/api/user-code → 200 UserCode. `null` takes the code away (CIBA Core §7.1). */
export const SetUserCode = z.strictObject({
  code: z
    .string()
    .regex(/^[0-9]{4,8}$/)
    .nullable(),
})
export const UserCode = z.object({ userCode: z.boolean() })

/** One waiting request. `context` is the exact text to hash; it parses as the ApprovalContext of approval.ts. */
export const ApprovalRequest = z.object({
  id: text,
  nonce: text,
  context: text,
  /** Three values to pick from, or `confirm` alone when the context has a message to read. */
  values: z.array(z.string()).min(1).max(3),
  expiresAt: z.number(),
  now: z.number(),
})
/** GET /ecps/api/requests */
export const Requests = z.object({ requests: z.array(ApprovalRequest) })
/** POST /ecps/api/pairings → 200 ApprovalRequest. `qr` is the text scanned; `code` the eight characters typed. */
export const Pair = z.union([z.strictObject({ qr: text }), z.strictObject({ code: z.string().max(20) })])

/** POST /ecps/api/decisions → 200 Decided. `choice` is one of the values or "none". */
export const Decide = z.strictObject({ id: text, choice: z.string().max(8), assertion: json })
export const Decided = z.object({ outcome: z.enum(['approved', 'wrong-code', 'denied']) })

/** GET /ecps/api/devices */
export const Devices = z.object({ devices: z.array(Device) })
/** POST /ecps/api/devices/revoke → 200 Devices */
export const RevokeDevice = z.strictObject({ id: text })

/** GET /ecps/api/sign-ins, newest first: what was decided on this phone and which sessions were opened. */
export const SignIn = z.object({
  service: text,
  at: z.number(),
  place: z.object({ city: text, country: text, network: text }),
  means: z.enum(['CARD', 'MOBILE', 'PASSKEY']),
  outcome: z.enum(['signed-in', 'wrong-code', 'denied']),
  live: z.boolean(),
})
export const SignIns = z.object({ signIns: z.array(SignIn) })
/** POST /ecps/api/sign-out-everywhere → 200 */
export const SignedOut = z.object({ ended: z.number() })

/** POST /ecps/api/live → 200; then WebSocket /ecps/api/live with subprotocols ["serment.live", ticket]. */
export const LiveTicket = z.object({ ticket: text })
/**
 * Sent on the socket whenever the list of waiting requests changed: the app then GETs /requests. `two-at-once` comes
 * before it when two requests cancelled each other, so that the app can say why the one it showed is gone.
 */
export const LiveEvent = z.object({ type: z.enum(['requests-changed', 'sign-ins-changed', 'two-at-once']) })

/** Every refusal: `{ error }` with a 4xx. The app has words for each. */
export const REFUSALS = [
  'invalid-request',
  'invalid-proof',
  'unknown-device',
  'device-revoked',
  'device-expired',
  'suspended',
  'wrong-codes',
  'too-many-attempts',
  'activation-expired',
  'invalid-passkey',
  'code-unknown',
  'code-taken',
  'request-gone',
  'request-expired',
  'already-decided',
  'two-at-once',
  'try-later',
] as const
export const Refusal = z.object({ error: z.enum(REFUSALS), attemptsLeft: z.number().optional() })
