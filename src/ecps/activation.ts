import type { Trail } from '../audit/trail.ts'
import type { AddressedHandle, Entropy } from '../kernel/handle.ts'
import { NationalId, PractitionerId } from '../kernel/identifiers.ts'
import { after, type Clock } from '../kernel/instant.ts'
import type { Language } from '../kernel/language.ts'
import type { Messenger } from '../notifications/message.ts'
import { activatedMessage, emailCodeMessage, type Sender, smsCodeMessage } from '../notifications/messages.ts'
import { newUserHandle, passkeyOf } from '../passkeys/passkey.ts'
import type { Passkeys } from '../passkeys/passkeys.ts'
import type { WebAuthnPolicy } from '../protocol/webauthn/policy.ts'
import {
  readAttestation,
  registrationOptions,
  verifyRegistration,
} from '../protocol/webauthn/registration.ts'
import type { Directory, DirectoryEntry } from '../rpps/directory.ts'
import { typedNationalId } from '../rpps/national-id.ts'
import type { Practitioner } from '../rpps/practitioner.ts'
import { shownName } from '../rpps/shown-name.ts'
import type { CardActivations } from './card-activations.ts'
import type { DeviceProof } from './device-proof.ts'
import type { Device, Devices, KnownDevice } from './devices.ts'
import type { Enrolments } from './enrolments.ts'
import type { Professionals } from './professionals.ts'
import { type Refused, refuse } from './refusal.ts'

export interface ActivationNeeds {
  readonly policy: WebAuthnPolicy
  readonly clock: Clock
  readonly entropy: Entropy
  /** How long an e-CPS lives, in seconds. */
  readonly deviceLifetime: number
  readonly directory: Directory
  readonly passkeys: Passkeys
  readonly devices: Devices
  readonly enrolments: Enrolments
  readonly cardActivations: CardActivations
  readonly professionals: Professionals
  readonly messenger: Messenger
  readonly trail: Trail
}

/** Stands for whatever was typed that is no national id, so that it costs what any other unknown number costs. */
const NO_ID = NationalId.parse('0NOBODY00')

/**
 * Begins an activation by contact details. Whether the number is known, suspended, reachable or over its budget, the
 * answer and the calls behind it are the same; what differs leaves through the queue, behind the answer.
 */
export async function beginActivation(
  needs: ActivationNeeds,
  typed: string,
  language: Language,
): Promise<{ readonly activation: AddressedHandle; readonly expiresIn: number }> {
  const nationalId = typedNationalId(typed)
  const entry = await needs.directory.byNationalId(nationalId ?? NO_ID)
  const id = entry?.practitioner.id ?? PractitionerId.parse(nationalId ?? NO_ID)
  const [passkeys, budget] = await Promise.all([
    needs.passkeys.ofPractitioner(id),
    needs.professionals.activationBegun(id),
  ])
  const reason = unreachable(entry, budget)
  const begun = await needs.enrolments.begin(
    reason === undefined ? id : undefined,
    passkeys[0]?.userHandle ?? newUserHandle(needs.entropy),
  )
  if (entry !== undefined && reason === undefined) {
    const to = { ...entry.contact, language }
    needs.messenger.send(emailCodeMessage(senderOf(needs), to, begun.emailCode))
    needs.messenger.send(smsCodeMessage(senderOf(needs), to, begun.smsCode))
  }
  needs.trail.record({
    at: needs.clock(),
    kind: 'enrolment.begun',
    ...(entry === undefined ? {} : { practitionerId: id }),
    detail: reason ?? 'codes sent',
  })
  return { activation: begun.activation, expiresIn: begun.expiresIn }
}

/** Why no code leaves, if none does. */
function unreachable(entry: DirectoryEntry | undefined, budget: 'within' | 'exceeded'): string | undefined {
  if (entry === undefined) return 'unknown number'
  if (entry.status === 'suspended') return 'suspended'
  if (entry.contact.email === '' || entry.contact.phone === '') return 'contact points missing'
  return budget === 'exceeded' ? 'activation budget exceeded' : undefined
}

