import type { Trail } from '../audit/trail.ts'
import { DeviceId, type PractitionerId } from '../kernel/identifiers.ts'
import type { Clock, Instant } from '../kernel/instant.ts'
import type { Language } from '../kernel/language.ts'
import type { Messenger } from '../notifications/message.ts'
import { revokedMessage } from '../notifications/messages.ts'
import type { Passkeys } from '../passkeys/passkeys.ts'
import type { WebAuthnPolicy } from '../protocol/webauthn/policy.ts'
import type { Directory } from '../rpps/directory.ts'
import { senderOf } from './activation.ts'
import type { Approvals } from './approvals.ts'
import { type Caller, notAdmitted } from './caller.ts'
import type { Devices, ListedDevice } from './devices.ts'
import type { Professionals } from './professionals.ts'
import { type Refused, refuse } from './refusal.ts'

export interface RevocationNeeds {
  readonly policy: WebAuthnPolicy
  readonly clock: Clock
  readonly devices: Devices
  readonly passkeys: Passkeys
  readonly approvals: Approvals
  readonly professionals: Professionals
  readonly messenger: Messenger
  readonly trail: Trail
  /** Ends this person's trust in every browser: none rings their phone any more. */
  readonly endBonds: (practitionerId: PractitionerId) => Promise<void>
}

/**
 * Revokes one of the caller's devices (possibly the one that calls), its passkey with it, ends what waits and
 * the trust in browsers. Answers the devices that are left.
 */
export async function revokeDevice(
  needs: RevocationNeeds,
  caller: Caller,
  id: string,
  language: Language,
): Promise<{ readonly devices: readonly ListedDevice[] } | Refused> {
  const target = DeviceId.safeParse(id)
  if (!target.success) return refuse('invalid-request', 'not a device id')
  const { practitioner, contact, proof } = caller
  const now = needs.clock()
  const dropped = await needs.professionals.deviceRevoked(practitioner.id, proof, target.data)
  if ('refused' in dropped) return notAdmitted(dropped)
  await Promise.all(dropped.cancel.map((approval) => needs.approvals.cancel(approval, 'device-revoked')))
  const revoked = await needs.devices.revoke(target.data, practitioner.id, now)
  if (revoked === undefined) return refuse('invalid-request', 'not a live device of this person')
  await needs.passkeys.revoke(revoked.credentialId, now)
  // A browser was trusted on the word of a passkey, and which one is not kept: all of them are asked again.
  await needs.endBonds(practitioner.id)
  needs.messenger.send(
    revokedMessage(senderOf(needs), { ...contact, language }, { device: revoked.name, at: now }),
  )
  needs.trail.record({ at: now, kind: 'ecps.revoked', practitionerId: practitioner.id, detail: revoked.id })
  return { devices: await needs.devices.list(practitioner.id, now) }
}

/**
 * Revokes every e-CPS that a lost card opened, their passkeys with them: whoever found it, and knew its PIN, could have
 * made one. The person is told at their contact points. Answers how many there were.
 */
export async function revokeOpenedByCard(
  needs: Omit<RevocationNeeds, 'approvals' | 'professionals'> & {
    readonly directory: Pick<Directory, 'byId'>
  },
  practitionerId: PractitionerId,
  opened: { readonly card: string | undefined; readonly since: Instant },
): Promise<number> {
  const now = needs.clock()
  const revoked = await needs.devices.revokeOpenedBy(practitionerId, opened, now)
  if (revoked.length === 0) return 0
  await Promise.all(revoked.map(({ credentialId }) => needs.passkeys.revoke(credentialId, now)))
  await needs.endBonds(practitionerId)
  const contact = (await needs.directory.byId(practitionerId))?.contact
  for (const { id, name } of revoked) {
    needs.trail.record({
      at: now,
      kind: 'ecps.revoked',
      practitionerId,
      detail: `${id}, its card was blocked`,
    })
    if (contact !== undefined)
      needs.messenger.send(
        revokedMessage(senderOf(needs), { ...contact, language: 'fr' }, { device: name, at: now }),
      )
  }
  return revoked.length
}
