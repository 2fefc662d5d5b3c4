import * as z from 'zod'
import { approvalChallenge } from '../ecps/approval.ts'
import {
  ActivationBegun,
  ApprovalRequest,
  type BeginActivation,
  CodesAccepted,
  Decided,
  type FinishActivation,
  Me,
  type REFUSALS,
  Refusal,
  Requests,
} from '../ecps/contract.ts'
import type { Entropy } from '../kernel/handle.ts'
import type { NationalId } from '../kernel/identifiers.ts'
import type { Clock, Instant } from '../kernel/instant.ts'
import type { ContactPoints } from '../rpps/practitioner.ts'
import { createCredential, getAssertion, type SoftwareCredential } from './authenticator.ts'
import { createDeviceKey, type DeviceKey, deviceProof } from './device-key.ts'
import type { Outbox } from './outbox.ts'

/** A professional's phone with an activated e-CPS: its two keys. */
export interface Phone {
  readonly nationalId: NationalId
  readonly credential: SoftwareCredential
  readonly device: DeviceKey
}

/** What the e-CPS said no with, or `unexpected` when its answer is not of its contract. */
export type PhoneRefusal = (typeof REFUSALS)[number] | 'no-codes' | 'unexpected'

export interface PhoneNeeds {
  /** The origin of the federator: every call is made to it, over its public endpoints. */
  readonly issuer: string
  readonly fetchApp: (request: Request) => Promise<Response>
  readonly outbox: Outbox
  readonly clock: Clock
  readonly entropy: Entropy
  /** Waits that many milliseconds; messages reach the outbox from behind the answer. */
  readonly pause: (milliseconds: number) => Promise<void>
}

/** The longest wait for the two codes: 60 × 250 ms, far over the queue's one second. */
const CODE_ATTEMPTS = 60
const CODE_PAUSE = 250

type Answer<T> = { readonly value: T } | { readonly refused: PhoneRefusal }

/** Activates an e-CPS as the web app does: national id, the two codes from the outbox, passkey and device key. */
export async function activate(
  needs: PhoneNeeds,
  nationalId: NationalId,
  contact: ContactPoints,
): Promise<Answer<Phone>> {
  const since = needs.clock()
  const seen = new Set((await needs.outbox.list()).map((entry) => entry.id))
  const begun = await post(
    needs,
    '/ecps/api/activations',
    { nationalId } satisfies z.input<typeof BeginActivation>,
    ActivationBegun,
  )
  if ('refused' in begun) return begun
  const { activation } = begun.value

  const codes = await readCodes(needs, contact, since, seen)
  if (codes === undefined) return { refused: 'no-codes' }
  const accepted = await post(needs, '/ecps/api/activations/codes', { activation, ...codes }, CodesAccepted)
  if ('refused' in accepted) return accepted

  const options = RegistrationOptions.safeParse(accepted.value.registration)
  if (!options.success) return { refused: 'unexpected' }
  const { credential, response } = await createCredential(options.data, needs.issuer, needs.entropy)
  const device = await createDeviceKey()
  const body = { activation, attestation: { ...response }, deviceName: 'Robot' } satisfies z.input<
    typeof FinishActivation
  >
  const me = await post(needs, '/ecps/api/activations/device', body, Me, device)
  return 'refused' in me ? me : { value: { nationalId, credential, device } }
}

/** Attaches the phone to the request behind the code that a mire shows, typed or scanned. */
export const pair = (
  needs: PhoneNeeds,
  phone: Phone,
  scanned: { readonly code: string } | { readonly qr: string },
): Promise<Answer<z.output<typeof ApprovalRequest>>> =>
  post(needs, '/ecps/api/pairings', scanned, ApprovalRequest, phone.device)

/** The requests that wait for this person, as the app lists them. */
export const waiting = (needs: PhoneNeeds, phone: Phone): Promise<Answer<z.output<typeof Requests>>> =>
  call(needs, 'GET', '/ecps/api/requests', '', Requests, phone.device)

/** Taps a choice and signs it: pick-what-you-sign. The phone handed back has its counter moved on. */
export async function decide(
  needs: PhoneNeeds,
  phone: Phone,
  request: z.output<typeof ApprovalRequest>,
  choice: string,
): Promise<Answer<z.output<typeof Decided>['outcome']> & { readonly phone: Phone }> {
  const challenge = await approvalChallenge(request.nonce, request.context, choice)
  const { credential, response } = await getAssertion(phone.credential, { challenge }, needs.issuer)
  const after = { ...phone, credential }
  const body = { id: request.id, choice, assertion: { ...response } }
  const decided = await post(needs, '/ecps/api/decisions', body, Decided, phone.device)
  return 'refused' in decided ? { ...decided, phone: after } : { value: decided.value.outcome, phone: after }
}

/** The two codes of this activation: the newest mail and the newest SMS that came since it began. */
async function readCodes(
  needs: PhoneNeeds,
  contact: ContactPoints,
  since: Instant,
  seen: ReadonlySet<string>,
) {
  for (let attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
    const fresh = (await needs.outbox.list()).filter((entry) => entry.at >= since && !seen.has(entry.id))
    const code = (channel: 'email' | 'sms', to: string) =>
      fresh
        .filter(({ message }) => message.channel === channel && message.to === to)
        .flatMap(({ message }) => codeIn(message.body) ?? [])[0]
    const emailCode = code('email', contact.email)
    const smsCode = code('sms', contact.phone)
    if (emailCode !== undefined && smsCode !== undefined) return { emailCode, smsCode }
    await needs.pause(CODE_PAUSE)
  }
  return undefined
}

/** The code of a message as a person finds it: the first six digits in a row, with or without a space in the middle. */
export const codeIn = (body: string): string | undefined =>
  body.match(/(?<!\d)\d{3}[ \u00a0\u202f]?\d{3}(?!\d)/)?.[0].replace(/\D/g, '')

/** The part of WebAuthn L3 §5.1.9 that a software authenticator uses. */
const RegistrationOptions = z.object({
  rp: z.object({ id: z.string().optional() }),
  user: z.object({ id: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ alg: z.number() })),
})

const post = <S extends z.ZodType>(
  needs: PhoneNeeds,
  path: string,
  message: unknown,
  schema: S,
  key?: DeviceKey,
): Promise<Answer<z.output<S>>> => call(needs, 'POST', path, JSON.stringify(message), schema, key)

async function call<S extends z.ZodType>(
  needs: PhoneNeeds,
  method: 'GET' | 'POST',
  path: string,
  body: string,
  schema: S,
  key?: DeviceKey,
): Promise<Answer<z.output<S>>> {
  const url = `${needs.issuer}${path}`
  const headers = new Headers({ origin: needs.issuer })
  if (body !== '') headers.set('content-type', 'application/json')
  if (key !== undefined)
    headers.set('device-proof', await deviceProof(key, { method, url, body }, needs.clock(), needs.entropy))
  const response = await needs.fetchApp(
    new Request(url, { method, headers, ...(body === '' ? {} : { body }) }),
  )
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const refusal = Refusal.safeParse(answer)
    return { refused: refusal.success ? refusal.data.error : 'unexpected' }
  }
  const parsed = schema.safeParse(answer)
  return parsed.success ? { value: parsed.data } : { refused: 'unexpected' }
}
