import type { Instant } from '../../kernel/instant.ts'
import { type Der, enumerated, explicit, integer, joined, sequence, time } from './der-writer.ts'
import { authorityKeyId } from './extensions.ts'
import { algorithmOf, extensionsDer, type Name, nameDer, type SigningKey, signed } from './issue.ts'

/** Why a certificate is revoked, by its number (RFC 5280 §5.3.1). */
export const REASONS = { unspecified: 0, keyCompromise: 1, affiliationChanged: 3, superseded: 4 } as const
export type Reason = keyof typeof REASONS

export interface Revoked {
  /** Hexadecimal. */
  readonly serial: string
  readonly at: Instant
  readonly reason: Reason
}

export interface RevocationList {
  readonly issuer: Name
  readonly issuerKeyId: string
  /** Grows with each list (RFC 5280 §5.2.3). */
  readonly number: number
  readonly thisUpdate: Instant
  readonly nextUpdate: Instant
  readonly revoked: readonly Revoked[]
}

/** A whole list (RFC 5280 §5.1), version 2, signed by whom it speaks for. */
export const issueRevocationList = (list: RevocationList, key: SigningKey): Promise<Der> =>
  signed(
    sequence(
      integer(1),
      algorithmOf(key),
      nameDer(list.issuer),
      time(list.thisUpdate),
      time(list.nextUpdate),
      // RFC 5280 §5.1.2.6: "When there are no revoked certificates, the revoked certificates list MUST be absent."
      ...(list.revoked.length === 0 ? [] : [sequence(joined(list.revoked.map(entry)))]),
      explicit(
        0,
        extensionsDer([
          authorityKeyId(list.issuerKeyId),
          { oid: '2.5.29.20', critical: false, value: integer(list.number) },
        ]),
      ),
    ),
    key,
  )

const entry = ({ serial, at, reason }: Revoked): Der =>
  sequence(
    integer(serial),
    time(at),
    // RFC 5280 §5.3.1: unspecified is said by saying nothing.
    ...(reason === 'unspecified'
      ? []
      : [extensionsDer([{ oid: '2.5.29.21', critical: false, value: enumerated(REASONS[reason]) }])]),
  )
