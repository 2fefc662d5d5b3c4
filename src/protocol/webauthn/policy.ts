/** What we demand of every ceremony. One policy for the mire, the e-CPS and its activation: same origin, same RP ID. */
export interface WebAuthnPolicy {
  /** RP ID (WebAuthn L3 §5.1.2): the issuer's host. */
  readonly rpId: string
  /** RP name, shown by some systems while a passkey is made. */
  readonly rpName: string
  /** The only origin accepted (§13.4.9): the issuer, exactly. */
  readonly origin: string
}

/** COSE algorithms accepted, in order of preference: ES256 (every phone), EdDSA, RS256 (Windows). RFC 9053 §2, RFC 8812 §2. */
export const ALGORITHMS: readonly number[] = [-7, -8, -257]

/** How long the browser may keep its sheet open, in milliseconds. */
export const CEREMONY_TIMEOUT = 120_000

/**
 * Synced or bound to one authenticator: the BE flag (WebAuthn L3 §6.1.3). `multiDevice` passkeys can be copied to
 * another phone by their provider; `singleDevice` ones cannot leave the hardware they were made in.
 */
export type DeviceType = 'singleDevice' | 'multiDevice'
