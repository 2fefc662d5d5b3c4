import type { ApprovalRequest } from './messages.ts'

/** The waiting requests, and when they were asked for: an older answer never removes a newer request. */
export interface Waiting {
  readonly requests: readonly ApprovalRequest[]
  readonly askedAt: number
  /** When the server last said that two requests cancelled each other; 0 if it never did. */
  readonly twiceAt: number
}
