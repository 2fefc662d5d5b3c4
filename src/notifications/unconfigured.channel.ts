import type { Channel } from './message.ts'

/** The way out of a deployment that has no provider of mails and SMS yet: nothing leaves, and the trail says so. */
export const unconfiguredChannel: Channel = {
  deliver: async () => 'undeliverable',
}
