import type { AddressedHandle } from '../kernel/handle.ts'
import { newUserHandle } from '../passkeys/passkey.ts'
import { type ActivationNeeds, displayName, registrationOf } from './activation.ts'
import { type Refused, refuse } from './refusal.ts'

/**
 * Begins an activation that a card opened on a computer: what the phone scanned or typed says whose it is. Whoever
 * reads that from a screen could be anybody; so it goes once, the phone is told whose e-CPS it becomes, the computer
 * which phone it was, and the person's contact points too, in the end.
 */
export async function beginByCard(
  needs: ActivationNeeds,
  scanned: { readonly qr: string } | { readonly code: string },
): Promise<
  | {
      readonly activation: AddressedHandle
      readonly expiresIn: number
      readonly registration: Awaited<ReturnType<typeof registrationOf>>
      readonly displayName: string
    }
  | (Refused & { readonly practitionerId?: string })
> {
  const taken = await needs.cardActivations.take(scanned)
  // One that has ended is told as one that never was: the computer shows another by now.
  if ('refused' in taken)
    return taken.refused === 'already-taken' ? refuse('code-taken') : refuse('code-unknown', taken.refused)
  const { practitionerId, opening } = taken
  const [entry, passkeys] = await Promise.all([
    needs.directory.byId(practitionerId),
    needs.passkeys.ofPractitioner(practitionerId),
  ])
  if (entry?.status !== 'active') return { ...refuse('suspended'), practitionerId }
  const userHandle = passkeys[0]?.userHandle ?? newUserHandle(needs.entropy)
  const { activation, challenge, expiresIn } = await needs.enrolments.beginOpened(
    practitionerId,
    userHandle,
    opening,
  )
  needs.trail.record({ at: needs.clock(), kind: 'enrolment.begun', practitionerId, detail: 'by card' })
  const registration = await registrationOf(needs, { challenge, userHandle }, entry.practitioner)
  return { activation, expiresIn, registration, displayName: displayName(entry.practitioner) }
}
