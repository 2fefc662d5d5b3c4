import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import type * as z from 'zod'
import type * as contract from '../../src/ecps/contract.ts'
import {
  type Guard,
  isBoolean,
  isNumber,
  isRecord,
  isString,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  parse,
  shape,
} from '../shape.ts'

/** What `/ecps/api/*` says, held to the types of src/ecps/contract.ts. */
export type ActivationBegun = z.infer<typeof contract.ActivationBegun>
export type CardTaken = Omit<z.infer<typeof contract.CardTaken>, 'registration'> & {
  readonly registration: PublicKeyCredentialCreationOptionsJSON
}
export type Device = z.infer<typeof contract.Device>
/** `userCode` is absent from what a phone kept before there was such a code: it still opens without network. */
export type Me = Omit<z.infer<typeof contract.Me>, 'userCode'> & { readonly userCode: boolean | undefined }
export type ApprovalRequest = z.infer<typeof contract.ApprovalRequest>
export type Decided = z.infer<typeof contract.Decided>
export type SignIn = z.infer<typeof contract.SignIn>
export type LiveEvent = z.infer<typeof contract.LiveEvent>
export type RefusalCode = z.infer<typeof contract.Refusal>['error']

/** The contract's refusals, and the two that need no server: no network, and an answer that makes no sense. */
export type Refused = RefusalCode | 'offline' | 'not-understood'

export const isActivationBegun = shape<ActivationBegun>({ activation: isString, expiresIn: isNumber })

export const isRegistration: Guard<PublicKeyCredentialCreationOptionsJSON> = (
  value,
): value is PublicKeyCredentialCreationOptionsJSON =>
  isRecord(value) && isString(value.challenge) && isRecord(value.rp) && isRecord(value.user)

export const isCodesAccepted = shape<{ registration: PublicKeyCredentialCreationOptionsJSON }>({
  registration: isRegistration,
})

export const isCardTaken = shape<CardTaken>({
  activation: isString,
  expiresIn: isNumber,
  registration: isRegistration,
  displayName: isString,
})

export const isDevice = shape<Device>({
  id: isString,
  name: isString,
  current: isBoolean,
  passkeyKind: oneOf('synced', 'bound'),
  activationMode: oneOf('CONTACT', 'CARD', 'DEVICE'),
  createdAt: isNumber,
  expiresAt: isNumber,
  lastUsedAt: orNull(isNumber),
})

export const isMe = shape<Me>({
  displayName: isString,
  nationalId: isString,
  credentialId: isString,
  rpId: isString,
  device: isDevice,
  userCode: orAbsent(isBoolean),
})

/** Whether there is a code for the requests of services (CIBA Core 1.0 §7.1 `user_code`), once it was changed. */
export const isUserCodeChanged = shape<{ readonly userCode: boolean }>({ userCode: isBoolean })

export const isApprovalRequest = shape<ApprovalRequest>({
  id: isString,
  nonce: isString,
  context: isString,
  values: listOf(isString),
  expiresAt: isNumber,
  now: isNumber,
})

export const isRequests = shape<z.infer<typeof contract.Requests>>({ requests: listOf(isApprovalRequest) })
export const isDecided = shape<Decided>({ outcome: oneOf('approved', 'wrong-code', 'denied') })
export const isDevices = shape<z.infer<typeof contract.Devices>>({ devices: listOf(isDevice) })

const isPlace = shape<SignIn['place']>({ city: isString, country: isString, network: isString })

export const isSignIns = shape<z.infer<typeof contract.SignIns>>({
  signIns: listOf(
    shape<SignIn>({
      service: isString,
      at: isNumber,
      place: isPlace,
      means: oneOf('CARD', 'MOBILE', 'PASSKEY'),
      outcome: oneOf('signed-in', 'wrong-code', 'denied'),
      live: isBoolean,
    }),
  ),
})

export const isSignedOut = shape<z.infer<typeof contract.SignedOut>>({ ended: isNumber })
export const isLiveTicket = shape<z.infer<typeof contract.LiveTicket>>({ ticket: isString })
export const isLiveEvent = shape<LiveEvent>({
  type: oneOf('requests-changed', 'sign-ins-changed', 'two-at-once'),
})

/** Every code of the contract: a missing or a wrong one does not compile. */
const REFUSALS: Record<RefusalCode, true> = {
  'invalid-request': true,
  'invalid-proof': true,
  'unknown-device': true,
  'device-revoked': true,
  'device-expired': true,
  suspended: true,
  'wrong-codes': true,
  'too-many-attempts': true,
  'activation-expired': true,
  'invalid-passkey': true,
  'code-unknown': true,
  'code-taken': true,
  'request-gone': true,
  'request-expired': true,
  'already-decided': true,
  'two-at-once': true,
  'try-later': true,
}

export const isRefusalCode: Guard<RefusalCode> = (value): value is RefusalCode =>
  isString(value) && Object.hasOwn(REFUSALS, value)

/** The part of an ApprovalContext (src/ecps/approval.ts) that is shown. Its text is what is signed. */
export interface ShownContext {
  readonly service: string
  readonly place: SignIn['place']
  readonly browser: string
  readonly bonded: boolean
  readonly askedAt: number
  /** `service`: from the service's own server, so that there is no browser and no place. */
  readonly askedBy: 'browser' | 'service' | undefined
  /** Words of the service to read; the choice is then `CONFIRM` or none. */
  readonly message: string | undefined
}

const isShownContext = shape<ShownContext>({
  service: isString,
  place: isPlace,
  browser: isString,
  bonded: isBoolean,
  askedAt: isNumber,
  askedBy: orAbsent(oneOf('browser', 'service')),
  message: orAbsent(isString),
})

/** The one value of a request that has words to read rather than codes to pick from. */
export const CONFIRM = 'confirm'

/** Whether what can be picked is what the context says: three codes, or "yes" to the words that are shown. */
export const isWhole = ({ values }: ApprovalRequest, { message }: ShownContext): boolean =>
  message === undefined ? values.length === 3 : values.length === 1 && values[0] === CONFIRM

/** `undefined` for a context that cannot be shown whole: then there is nothing to choose. */
export const contextOf = (request: ApprovalRequest): ShownContext | undefined =>
  parse(request.context, isShownContext)
