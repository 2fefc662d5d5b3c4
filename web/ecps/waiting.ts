import type { ApprovalRequest } from './messages.ts'

/** The waiting requests, and when they were asked for: an older answer never removes a newer request. */
export interface Waiting {
  readonly requests: readonly ApprovalRequest[]
  readonly askedAt: number
}
