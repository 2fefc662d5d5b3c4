import type { AddressedHandle } from '../../kernel/handle.ts'

/** Grant type of a screen without a browser, whose sign-in happens on another (RFC 8628 §3.4). */
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** What a device is told: what to poll with, and what to show (RFC 8628 §3.2). Seconds. */
export interface DeviceAuthorization {
  readonly deviceCode: AddressedHandle
  /** As it is shown, with its dash. */
  readonly userCode: string
  readonly verificationUri: string
  readonly lifetime: number
  readonly interval: number
}

/** The successful answer of the device authorization endpoint (RFC 8628 §3.2, §3.3.1). */
export function deviceAuthorizationResponse(given: DeviceAuthorization) {
  const complete = new URL(given.verificationUri)
  complete.searchParams.set('user_code', given.userCode)
  return {
    device_code: given.deviceCode,
    user_code: given.userCode,
    verification_uri: given.verificationUri,
    verification_uri_complete: complete.href,
    expires_in: given.lifetime,
    interval: given.interval,
  }
}
