import type { Digest } from '../kernel/digest.ts'
import type { ObjectName, PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Status } from './card-activation.ts'

/** Why an activation does not answer a browser. */
export type Absent = 'gone' | 'other-browser'

/** An activation as its own browser sees it. */
export type DeskView =
  | { readonly status: 'card' }
  | {
      readonly status: 'shown'
      readonly displayName: string
      /** What to scan or type, and when it ends. */
      readonly pairing: { readonly text: string; readonly code: string; readonly until: Instant } | undefined
    }
  | { readonly status: 'taken'; readonly displayName: string; readonly finishing: boolean }
  | { readonly status: 'done'; readonly displayName: string; readonly device: string }

/** Port of the pages at the computer where the card is. Each method is one call and atomic. */
export interface Desks {
  /** A new activation for this browser; `handle` is the digest of the secret that leads to the card host. */
  begin(browser: Digest, handle: Digest): Promise<ObjectName>
  /** The browser is back from the card host with what that gave it. Good once. */
  comeBack(
    name: ObjectName,
    browser: Digest,
    back: Digest,
  ): Promise<
    | { readonly outcome: 'opened'; readonly practitionerId: PractitionerId }
    | { readonly outcome: 'spent' | 'open-already' }
    | { readonly absent: Absent }
  >
  /** All that the page shows, with a fresh QR where one is due. */
  view(name: ObjectName, browser: Digest): Promise<{ readonly view: DeskView } | { readonly absent: Absent }>
  /** Where it stands, without change. */
  look(name: ObjectName, browser: Digest): Promise<{ readonly status: Status } | { readonly absent: Absent }>
  /** Takes it back from the phone that has it, if that is not yet at its end. */
  callOff(
    name: ObjectName,
    browser: Digest,
  ): Promise<{ readonly practitionerId: PractitionerId | undefined } | { readonly absent: Absent }>
}
