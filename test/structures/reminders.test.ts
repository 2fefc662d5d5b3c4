import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import type { Message } from '../../src/notifications/message.ts'
import { d1EndingCertificates } from '../../src/structures/reminders.d1.ts'
import { remind } from '../../src/structures/reminders.scheduled.ts'
import { reminderDue, reminderMessages } from '../../src/structures/reminders.ts'

const DAY = 86_400
const NOW = instant(1_800_000_000)

describe('which reminder is due', () => {
  it.each<[number, number | undefined, number | undefined]>([
    [61, undefined, undefined],
    [60, undefined, 60],
    [45, undefined, 60],
    [45, 60, undefined],
    [30, 60, 30],
    [8, 30, undefined],
    [7, 30, 7],
    [1, 7, undefined],
    [5, undefined, 7],
    [0, 30, undefined],
    [-3, undefined, undefined],
  ])('%d days before, the last one having been %s: %s', (days, reminded, due) => {
    expect(reminderDue({ notAfter: instant(NOW + days * DAY), reminded }, NOW)).toBe(due)
  })
})

const ending = (contacts: readonly string[]) => ({
  id: 'c',
  structure: '10B0000001',
  structureName: 'CH DES TILLEULS',
  software: 'DOSSIER-AUTO',
  notAfter: instant(NOW + 30 * DAY),
  reminded: undefined,
  parties: [{ clientId: 'one', name: 'Dossier\nX', contacts }],
})

describe('what is sent', () => {
  it('one message to each address, once, in both languages, without a line of the service’s own', () => {
    const [told] = reminderMessages(ending(['a@x.test', 'a@x.test', 'b@x.test']), 'Serment', NOW)
    expect(told?.messages.map(({ to }) => to)).toEqual(['a@x.test', 'b@x.test'])
    const [first] = told?.messages ?? []
    expect(first?.subject).toBe('Serment : un certificat expire dans 30 jours')
    expect(first?.body).toContain('« Dossier X »')
    expect(first?.body).toContain('expires on 14 February 2027')
    expect(first?.body).not.toMatch(/https?:/)
  })
  it.each(['+33 1 23 45 67 89', 'https://x.test/contact', 'a@x.test, b@x.test', 'a b@x.test', '@x.test'])(
    'nothing to %s, which is no address',
    (contact) => expect(reminderMessages(ending([contact]), 'Serment', NOW)[0]?.messages).toEqual([]),
  )
})

describe('the scheduled job', () => {
  const messages: Message[] = []
  const events: AuditEvent[] = []
  const run = (at: Instant) =>
    remind({
      ending: d1EndingCertificates(env.DB),
      messenger: { send: (message) => void messages.push(message) },
      trail: { record: (event) => void events.push(event) },
      clock: () => at,
      productName: 'Serment',
    })
  beforeEach(async () => {
    messages.length = 0
    events.length = 0
    await env.DB.batch([
      env.DB.prepare(
        "INSERT OR REPLACE INTO structure (id, name, updated_at) VALUES ('10B0000001', 'CH', 0)",
      ),
      env.DB.prepare(
        `INSERT OR REPLACE INTO structure_certificate (id, structure_id, subject, name, range, thumbprint, not_after, bound_at)
         VALUES ('c', '10B0000001', 's', 'DOSSIER', 'STANDARD', 't', ?1, 0)`,
      ).bind(NOW + 60 * DAY),
      env.DB.prepare(
        `INSERT OR REPLACE INTO relying_party (client_id, name, profile, status, metadata, registered_at)
         VALUES ('one', 'Dossier', 'strict', 'active', '{"contacts":["a@x.test"]}', 0),
                ('two', 'Autre', 'strict', 'active', '{}', 0)`,
      ),
      env.DB.prepare(
        "INSERT OR IGNORE INTO structure_certificate_client VALUES ('one', 'c'), ('two', 'c'), ('gone', 'c')",
      ),
    ])
  })

  it('tells at 60, 30 and 7 days, each once however often it runs, and then no more', async () => {
    const sent: number[] = []
    for (const left of [61, 60, 59, 31, 30, 29, 8, 7, 6, 1, 0, -1]) {
      await run(instant(NOW + (60 - left) * DAY))
      await run(instant(NOW + (60 - left) * DAY))
      sent.push(messages.length)
    }
    expect(sent).toEqual([0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3])
  })
  it('writes into the trail who was told, and who could not be', async () => {
    await run(NOW)
    expect(events.map(({ kind, clientId, detail }) => [kind, clientId, detail?.split(', ').at(-1)])).toEqual([
      ['structure.ending', 'one', '1 told'],
      ['structure.ending', 'two', 'no contact to tell'],
    ])
  })
})
