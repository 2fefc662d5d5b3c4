import type { Digest } from '../kernel/digest.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Holder } from './visit.ts'

/** Why a visit does not answer a browser. */
export type Absent = 'gone' | 'other-browser'

/** Port of the pages at the computer where the card is. Each method is one call and atomic. */
export interface Visits {
  /** A new visit of this browser; `handle` is the digest of the secret that leads to the card host. */
  begin(browser: Digest, handle: Digest): Promise<ObjectName>
  /** The browser is back from the card host with what that gave it. Good once. */
  comeBack(
    name: ObjectName,
    browser: Digest,
    back: Digest,
  ): Promise<{ readonly outcome: 'opened' | 'spent' } | { readonly absent: Absent }>
  /** Whose card it was, without change. */
  look(name: ObjectName, browser: Digest): Promise<{ readonly holder: Holder } | { readonly absent: Absent }>
  /** The same, once: the person answers now. */
  answer(
    name: ObjectName,
    browser: Digest,
  ): Promise<{ readonly holder: Holder } | { readonly absent: Absent }>
}
