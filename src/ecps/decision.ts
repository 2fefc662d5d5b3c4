import type { Passkeys } from '../passkeys/passkeys.ts'
import { readAssertion, verifyAssertion } from '../protocol/webauthn/assertion.ts'
import type { WebAuthnPolicy } from '../protocol/webauthn/policy.ts'
import { approvalChallenge, NONE, shownIn } from './approval.ts'
import type { Caller } from './caller.ts'
import type { Devices } from './devices.ts'
import { type Refused, refuse } from './refusal.ts'
import type { RequestsNeeds } from './requests.ts'

export interface DecisionNeeds extends RequestsNeeds {
  readonly policy: WebAuthnPolicy
  readonly passkeys: Passkeys
  readonly devices: Devices
}

/**
 * Decides a request, once. The passkey's challenge says which value was picked and over which context: the four that
 * are possible are computed here from what the login keeps, never from what the phone sends.
 */
export async function decide(
  needs: DecisionNeeds,
  caller: Caller,
  input: { readonly id: string; readonly choice: string; readonly assertion: unknown },
): Promise<{ readonly outcome: 'approved' | 'wrong-code' | 'denied' } | Refused> {
  const { practitioner, passkey, device, proof } = caller
  const approval = await needs.approvals.find(input.id, practitioner.id)
  if (approval === undefined) return refuse('request-gone')
  if (approval.expiresAt <= needs.clock()) return refuse('request-expired')
  const choices = [...approval.values, NONE]
  if (!choices.includes(input.choice)) return refuse('invalid-request', 'a value that was not shown')

  const assertion = readAssertion(input.assertion)
  if (assertion === undefined) return refuse('invalid-passkey', 'malformed assertion')
  const challenges = new Map(
    await Promise.all(
      choices.map(
        async (choice) =>
          [await approvalChallenge(approval.nonce, approval.context, choice), choice] as const,
      ),
    ),
  )
  // WebAuthn L3 §7.2 step 5 and 11: the credential bound to this very device, over one of the four challenges.
  const verified = await verifyAssertion(assertion, passkey, {
    policy: needs.policy,
    challenge: (signed) => challenges.has(signed),
  })
  if ('rejected' in verified)
    return refuse('invalid-passkey', [verified.rejected, verified.detail].join(' ').trim())
  const signed = challenges.get(assertion.clientData.challenge)
  if (signed !== input.choice) return refuse('invalid-passkey', 'another choice was signed')

  const hardware = passkey.deviceType === 'singleDevice'
  const decided = await needs.approvals.decide(approval.id, signed, {
    practitioner,
    amr: methods(hardware),
    hardware,
  })
  if ('refused' in decided) return refuse(DECIDED[decided.refused])
  const now = needs.clock()
  const { service, place, clientId } = shownIn(approval)
  await Promise.all([
    needs.professionals.settled(practitioner.id, proof, {
      approval: approval.id,
      outcome: decided.outcome,
      service,
      place,
    }),
    needs.passkeys.touch(passkey.credentialId, { ...verified.verified, at: now }),
    needs.devices.touch(device.id, now),
  ])
  needs.trail.record({
    at: now,
    kind: `approval.${decided.outcome}`,
    practitionerId: practitioner.id,
    clientId,
    // The signed record of what was picked, in the terms of the challenge.
    detail: `${device.id} signed ${assertion.clientData.challenge}`,
  })
  return decided
}

const DECIDED = {
  gone: 'request-gone',
  expired: 'request-expired',
  'already-decided': 'already-decided',
} as const

/**
 * RFC 8176 §2: two keys were proved (`pop`), the passkey's in hardware or not, with the person verified by the phone
 * (`user`), which makes two factors (`mfa`), on another channel than the computer's (`mca`).
 */
const methods = (hardware: boolean): readonly string[] => [
  'pop',
  'user',
  hardware ? 'hwk' : 'swk',
  'mfa',
  'mca',
]
