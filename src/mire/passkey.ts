import type { Digest } from '../kernel/digest.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Passkey } from '../passkeys/passkey.ts'
import { readAssertion, type VerifiedAssertion, verifyAssertion } from '../protocol/webauthn/assertion.ts'
import type { WebAuthnPolicy } from '../protocol/webauthn/policy.ts'
import type { Practitioner } from '../rpps/practitioner.ts'
import type { Authentication } from './authentication.ts'
import type { PASSKEY_REFUSALS } from './contract.ts'
import type { Interactions } from './interactions.ts'
import type { Abandoned, LoginState } from './login.ts'
import type { PasskeyOwners } from './sign-in.ts'

export interface PasskeyNeeds {
  readonly owners: PasskeyOwners
  readonly interactions: Interactions
  readonly policy: WebAuthnPolicy
}

export type SignedInByPasskey =
  | {
      readonly state: LoginState
      readonly clientId: string
      readonly passkey: Passkey
      readonly used: VerifiedAssertion
      readonly abandoned: Abandoned | undefined
    }
  /** `error` is for the page; `detail` for the trail only. */
  | {
      readonly error: (typeof PASSKEY_REFUSALS)[number]
      readonly detail: string
      readonly practitionerId?: string
    }

/**
 * Signs in with a passkey: one query and one object call. The signature is verified here over whatever challenge it
 * signs; the login then decides whether that challenge was its own and unspent. In this order a wrong signature spends
 * nothing, and nobody can spend a challenge for somebody else.
 */
export async function signInByPasskey(
  { owners, interactions, policy }: PasskeyNeeds,
  answer: { readonly name: ObjectName; readonly browser: Digest; readonly assertion: unknown },
  now: Instant,
): Promise<SignedInByPasskey> {
  const assertion = readAssertion(answer.assertion)
  if (assertion === undefined) return { error: 'invalid-passkey', detail: 'malformed' }
  const owner = await owners.find(assertion.credentialId)
  if (owner === undefined) return { error: 'unknown-passkey', detail: 'unknown or revoked credential' }
  const { passkey, entry, known } = owner
  // WebAuthn L3 §7.2 step 6: nobody was named before, so the authenticator must say whose credential it is.
  if (assertion.userHandle === undefined) return { error: 'invalid-passkey', detail: 'no user handle' }
  const practitionerId = passkey.practitionerId
  const { challenge } = assertion.clientData

  const result = await verifyAssertion(assertion, passkey, { policy, challenge: () => true })
  if ('rejected' in result) {
    const detail = `${result.rejected}${result.detail === undefined ? '' : `: ${result.detail}`}`
    return { error: 'invalid-passkey', detail, practitionerId }
  }
  // After the signature: that someone is suspended is told to themselves only.
  if (entry.status === 'suspended')
    return { error: 'suspended', detail: 'suspended in the directory', practitionerId }

  const authentication = passkeyAuthentication(passkey, entry.practitioner, now)
  const proved = await interactions.prove(answer.name, answer.browser, { challenge, authentication, known })
  if ('absent' in proved)
    return {
      error: proved.absent === 'other-browser' ? 'other-browser' : 'expired',
      detail: proved.absent,
      practitionerId,
    }
  if (proved.outcome !== 'proved')
    return { error: 'expired', detail: `challenge ${proved.outcome}`, practitionerId }
  const { state, clientId, abandoned } = proved
  return { state, clientId, passkey, used: result.verified, abandoned }
}

/**
 * What a verified assertion proves. RFC 8176 §2: `pop`, `user` (present), `mfa` (possession and user verification),
 * and how the key is kept. EAP ACR Values 1.0 §2: `phr` is phishing-resistant; `phrh` also wants the key protected by
 * hardware, which a passkey that its provider copies between devices is not.
 */
export function passkeyAuthentication(
  passkey: Pick<Passkey, 'deviceType'>,
  practitioner: Practitioner,
  now: Instant,
): Authentication {
  const bound = passkey.deviceType === 'singleDevice'
  return {
    practitioner,
    authMode: 'PASSKEY',
    contextClass: bound ? 'phrh' : 'phr',
    amr: ['pop', 'user', 'mfa', bound ? 'hwk' : 'swk'],
    authTime: now,
  }
}
