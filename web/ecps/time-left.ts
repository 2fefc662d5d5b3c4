import type { ApprovalRequest } from './messages.ts'

/** The server counts whole seconds, and its answer took a while to come. */
const UNSURE = 2_000

/** When a request ends, in this phone's milliseconds: the server's clock at its answer, this phone's own since. */
export const endOf = ({ expiresAt, now }: Pick<ApprovalRequest, 'expiresAt' | 'now'>, here: number): number =>
  here + (expiresAt - now) * 1000

/** Why a request that was shown is on the server's list no longer, though this phone did not answer it. */
export const whyNoLonger = (end: number, here: number): 'request-expired' | 'request-gone' =>
  end > 0 && here >= end - UNSURE ? 'request-expired' : 'request-gone'
