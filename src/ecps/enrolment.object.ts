import { DurableObject } from 'cloudflare:workers'
import { base64url } from 'jose'
import { type Digest, digest } from '../kernel/digest.ts'
import { address, addressed, type Entropy, newHandle, newObjectName } from '../kernel/handle.ts'
import { systemClock } from '../kernel/instant.ts'
import {
  beginEnrolment,
  beginOpened,
  codesDigest,
  ENROLMENT_LIFETIME,
  type Enrolment,
  type EnrolmentRefusal,
  giveCodes,
  type ReadyToRegister,
  sixDigits,
  takeChallenge,
} from './enrolment.ts'
import type { Enrolments } from './enrolments.ts'

/** One activation of an e-CPS, for ten minutes. Stores what `enrolment.ts` says. */
export class EnrolmentObject extends DurableObject<Env> {
  begin(input: Pick<Enrolment, 'secret' | 'codes' | 'practitionerId' | 'userHandle'>): void {
    const enrolment = beginEnrolment(input, systemClock())
    this.ctx.storage.kv.put('enrolment', enrolment)
    void this.ctx.storage.setAlarm(enrolment.expiresAt * 1000)
  }

  beginOpened(input: Parameters<typeof beginOpened>[0]): void {
    const enrolment = beginOpened(input, systemClock())
    this.ctx.storage.kv.put('enrolment', enrolment)
    void this.ctx.storage.setAlarm(enrolment.expiresAt * 1000)
  }

  giveCodes(given: { secret: Digest; codes: Digest; challenge: string }): ReadyToRegister | EnrolmentRefusal {
    const enrolment = this.#enrolment()
    if (enrolment === undefined) return { refused: 'activation-expired' }
    const { next, answer } = giveCodes(enrolment, given, systemClock())
    this.ctx.storage.kv.put('enrolment', next)
    return 'refused' in answer ? answer : { ...answer, challenge: given.challenge }
  }

  takeChallenge(secret: Digest): ReadyToRegister | { refused: 'activation-expired' } {
    const enrolment = this.#enrolment()
    if (enrolment === undefined) return { refused: 'activation-expired' }
    const { next, answer } = takeChallenge(enrolment, secret, systemClock())
    this.ctx.storage.kv.put('enrolment', next)
    return answer
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  #enrolment(): Enrolment | undefined {
    return this.ctx.storage.kv.get<Enrolment>('enrolment')
  }
}

/** The port over the objects. Secrets and codes are digested here: an object never sees them. */
export function objectEnrolments({
  namespace,
  entropy,
}: {
  readonly namespace: DurableObjectNamespace<EnrolmentObject>
  readonly entropy: Entropy
}): Enrolments {
  return {
    begin: async (practitionerId, userHandle) => {
      const name = newObjectName(entropy)
      const secret = newHandle(entropy)
      const emailCode = sixDigits(entropy)
      const smsCode = sixDigits(entropy)
      await namespace.getByName(name).begin({
        secret: await digest(secret),
        codes: await codesDigest(secret, emailCode, smsCode),
        practitionerId,
        userHandle,
      })
      return { activation: addressed(name, secret), emailCode, smsCode, expiresIn: ENROLMENT_LIFETIME }
    },
    beginOpened: async (practitionerId, userHandle, opening) => {
      const name = newObjectName(entropy)
      const secret = newHandle(entropy)
      const challenge = base64url.encode(entropy(32))
      await namespace
        .getByName(name)
        .beginOpened({ secret: await digest(secret), practitionerId, userHandle, challenge, opening })
      return { activation: addressed(name, secret), challenge, expiresIn: ENROLMENT_LIFETIME }
    },
    giveCodes: async (activation, { emailCode, smsCode }) => {
      const at = address(activation)
      if (at === undefined) return { refused: 'activation-expired' }
      return namespace.getByName(at.object).giveCodes({
        secret: await digest(at.secret),
        codes: await codesDigest(at.secret, emailCode, smsCode),
        challenge: base64url.encode(entropy(32)),
      })
    },
    takeChallenge: async (activation) => {
      const at = address(activation)
      if (at === undefined) return { refused: 'activation-expired' }
      return namespace.getByName(at.object).takeChallenge(await digest(at.secret))
    },
  }
}
