import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/browser'
import type { ComponentChildren } from 'preact'
import { type Guard, isNumber, isRecord } from '../shape.ts'
import { type DeviceKey, deviceProof } from './device-proof.ts'
import {
  isActivationBegun,
  isApprovalRequest,
  isCardTaken,
  isCodesAccepted,
  isDecided,
  isDevices,
  isLiveTicket,
  isMe,
  isRefusalCode,
  isRequests,
  isSignedOut,
  isSignIns,
  isUserCodeChanged,
  type Refused,
} from './messages.ts'

export type Answer<T> = { readonly value: T } | { readonly refused: Refused; readonly attemptsLeft?: number }

interface Call<T> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
  readonly guard: Guard<T>
  readonly key?: DeviceKey
}

/** Seconds to add to this phone's clock to be with the server's; learnt when a proof is refused. */
let skew = 0

async function once<T>({
  method,
  path,
  body,
  guard,
  key,
}: Call<T>): Promise<{ answer: Answer<T>; date: string | null }> {
  const url = `${location.origin}/ecps/api/${path}`
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = new Headers(text === '' ? {} : { 'content-type': 'application/json' })
  if (key !== undefined) {
    headers.set(
      'device-proof',
      await deviceProof(key, { method, url, body: text, now: Date.now() / 1000 + skew }),
    )
  }
  try {
    const response = await fetch(url, {
      method,
      headers,
      cache: 'no-store',
      ...(text === '' ? {} : { body: text }),
    })
    const said: unknown = await response.json().catch(() => undefined)
    const date = response.headers.get('date')
    if (response.ok && guard(said)) return { answer: { value: said }, date }
    if (isRecord(said) && isRefusalCode(said.error)) {
      const left = said.attemptsLeft
      return { answer: { refused: said.error, ...(isNumber(left) ? { attemptsLeft: left } : {}) }, date }
    }
    return { answer: { refused: 'not-understood' }, date }
  } catch {
    return { answer: { refused: 'offline' }, date: null }
  }
}

/** One call; a second one with a corrected clock if the proof was refused and the clocks differ. */
async function call<T>(what: Call<T>): Promise<Answer<T>> {
  const first = await once(what)
  if (!('refused' in first.answer) || first.answer.refused !== 'invalid-proof' || first.date === null)
    return first.answer
  const measured = Math.round((Date.parse(first.date) - Date.now()) / 1000)
  if (Number.isNaN(measured) || Math.abs(measured - skew) < 5) return first.answer
  skew = measured
  return (await once(what)).answer
}

export const beginActivation = (nationalId: string) =>
  call({ method: 'POST', path: 'activations', body: { nationalId }, guard: isActivationBegun })

export const giveCodes = (activation: string, emailCode: string, smsCode: string) =>
  call({
    method: 'POST',
    path: 'activations/codes',
    body: { activation, emailCode, smsCode },
    guard: isCodesAccepted,
  })

/** What a computer shows, scanned or typed. */
export type Scanned = { readonly qr: string } | { readonly code: string }

/** A screen that takes it: from an activated phone, or to activate one (`opening`). */
export interface Taking<T> {
  readonly take: (scanned: Scanned) => Promise<Answer<T>>
  readonly onTaken: (value: T) => void
  readonly opening?: boolean
  /** The other way of reading it. */
  readonly other: ComponentChildren
}

export const takeCard = (scanned: Scanned) =>
  call({ method: 'POST', path: 'activations/card', body: scanned, guard: isCardTaken })

export const finishActivation = (
  key: DeviceKey,
  activation: string,
  attestation: RegistrationResponseJSON,
  deviceName: string,
) =>
  call({
    method: 'POST',
    path: 'activations/device',
    body: { activation, attestation, deviceName },
    guard: isMe,
    key,
  })

/** The calls of an activated phone, each signed by its device key. */
export const phone = (key: DeviceKey) => ({
  me: () => call({ method: 'GET', path: 'me', guard: isMe, key }),
  requests: () => call({ method: 'GET', path: 'requests', guard: isRequests, key }),
  pair: (scanned: Scanned) =>
    call({ method: 'POST', path: 'pairings', body: scanned, guard: isApprovalRequest, key }),
  decide: (id: string, choice: string, assertion: AuthenticationResponseJSON) =>
    call({ method: 'POST', path: 'decisions', body: { id, choice, assertion }, guard: isDecided, key }),
  devices: () => call({ method: 'GET', path: 'devices', guard: isDevices, key }),
  revoke: (id: string) =>
    call({ method: 'POST', path: 'devices/revoke', body: { id }, guard: isDevices, key }),
  signIns: () => call({ method: 'GET', path: 'sign-ins', guard: isSignIns, key }),
  signOutEverywhere: () => call({ method: 'POST', path: 'sign-out-everywhere', guard: isSignedOut, key }),
  /** `null` removes it. */
  setUserCode: (code: string | null) =>
    call({ method: 'POST', path: 'user-code', body: { code }, guard: isUserCodeChanged, key }),
  live: () => call({ method: 'POST', path: 'live', guard: isLiveTicket, key }),
})

export type Phone = ReturnType<typeof phone>
