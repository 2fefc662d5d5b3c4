import * as z from 'zod'

/** How long things live, in seconds. */
export interface Lifetimes {
  readonly accessToken: number
  readonly refreshToken: number
  /** A token of an API, after an exchange (RFC 8693). */
  readonly apiToken: number
  /** Single sign-on session: absolute, and without activity. */
  readonly session: number
  readonly sessionIdle: number
  readonly code: number
  /** A request pushed before its browser comes (RFC 9126 §2.2). */
  readonly pushedRequest: number
  /** One login interaction of the mire. */
  readonly login: number
  /** A request waiting on the phone. */
  readonly approval: number
  /** A request that a service sends to the phone itself, when it asks for no other (CIBA Core §7.3 `expires_in`). */
  readonly ciba: number
  /** A request of a screen without a browser (RFC 8628 §3.2 `expires_in`). */
  readonly deviceRequest: number
  /** A QR or typed code shown by the mire. */
  readonly pairing: number
  /** An activated e-CPS. */
  readonly device: number
}

/** Default and ceiling: a deployment may shorten, and lengthen only so far. */
const within = (usual: number, ceiling: number) => z.coerce.number().int().min(1).max(ceiling).default(usual)

const Variables = z.object({
  LIFETIME_ACCESS_TOKEN: within(120, 600),
  LIFETIME_REFRESH_TOKEN: within(1_800, 14_400),
  LIFETIME_API_TOKEN: within(3_600, 14_400),
  LIFETIME_SESSION: within(14_400, 14_400),
  LIFETIME_SESSION_IDLE: within(1_800, 1_800),
  LIFETIME_CODE: within(60, 60),
  // FAPI 2.0 Security Profile §5.3.2.2: less than 600 seconds.
  LIFETIME_PUSHED_REQUEST: within(60, 599),
  LIFETIME_LOGIN: within(600, 600),
  LIFETIME_APPROVAL: within(90, 120),
  LIFETIME_CIBA: within(120, 300),
  LIFETIME_DEVICE_REQUEST: within(600, 1_800),
  LIFETIME_PAIRING: within(90, 120),
  LIFETIME_DEVICE: within(94_608_000, 94_608_000),
})

/** Lifetimes from a deployment's variables (`LIFETIME_…`, seconds). @throws a `ZodError` naming the one at fault. */
export function lifetimesOf(variables: unknown): Lifetimes {
  const v = Variables.parse(variables)
  return {
    accessToken: v.LIFETIME_ACCESS_TOKEN,
    refreshToken: v.LIFETIME_REFRESH_TOKEN,
    apiToken: v.LIFETIME_API_TOKEN,
    session: v.LIFETIME_SESSION,
    sessionIdle: v.LIFETIME_SESSION_IDLE,
    code: v.LIFETIME_CODE,
    pushedRequest: v.LIFETIME_PUSHED_REQUEST,
    login: v.LIFETIME_LOGIN,
    approval: v.LIFETIME_APPROVAL,
    ciba: v.LIFETIME_CIBA,
    deviceRequest: v.LIFETIME_DEVICE_REQUEST,
    pairing: v.LIFETIME_PAIRING,
    device: v.LIFETIME_DEVICE,
  }
}