/** Takes the two codes and answers what the phone makes its passkey from. */
export async function giveCodes(
  needs: ActivationNeeds,
  given: { readonly activation: string; readonly emailCode: string; readonly smsCode: string },
): Promise<{ readonly registration: Awaited<ReturnType<typeof registrationOptions>> } | Refused> {
  const ready = await needs.enrolments.giveCodes(given.activation, given)
  if ('refused' in ready) return ready
  const entry = await needs.directory.byId(ready.practitionerId)
  if (entry?.status !== 'active') return refuse('suspended')
  return { registration: await registrationOf(needs, ready, entry.practitioner) }
}

/** What the phone makes its passkey from. */
export function registrationOf(
  { policy }: Pick<ActivationNeeds, 'policy'>,
  { challenge, userHandle }: { readonly challenge: string; readonly userHandle: string },
  practitioner: Practitioner,
): ReturnType<typeof registrationOptions> {
  const name = displayName(practitioner)
  return registrationOptions({
    policy,
    challenge,
    user: { handle: userHandle, name, displayName: name },
    // Nothing is excluded: a phone whose storage was emptied still has its passkey, and must be able to begin again.
    exclude: [],
  })
}

/** Registers passkey and device key together. The challenge is spent before anything is verified. */
export async function finishActivation(
  needs: ActivationNeeds,
  proof: DeviceProof,
  input: { readonly activation: string; readonly attestation: unknown; readonly deviceName: string },
  language: Language,
): Promise<KnownDevice | Refused> {
  const now = needs.clock()
  const ready = await needs.enrolments.takeChallenge(input.activation)
  if ('refused' in ready) return ready
  const attestation = readAttestation(input.attestation)
  if (attestation === undefined) return refuse('invalid-passkey', 'malformed attestation')
  const registered = await verifyRegistration(attestation, {
    policy: needs.policy,
    challenge: ready.challenge,
  })
  if ('rejected' in registered)
    return refuse('invalid-passkey', [registered.rejected, registered.detail].join(' ').trim())
  const entry = await needs.directory.byId(ready.practitionerId)
  if (entry?.status !== 'active') return refuse('suspended')
  const { opening } = ready
  const opened = opening && (await needs.cardActivations.finishing(opening))
  if (opening !== undefined && opened === undefined)
    return refuse('activation-expired', 'called off on the computer, or its card is blocked')

  const passkey = passkeyOf(registered.verified, ready, now)
  const device: Device = {
    id: proof.deviceId,
    practitionerId: ready.practitionerId,
    credentialId: passkey.credentialId,
    name: input.deviceName,
    activationMode: opening === undefined ? 'CONTACT' : 'CARD',
    card: opened?.card,
    createdAt: now,
    expiresAt: after(now, needs.deviceLifetime),
    lastUsedAt: undefined,
    revokedAt: undefined,
  }
  // The passkey first: a device without one cannot be used, and nobody else's can be put in its place.
  if ((await needs.passkeys.add(passkey)) === 'already-known')
    return refuse('invalid-passkey', 'already known')
  const added = await needs.devices.add(device, proof.jwk)
  if ('refused' in added) {
    await needs.passkeys.revoke(passkey.credentialId, now)
    return refuse('invalid-proof', 'a device key that was activated before')
  }
  if (opening !== undefined) await needs.cardActivations.finished(opening, device.name)
  await Promise.all(added.retired.map(({ credentialId }) => needs.passkeys.revoke(credentialId, now)))
  needs.messenger.send(
    activatedMessage(
      senderOf(needs),
      { ...entry.contact, language },
      { device: device.name, at: now, retired: added.retired.map(({ name }) => name) },
    ),
  )
  needs.trail.record({
    at: now,
    kind: 'ecps.activated',
    practitionerId: device.practitionerId,
    detail: [
      device.id,
      ...(opening === undefined ? [] : ['by card']),
      ...added.retired.map(({ id }) => `retires ${id}`),
    ].join(', '),
  })
  return { ...entry, device, passkey: { ...passkey, revoked: false } }
}

/** A person's name as the interface and their passkey say it. */
export const displayName = ({ givenName, familyName }: Practitioner): string =>
  shownName(givenName, familyName)

export const senderOf = ({ policy }: { readonly policy: WebAuthnPolicy }): Sender => ({
  product: policy.rpName,
  host: policy.rpId,
})
