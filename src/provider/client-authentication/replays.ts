import type { Instant } from '../../kernel/instant.ts'

/** Remembers what must be accepted once. */
export interface Replays {
  /**
   * Whether this is the first time. One call of one object; of many at once exactly one is first.
   * @param until when it may be forgotten, because it would be refused by then anyway.
   */
  first(what: string, until: Instant): Promise<boolean>
}
