/** Seconds before its end at which a QR is replaced. The server makes a new one in the last 20 (src/mire/login.ts). */
const MARGIN = 17
/** A deployment may shorten the QR's life: the page still does not come back at once. */
const AT_LEAST = 2_000
/** A clock further off than any life of a QR, two minutes at most, tells nothing of what is left. */
const AT_MOST = 120_000

/** Milliseconds from `now` until a waiting page is shown again with a new QR; `expiresAt` is in seconds since 1970. */
export const renewIn = (expiresAt: number, now: number): number =>
  Math.max(AT_LEAST, Math.min(AT_MOST, (expiresAt - MARGIN) * 1000 - now))
