import type * as z from 'zod'
import { CONFIRM, NONE } from '../ecps/approval.ts'
import type { ApprovalRequest } from '../ecps/contract.ts'
import { address } from '../kernel/handle.ts'
import { decide, waiting } from './phone.ts'
import { choose, inTurn, type RobotNeeds, type RobotRefusal } from './robot.ts'

export type Approved =
  | { readonly outcome: 'approved' | 'denied' | 'wrong-code' }
  | { readonly outcome: 'ignored' }

/** The longest wait for a request: 50 × 100 ms. It reaches the phone from behind the service's answer. */
const LOOKS = 50
const PAUSE = 100

type Request = z.output<typeof ApprovalRequest>

/**
 * Answers the request that a service sent to this professional's phone (CIBA), as the robot was told. `code` is what
 * the service shows; without one, the request is a message to say yes to.
 */
export async function approve(
  needs: RobotNeeds,
  id: string,
  code: string | undefined,
): Promise<Approved | RobotRefusal> {
  const at = address(id)
  const kept = at === undefined ? undefined : await needs.phones.look(at.object, at.secret)
  if (at === undefined || kept?.behaviour === undefined) return { refused: 'unknown_robot' }
  const { behaviour } = kept
  return inTurn(needs, at.object, async (): Promise<Approved | RobotRefusal> => {
    const { phone } = await needs.phones.look(at.object, at.secret)
    if (phone === undefined) return { refused: 'unknown_robot' }
    for (let look = 0; look < LOOKS; look++) {
      const listed = await waiting(needs, phone)
      if ('refused' in listed) return { refused: 'ecps_refused', reason: listed.refused }
      const request = listed.value.requests.find(fits(code))
      if (request === undefined) {
        await needs.pause(PAUSE)
        continue
      }
      if (behaviour === 'ignore') return { outcome: 'ignored' }
      const decided = await decide(needs, phone, request, choiceFor(behaviour, code, request))
      if ('refused' in decided) return { refused: 'ecps_refused', reason: decided.refused }
      await needs.phones.keep(at.object, decided.phone)
      return { outcome: decided.value }
    }
    return { refused: 'no_request' }
  })
}

const fits =
  (code: string | undefined) =>
  ({ values }: Request): boolean =>
    values.includes(code ?? CONFIRM)

/** There is no wrong value beside a message: a robot that picks wrong ones says no to it. */
const choiceFor = (
  behaviour: Parameters<typeof choose>[0],
  code: string | undefined,
  { values }: Request,
): string =>
  code === undefined && behaviour !== 'approve' ? NONE : choose(behaviour, code ?? CONFIRM, values)
