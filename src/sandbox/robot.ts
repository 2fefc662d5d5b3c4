import { NONE } from '../ecps/approval.ts'
import { address, addressed, type Entropy, newObjectName } from '../kernel/handle.ts'
import { type NationalId, ObjectName } from '../kernel/identifiers.ts'
import type { Directory } from '../rpps/directory.ts'
import { activate, decide, type Phone, type PhoneNeeds, type PhoneRefusal, pair } from './phone.ts'

/** What a robot does with a request, once it has read the mire's screen. */
export const BEHAVIOURS = ['approve', 'deny', 'wrong-code', 'ignore'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

/**
 * The robots' phones. There is one phone for each professional, whatever the number of their robots: thousands of
 * runs of a continuous integration activate one e-CPS, not thousands.
 */
export interface Phones {
  /** The name under which this professional's phone is kept; it says nothing of them. */
  nameOf(nationalId: NationalId): Promise<ObjectName>
  /** The phone, and what the robot of this key was told to do. */
  look(
    name: ObjectName,
    robot: string,
  ): Promise<{ readonly phone: Phone | undefined; readonly behaviour: Behaviour | undefined }>
  keep(name: ObjectName, phone: Phone): Promise<void>
  addRobot(name: ObjectName, robot: string, behaviour: Behaviour): Promise<void>
  /** Takes the phone in hand, unless another hand holds it. A hand that never lets go loses it after a minute. */
  take(name: ObjectName, hand: string): Promise<boolean>
  letGo(name: ObjectName, hand: string): Promise<void>
}

/**
 * The mire as the person in front of it uses it. The computer's browser is the relying party's test client, whose
 * cookies a robot does not have: this port stands for the hands and the eyes, and exists in the sandbox only.
 */
export interface MireScreen {
  /** Chooses "my phone" and reads the typed code and the dynamic code; `read` when only the disclosure is left. */
  startPhone(
    login: ObjectName,
  ): Promise<
    | { readonly typedCode: string; readonly dynamicCode: string; readonly resultAt: string }
    | { readonly already: 'proved'; readonly resultAt: string }
    | { readonly refused: 'gone' | 'phone-not-accepted' | 'already-decided' }
  >
  /** Reads what the service will get, and goes on. */
  acknowledge(login: ObjectName): Promise<void>
}

export interface RobotNeeds extends PhoneNeeds {
  readonly directory: Directory
  readonly phones: Phones
  readonly screen: MireScreen
  readonly entropy: Entropy
}

export type RobotRefusal =
  | {
      readonly refused:
        | 'unknown_person'
        | 'suspended_person'
        | 'no_contact_details'
        | 'unknown_robot'
        | 'phone_busy'
        | 'no_request'
    }
  | {
      readonly refused: 'invalid_url' | 'login_gone' | 'phone_not_accepted' | 'already_decided'
    }
  /** The e-CPS said no, for this reason of its contract. */
  | { readonly refused: 'ecps_refused'; readonly reason: PhoneRefusal }

export type SignedIn =
  | { readonly outcome: 'approved' | 'denied' | 'wrong-code'; readonly continueUrl: string }
  | { readonly outcome: 'ignored' }

/** A robot for this professional; their first one activates an e-CPS for them. */
export async function makeRobot(
  needs: RobotNeeds,
  nationalId: NationalId,
  behaviour: Behaviour,
): Promise<{ readonly id: string } | RobotRefusal> {
  const name = await needs.phones.nameOf(nationalId)
  const robot = newObjectName(needs.entropy)
  const had = (await needs.phones.look(name, robot)).phone !== undefined
  const made = had ? undefined : await inTurn(needs, name, () => firstPhone(needs, name, nationalId))
  if (made !== undefined && 'refused' in made) return made
  await needs.phones.addRobot(name, robot, behaviour)
  return { id: addressed(name, robot) }
}

/** Plays the person and the phone for the login at `url`, as the robot was told. */
export async function signIn(needs: RobotNeeds, id: string, url: string): Promise<SignedIn | RobotRefusal> {
  const at = address(id)
  const kept = at === undefined ? undefined : await needs.phones.look(at.object, at.secret)
  if (at === undefined || kept?.behaviour === undefined) return { refused: 'unknown_robot' }
  const login = loginOf(url, needs.issuer)
  if (login === undefined) return { refused: 'invalid_url' }
  const { behaviour } = kept
  return inTurn(needs, at.object, async (): Promise<SignedIn | RobotRefusal> => {
    for (let tried = 1; ; tried++) {
      const { phone } = await needs.phones.look(at.object, at.secret)
      if (phone === undefined) return { refused: 'unknown_robot' }
      const played = await play(needs, phone, behaviour, login)
      const crossed = 'reason' in played && CROSSED.includes(played.reason)
      if (!crossed || tried === TRIES) return played
    }
  })
}

/** How often a robot tries again when a request of the same person came in between, as a person would. */
const TRIES = 3
const CROSSED: readonly PhoneRefusal[] = ['two-at-once', 'request-gone']

/** The longest wait for the phone: 300 × 100 ms. */
const TURNS = 300
const TURN_PAUSE = 100

/**
 * One phone, one hand: robots of one person wait for each other, so that parallel tests do not cancel each other's
 * requests, as two live requests of one person do.
 */
export async function inTurn<T>(
  needs: RobotNeeds,
  name: ObjectName,
  work: () => Promise<T>,
): Promise<T | RobotRefusal> {
  const hand = newObjectName(needs.entropy)
  for (let turn = 0; turn < TURNS; turn++) {
    if (await needs.phones.take(name, hand)) {
      try {
        return await work()
      } finally {
        await needs.phones.letGo(name, hand)
      }
    }
    await needs.pause(TURN_PAUSE)
  }
  return { refused: 'phone_busy' }
}

async function play(
  needs: RobotNeeds,
  kept: Phone,
  behaviour: Behaviour,
  login: ObjectName,
): Promise<SignedIn | RobotRefusal> {
  const shown = await needs.screen.startPhone(login)
  if ('refused' in shown) return { refused: MIRE_REFUSALS[shown.refused] }
  const continueUrl = needs.issuer + shown.resultAt
  if ('already' in shown) {
    await needs.screen.acknowledge(login)
    return { outcome: 'approved', continueUrl }
  }
  const paired = await pairOrRenew(needs, kept, shown.typedCode)
  if ('refused' in paired) return paired
  const { phone, request } = paired
  if (behaviour === 'ignore') return { outcome: 'ignored' }

  const decided = await decide(needs, phone, request, choose(behaviour, shown.dynamicCode, request.values))
  if ('refused' in decided) return { refused: 'ecps_refused', reason: decided.refused }
  await needs.phones.keep(await needs.phones.nameOf(phone.nationalId), decided.phone)
  if (decided.value === 'approved') await needs.screen.acknowledge(login)
  return { outcome: decided.value, continueUrl }
}

const MIRE_REFUSALS = {
  gone: 'login_gone',
  'phone-not-accepted': 'phone_not_accepted',
  'already-decided': 'already_decided',
} as const

/** What is tapped: the value on the mire, another of the three, or none of them. */
export function choose(
  behaviour: Exclude<Behaviour, 'ignore'>,
  shown: string,
  values: readonly string[],
): string {
  if (behaviour === 'approve') return shown
  return (behaviour === 'wrong-code' ? values.find((value) => value !== shown) : undefined) ?? NONE
}

/** The login of a mire's URL on this issuer: `/login/<name>`, whatever follows. */
export function loginOf(url: string, issuer: string): ObjectName | undefined {
  if (!URL.canParse(url) || new URL(url).origin !== issuer) return undefined
  const [, folder, name] = new URL(url).pathname.split('/')
  return folder === 'login' ? ObjectName.safeParse(name).data : undefined
}

/** Reasons for which a person would activate their e-CPS again (revoked on "my devices", or a database made anew). */
const RENEWABLE: readonly PhoneRefusal[] = ['unknown-device', 'device-revoked', 'device-expired']

async function pairOrRenew(needs: RobotNeeds, phone: Phone, code: string) {
  const first = await pair(needs, phone, { code })
  if ('value' in first) return { phone, request: first.value }
  if (!RENEWABLE.includes(first.refused)) return { refused: 'ecps_refused', reason: first.refused } as const
  const renewed = await newPhone(needs, phone.nationalId)
  if ('refused' in renewed) return renewed
  const second = await pair(needs, renewed.phone, { code })
  return 'value' in second
    ? { phone: renewed.phone, request: second.value }
    : ({ refused: 'ecps_refused', reason: second.refused } as const)
}

/** The phone that another robot activated while this one waited, or a new one. */
async function firstPhone(needs: RobotNeeds, name: ObjectName, nationalId: NationalId) {
  const { phone } = await needs.phones.look(name, '')
  return phone === undefined ? newPhone(needs, nationalId) : { phone }
}

async function newPhone(
  needs: RobotNeeds,
  nationalId: NationalId,
): Promise<{ readonly phone: Phone } | RobotRefusal> {
  const person = await needs.directory.byNationalId(nationalId)
  if (person === undefined) return { refused: 'unknown_person' }
  if (person.status === 'suspended') return { refused: 'suspended_person' }
  if (person.contact.email === '' || person.contact.phone === '') return { refused: 'no_contact_details' }
  const activated = await activate(needs, nationalId, person.contact)
  if ('refused' in activated) return { refused: 'ecps_refused', reason: activated.refused }
  await needs.phones.keep(await needs.phones.nameOf(nationalId), activated.value)
  return { phone: activated.value }
}
