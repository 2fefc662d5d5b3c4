import type { Instant } from '../kernel/instant.ts'

/** Every kind of event that the trail keeps. Closed: a new kind is a decision. */
export const EVENT_KINDS = [
  'login.begun',
  'login.proved',
  'login.refused',
  'login.disclosed',
  'login.cancelled',
  'session.opened',
  'session.used',
  'session.ended',
  'logout.delivered',
  'logout.failed',
  'authorization.answered',
  'authorization.refused',
  'token.issued',
  'token.refused',
  'token.reuse',
  'token.revoked',
  'introspection.refused',
  'userinfo.refused',
  'client.refused',
  'client.registered',
  'client.changed',
  'client.removed',
  'approval.asked',
  'approval.paired',
  'approval.approved',
  'approval.wrong-code',
  'approval.denied',
  'approval.refused',
  'card.asked',
  'card.presented',
  'card.refused',
  'card.disagrees',
  'card.blocked',
  'card.unblocked',
  'card.blocks-read',
  'authority.refused',
  'enrolment.begun',
  'enrolment.refused',
  'ecps.activated',
  'ecps.revoked',
  'ecps.user-code',
  'ecps.refused',
  'bond.made',
  'bond.ended',
  'message.sent',
  'message.failed',
  'directory.imported',
  'key.rotated',
  'trail.searched',
  'trail.exported',
  'trail.aged',
  'trust.changed',
  'trust.list-imported',
  'trust.list-failed',
  'trust.revocation-unknown',
  'structure.imported',
  'structure.bound',
  'structure.unbound',
  'structure.renewed',
  'structure.ending',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** One line of the trail. `detail` is the private reason: it never leaves towards the outside. */
export interface AuditEvent {
  readonly at: Instant
  readonly kind: EventKind
  readonly practitionerId?: string
  readonly clientId?: string
  readonly detail?: string
  /** Where the person was, coarsely, a town and a country: what the edge knew, never an address. */
  readonly place?: string
  /** By which means: the authentication mode's word. */
  readonly means?: string
}
