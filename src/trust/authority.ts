import type { Instant } from '../kernel/instant.ts'

/** Whose certificates an authority issues: people's (cards), or structures' (software). */
export const PURPOSES = ['person', 'organisation'] as const
export type Purpose = (typeof PURPOSES)[number]

/** Test authorities and real ones never meet: a deployment accepts those of its own environment. */
export const TRUST_ENVIRONMENTS = ['test', 'production'] as const
export type TrustEnvironment = (typeof TRUST_ENVIRONMENTS)[number]

/** An authority as somebody enters it in the registry. */
export interface NewAuthority {
  readonly der: Uint8Array
  /** An anchor is believed as it is; an intermediate only through an anchor (RFC 5280 §6.1.1 (d)). */
  readonly role: 'anchor' | 'intermediate'
  /** Whose certificates it issues itself; none for a root that only signs authorities. */
  readonly purposes: readonly Purpose[]
  /** ELEMENTAIRE, STANDARD, FORT… */
  readonly range: string
  readonly environment: TrustEnvironment
  /** Policies of which a certificate that it issued must name one, dotted; with none, none is asked for. */
  readonly policies: readonly string[]
  /** Places of the one whole list of what it has revoked, in the order in which they are tried. */
  readonly crlUrls: readonly string[]
  /** Who answers for its certificates (RFC 6960), if anybody does. */
  readonly ocspUrl: string | undefined
}

/** An authority of the registry. */
export interface Authority extends NewAuthority {
  /** SHA-256 of the DER, hexadecimal. */
  readonly id: string
  /** The subject's common name, for people to read. */
  readonly name: string
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: what its lists are kept under, renewals of it included. */
  readonly issuerKey: string
  readonly addedAt: Instant
  readonly retiredAt: Instant | undefined
}

/** The registry, for whoever keeps it. */
export interface Authorities {
  /** Enters an authority; one that is there already takes these values, and is not retired any more. */
  add(authority: NewAuthority): Promise<{ readonly added: Authority } | { readonly refused: string }>
  /** From now on nothing that leads to it is trusted, within a minute everywhere. `false` when there is none. */
  retire(id: string): Promise<boolean>
  /** All of them, retired ones too. */
  all(): Promise<readonly Authority[]>
}
