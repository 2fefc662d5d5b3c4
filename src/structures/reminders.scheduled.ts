import type { Trail } from '../audit/trail.ts'
import { faultOf } from '../kernel/fault.ts'
import type { Clock } from '../kernel/instant.ts'
import type { Messenger } from '../notifications/message.ts'
import type { EndingCertificates } from './reminders.d1.ts'
import { reminderDue, reminderMessages } from './reminders.ts'

export interface ReminderNeeds {
  readonly ending: EndingCertificates
  readonly messenger: Messenger
  readonly trail: Trail
  readonly clock: Clock
  readonly productName: string
}

/**
 * Tells the contacts of relying parties which of their certificates end soon, each time once: it is written down before
 * it is sent, for a reminder that is lost has another behind it, and one that comes every hour is a nuisance. Never rejects.
 */
export async function remind({ ending, messenger, trail, clock, productName }: ReminderNeeds): Promise<void> {
  const now = clock()
  try {
    for (const certificate of await ending.soon(now)) {
      const days = reminderDue(certificate, now)
      if (days === undefined || !(await ending.claim(certificate.id, days))) continue
      for (const { clientId, messages } of reminderMessages(certificate, productName, now)) {
        for (const message of messages) messenger.send(message)
        const told = messages.length === 0 ? 'no contact to tell' : `${messages.length} told`
        const detail = `${certificate.structure}: certificate ends at ${certificate.notAfter}, ${days} days, ${told}`
        trail.record({ at: now, kind: 'structure.ending', clientId, detail })
      }
    }
  } catch (fault) {
    trail.record({ at: now, kind: 'structure.ending', detail: `failed: ${faultOf(fault)}` })
  }
}
