import type { ApprovalRequest } from './messages.ts'

/** The server counts whole seconds, and its answer took a while to come. */
const UNSURE = 2_000

/** When a request ends, in this phone's milliseconds: the server's clock at its answer, this phone's own since. */
export const endOf = ({ expiresAt, now }: Pick<ApprovalRequest, 'expiresAt' | 'now'>, here: number): number =>
  here + (expiresAt - now) * 1000

/** What tells why a request that was shown is on the server's list no longer, though this phone did not answer it. */
interface Vanished {
  /** 0 if it was never shown. */
  readonly end: number
  readonly openedAt: number
  /** When two requests last cancelled each other. */
  readonly twiceAt: number
}

export function whyNoLonger(
  { end, openedAt, twiceAt }: Vanished,
  here: number,
): 'two-at-once' | 'request-expired' | 'request-gone' {
  if (twiceAt >= openedAt) return 'two-at-once'
  return end > 0 && here >= end - UNSURE ? 'request-expired' : 'request-gone'
}
