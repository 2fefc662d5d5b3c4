import type { Trail } from '../../audit/trail.ts'
import { type Digest, digest } from '../../kernel/digest.ts'
import type { ClientId, ObjectName } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import { statedAcr } from '../../protocol/oidc/acr.ts'
import type { SessionSubject, Sessions } from '../../sessions/sessions.ts'
import { type Demands, decide } from '../authorization/decide.ts'
import { signedIn } from '../authorization/session-subject.ts'
import type { AnsweredFrom, Waiting } from './request.ts'
import type { DeviceRequests } from './requests.ts'

export interface SettleNeeds {
  readonly clock: Clock
  readonly trail: Trail
  readonly deviceRequests: Pick<DeviceRequests, 'answer'>
}

/** Gives somebody's identity to the device that waits. False when it does not wait any more. */
export async function approve(
  { clock, trail, deviceRequests }: SettleNeeds,
  { name, clientId, acrValues }: Waiting,
  subject: SessionSubject,
  from: AnsweredFrom | undefined,
): Promise<boolean> {
  const { contextClass } = signedIn(subject, subject.practitionerId)
  const approval = { subject, acr: statedAcr(contextClass, acrValues), from }
  const outcome = await deviceRequests.answer(name, { approval })
  const line = { at: clock(), clientId, practitionerId: subject.practitionerId }
  trail.record(
    outcome === 'done'
      ? { ...line, kind: 'authorization.answered', detail: 'device' }
      : { ...line, kind: 'authorization.refused', detail: `device: ${outcome}` },
  )
  return outcome === 'done'
}

/** Tells the device that it was refused (RFC 8628 §3.5 `access_denied`). False when it does not wait any more. */
export async function deny(
  { clock, trail, deviceRequests }: SettleNeeds,
  { name, clientId }: { readonly name: ObjectName; readonly clientId: ClientId },
): Promise<boolean> {
  const outcome = await deviceRequests.answer(name, 'denied')
  trail.record({ at: clock(), kind: 'authorization.refused', clientId, detail: `device: denied, ${outcome}` })
  return outcome === 'done'
}

/** Somebody who is signed in in this browser, and by which session. */
export interface SignedInHere {
  readonly subject: SessionSubject
  readonly from: AnsweredFrom
}

/** Who is signed in in the browser of this cookie, if the session lives. One object call. */
export async function whoIsHere(
  { sessions }: { readonly sessions: Pick<Sessions, 'look'> },
  cookie: { readonly object: ObjectName; readonly secret: string } | undefined,
): Promise<SignedInHere | undefined> {
  if (cookie === undefined) return undefined
  const secret: Digest = await digest(cookie.secret)
  const live = await sessions.look(cookie.object, secret)
  return live && { subject: live.subject, from: { session: cookie.object, secret } }
}

/** Whether a session is enough for this device, as `/authorize` decides it (OIDC Core §3.1.2.3). */
export function suffices({ acrValues, maxAge }: Waiting, subject: SessionSubject, clock: Clock): boolean {
  const demands: Demands = { prompt: [], acrValues, maxAge, hintedSubject: undefined }
  return decide(demands, signedIn(subject, subject.practitionerId), clock()).outcome === 'answer'
}
