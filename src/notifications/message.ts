import type { Language } from '../kernel/language.ts'

/** What is said to a professional outside the app. `channel` and `to` come from the directory, never from a request. */
export interface Message {
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly language: Language
  readonly subject: string
  readonly body: string
}

/** How a message leaves. The sandbox's adapter is a page that shows them. */
export interface Channel {
  /** Delivers once; `retry` asks the queue to come back later. */
  deliver(id: string, message: Message): Promise<'delivered' | 'retry' | 'undeliverable'>
}

/** Sends behind the answer, through the queue. */
export interface Messenger {
  send(message: Message): void
}
