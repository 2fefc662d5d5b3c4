import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import type { Message } from '../../src/notifications/message.ts'
import type { SandboxEnv } from '../../src/sandbox/environment.ts'
import { outboxChannel } from '../../src/sandbox/outbox.channel.ts'
import { objectOutbox } from '../../src/sandbox/outbox.object.ts'
import { OUTBOX_CAPACITY } from '../../src/sandbox/outbox.ts'

const outbox = objectOutbox((env as SandboxEnv).OUTBOX)
const message = (body: string): Message => ({
  channel: 'sms',
  to: '+33600000000',
  language: 'fr',
  subject: '',
  body,
})

describe('the outbox', () => {
  it('keeps what the channel delivers, newest first, with when', async () => {
    let now = 1_800_000_000
    const channel = outboxChannel(outbox, () => instant(now++))
    expect(await channel.deliver('first', message('1'))).toBe('delivered')
    expect(await channel.deliver('second', message('2'))).toBe('delivered')
    expect(await outbox.list()).toEqual([
      { id: 'second', at: 1_800_000_001, message: message('2') },
      { id: 'first', at: 1_800_000_000, message: message('1') },
    ])
  })

  it('keeps one of a message that the queue delivers twice', async () => {
    await outbox.append({ id: 'again', at: instant(1), message: message('once') })
    await outbox.append({ id: 'again', at: instant(2), message: message('twice') })
    expect((await outbox.list()).filter(({ id }) => id === 'again')).toEqual([
      { id: 'again', at: 1, message: message('once') },
    ])
  })

  it('forgets the oldest beyond its capacity', async () => {
    for (let i = 0; i < OUTBOX_CAPACITY + 5; i++)
      await outbox.append({ id: `n${i}`, at: instant(i), message: message(`${i}`) })
    const kept = await outbox.list()
    expect(kept.length).toBe(OUTBOX_CAPACITY)
    expect(kept[0]?.id).toBe(`n${OUTBOX_CAPACITY + 4}`)
    expect(kept.at(-1)?.id).toBe('n5')
  })
})
