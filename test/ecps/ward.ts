import { env } from 'cloudflare:workers'
import type { AuditEvent } from '../../src/audit/event.ts'
import { objectCardActivations } from '../../src/card-activation/activations-by-card.object.ts'
import { d1CardBlocks } from '../../src/cards/blocks.d1.ts'
import { d1Devices } from '../../src/ecps/devices.d1.ts'
import { type EcpsNeeds, ecpsRoutes } from '../../src/ecps/ecps.routes.ts'
import { objectEnrolments } from '../../src/ecps/enrolment.object.ts'
import { objectPhones, objectProfessionals } from '../../src/ecps/professional.object.ts'
import { professionalName } from '../../src/ecps/professional-name.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { NationalId, PractitionerId } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import type { Message } from '../../src/notifications/message.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import { d1Directory } from '../../src/rpps/directory.d1.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'
import { recordOf } from '../../src/rpps/record.ts'
import { Phone } from '../actors/phone.ts'
import { WaitingLogins } from '../actors/waiting-login.ts'

export const ORIGIN = 'http://localhost:8787'
const DAY = 86_400

/** The e-CPS with its real storage and invented people, in front of logins that wait and a mailbox that is read. */
export function ward(over: Partial<EcpsNeeds> = {}, bindings: Env = env) {
  const mailbox: Message[] = []
  const trail: AuditEvent[] = []
  const ended: string[] = []
  const unbound: string[] = []
  const logins = new WaitingLogins(over.clock)
  const name = professionalName(env.NAMING_KEY)
  const needs: EcpsNeeds = {
    policy: { rpId: 'localhost', rpName: 'Serment', origin: ORIGIN },
    clock: systemClock,
    entropy: systemEntropy,
    deviceLifetime: 3 * 365 * DAY,
    directory: d1Directory(bindings.DB),
    passkeys: d1Passkeys(bindings.DB),
    devices: d1Devices(bindings.DB),
    enrolments: objectEnrolments({ namespace: bindings.ENROLMENT, entropy: systemEntropy }),
    cardActivations: objectCardActivations(bindings.CARD_ACTIVATION, bindings.PAIRING, {
      entropy: systemEntropy,
      blocks: d1CardBlocks(bindings.DB),
    }),
    professionals: objectProfessionals({
      namespace: bindings.PROFESSIONAL,
      name,
      entropy: systemEntropy,
    }),
    approvals: logins,
    messenger: { send: (message) => void mailbox.push(message) },
    trail: { record: (event) => void trail.push(event) },
    endSessions: async (_, sessions) => void ended.push(...sessions),
    endBonds: async (practitionerId) => void unbound.push(practitionerId),
    ...over,
  }
  const routes = ecpsRoutes(needs)
  const app = { origin: ORIGIN, fetch: (request: Request) => routes.fetch(request) }
  const codes = () => {
    const last = (channel: 'email' | 'sms') =>
      mailbox.findLast((message) => message.channel === channel)?.body.match(/\b\d{6}\b/)?.[0]
    const [emailCode, smsCode] = [last('email'), last('sms')]
    mailbox.length = 0
    return emailCode === undefined || smsCode === undefined ? undefined : { emailCode, smsCode }
  }
  return {
    app,
    needs,
    logins,
    mailbox,
    trail,
    ended,
    unbound,
    name,
    codes,
    phones: objectPhones({ namespace: bindings.PROFESSIONAL, name }),
    /** A phone activated by contact details, all the way. */
    activated: async (nationalId: string, options: { synced?: boolean; name?: string } = {}) => {
      const phone = await Phone.unpacked(app)
      const done = await phone.finish(await phone.begin(nationalId, codes), options)
      if (done.status !== 201) throw new Error(`not activated: ${done.text}`)
      mailbox.length = 0
      return phone
    },
  }
}

let next = 10_000_000_000

/** A person of the directory, with a number of their own. */
export async function person(
  over: { status?: 'active' | 'suspended'; email?: string; phone?: string } = {},
): Promise<{ nationalId: string; id: PractitionerId; email: string; phone: string }> {
  next += 1
  const nationalId = `8${next}`
  const practitioner: Practitioner = {
    id: PractitionerId.parse(nationalId),
    nationalId: NationalId.parse(nationalId),
    familyName: 'ALLARD',
    givenName: 'Maëlle',
    codeCivilite: 'MME',
    otherIds: [],
    exercices: [],
  }
  const { status = 'active', email = `m${next}@example.org`, phone = '+33600000000' } = over
  await env.DB.prepare(
    `INSERT INTO practitioner (id, national_id, family_name, given_name, status, email, phone, record, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
  )
    .bind(nationalId, nationalId, 'ALLARD', 'Maëlle', status, email, phone, recordOf(practitioner))
    .run()
  return { nationalId, id: practitioner.id, email, phone }
}

export const suspend = (id: string) =>
  env.DB.prepare("UPDATE practitioner SET status = 'suspended' WHERE id = ?").bind(id).run()
