import type { Instant } from '../../kernel/instant.ts'
import type { Certificate } from './certificate.ts'

/** An authority trusted as it is: a self-signed root, or an intermediate pinned as one (RFC 5280 §6.1.1 (d)). */
export interface TrustAnchor {
  readonly id: string
  readonly der: Uint8Array
}

export interface PathRules {
  readonly now: Instant
  /** Whose certificate it is to be. A person's never is a server's. */
  readonly purpose: 'person' | 'organisation'
  /** Policies of which the leaf must name one, dotted; left out, none is asked for. */
  readonly policies?: readonly string[] | undefined
  /** Certificates in the path, leaf and anchor included. */
  readonly longest: number
}

export type PathRejection =
  /** The leaf is no certificate that we read. */
  | 'unreadable'
  | 'too-long'
  /** No path to an anchor. */
  | 'unknown-authority'
  | 'broken-signature'
  | 'unsupported-algorithm'
  /** Of the leaf. */
  | 'not-yet-valid'
  | 'expired'
  /** An authority of the path is not valid now: nothing that the holder could mend. */
  | 'authority-out-of-time'
  /** An issuer that may not issue, or a leaf that is an authority. */
  | 'not-an-authority'
  | 'wrong-usage'
  | 'wrong-policy'
  | 'unknown-critical-extension'
  | 'name-constraint'

export interface PathInput {
  readonly leaf: Uint8Array
  /** As the holder sent them: in any order, and nothing about them is believed. */
  readonly presented: readonly Uint8Array[]
  readonly anchors: readonly TrustAnchor[]
  readonly intermediates: readonly Uint8Array[]
}

export interface ValidPath {
  /** Leaf first, up to and with the anchor. */
  readonly path: readonly Certificate[]
  readonly anchor: TrustAnchor
}

export interface RejectedPath {
  readonly rejected: PathRejection
  /** For the trail; nothing personal in it. */
  readonly detail: string
}

/** Whether this certificate leads to an anchor (RFC 5280 §6.1). Revocation is not looked at here. Never throws. */
export async function validatePath(_input: PathInput, _rules: PathRules): Promise<ValidPath | RejectedPath> {
  return { rejected: 'unknown-authority', detail: 'paths are not validated yet' }
}
