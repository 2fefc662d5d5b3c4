import type { Instant } from '../kernel/instant.ts'
import type { Message } from '../notifications/message.ts'

/** How many messages the outbox remembers. */
export const OUTBOX_CAPACITY = 500

/** A mail or SMS that would have left. `id` is the queue message's. */
export interface OutboxEntry {
  readonly id: string
  readonly at: Instant
  readonly message: Message
}

/** Where the sandbox's mails and SMS end: nothing leaves the machine. */
export interface Outbox {
  /** Keeps a message. The same id twice is one message: the queue delivers at least once. */
  append(entry: OutboxEntry): Promise<void>
  /** The last messages, newest first. */
  list(): Promise<readonly OutboxEntry[]>
}
