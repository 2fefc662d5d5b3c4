import type { Entropy } from '../../kernel/handle.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Der } from './der-writer.ts'
import type { AuthorityId } from './hierarchy.ts'
import type { PersonsCard, Structure } from './profiles.ts'
import type { Reason } from './revocation-list.ts'

/** What the test authority is asked to sign. The key's private half stays with whoever asks. */
export interface Order {
  readonly authority: AuthorityId
  /** `SubjectPublicKeyInfo`. */
  readonly publicKey: Der
  readonly notBefore: Instant
  readonly notAfter: Instant
  readonly of: Holder
  /** Revoked as soon as it is signed. */
  readonly revoked: boolean
}

export type Holder =
  | { readonly kind: 'person'; readonly card: PersonsCard }
  | { readonly kind: 'organisation'; readonly structure: Structure; readonly software: string }

export interface Signed {
  readonly serial: string
  readonly certificate: Der
  /** Who signed it, without the root. */
  readonly issuer: Der
}

/** A certificate that was handed out. */
export interface HandedOut {
  readonly serial: string
  readonly authority: AuthorityId
  /** Whose it is, for people to read. */
  readonly label: string
  readonly issuedAt: Instant
  readonly notAfter: Instant
  readonly revokedAt: Instant | undefined
}

/** The test authority of this sandbox, all its ranges. Its keys are made at the first call, which takes a second. */
export interface TestAuthority {
  /** Certificates of the authorities themselves. */
  certificates(): Promise<Readonly<Record<AuthorityId, Der>>>
  sign(order: Order): Promise<Signed>
  /** The current list of what this authority revoked. */
  list(authority: AuthorityId): Promise<Der>
  /** The answer to an OCSP request, malformed ones included. */
  answer(question: Uint8Array): Promise<Der>
  /** From the next list and answer on. */
  revoke(
    serial: string,
    reason: Reason,
  ): Promise<{ readonly revokedAt: Instant } | { readonly refused: 'unknown' }>
  /** The latest 200, newest first. */
  handedOut(): Promise<readonly HandedOut[]>
}

/** What whoever makes keys and files needs. */
export interface Maker {
  readonly clock: () => Instant
  readonly entropy: Entropy
}

export const labelOf = (holder: Holder): string =>
  holder.kind === 'organisation'
    ? `${holder.software}, ${holder.structure.name}`
    : [holder.card.type, holder.card.givenName, holder.card.surname ?? holder.card.commonName]
        .filter((part) => part !== undefined)
        .join(' ')
