import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { type Guard, isRecord, isString, listOf } from '../shape.ts'
import type { DeviceKey } from './device-proof.ts'
import { isMe, isRegistration, type Me } from './messages.ts'

/** What the phone keeps of an activated e-CPS. IndexedDB holds the key itself, which no script can read out. */
export interface Kept {
  readonly key: DeviceKey
  /** How the passkey can be reached (WebAuthn L3 §5.8.4), as the browser said when it was made. */
  readonly transports: readonly string[]
  /** The last answer about oneself, to open without network. Absent until the activation was confirmed. */
  readonly me: Me | undefined
}

/** An activation under way: the mail app may push this page out of memory between two steps. */
export interface Pending {
  readonly activation: string
  /** Milliseconds since 1970. */
  readonly until: number
  readonly registration: PublicKeyCredentialCreationOptionsJSON | undefined
  /** Whose card was shown, where it was a card. */
  readonly displayName: string | undefined
}

const DATABASE = 'serment-ecps'
const STORE = 'kept'

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE))
  const database = await settled(opening)
  try {
    return await settled(act(database.transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE)))
  } finally {
    database.close()
  }
}

const isKey: Guard<DeviceKey> = (value): value is DeviceKey =>
  isRecord(value) &&
  value.privateKey instanceof CryptoKey &&
  isRecord(value.publicJwk) &&
  isString(value.publicJwk.x)

export async function kept(): Promise<Kept | undefined> {
  const value: unknown = await inStore('readonly', (store) => store.get('device'))
  if (!isRecord(value) || !isKey(value.key)) return undefined
  const transports = listOf(isString)
  return {
    key: value.key,
    transports: transports(value.transports) ? value.transports : [],
    me: isMe(value.me) ? value.me : undefined,
  }
}

export const keep = (device: Kept): Promise<unknown> =>
  inStore('readwrite', (store) => store.put(device, 'device'))

export async function pending(now: number): Promise<Pending | undefined> {
  const value: unknown = await inStore('readonly', (store) => store.get('activation'))
  if (!isRecord(value) || !isString(value.activation) || typeof value.until !== 'number' || value.until < now)
    return undefined
  return {
    activation: value.activation,
    until: value.until,
    registration: isRegistration(value.registration) ? value.registration : undefined,
    displayName: isString(value.displayName) ? value.displayName : undefined,
  }
}

export const keepPending = (activation: Pending): Promise<unknown> =>
  inStore('readwrite', (store) => store.put(activation, 'activation'))

export const forgetPending = (): Promise<unknown> =>
  inStore('readwrite', (store) => store.delete('activation'))

/** Forgets key and activation: this phone is as new. The passkey stays with its provider. */
export const forgetAll = (): Promise<unknown> => inStore('readwrite', (store) => store.clear())
