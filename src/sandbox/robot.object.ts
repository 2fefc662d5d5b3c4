import { DurableObject } from 'cloudflare:workers'
import type { ObjectName } from '../kernel/identifiers.ts'
import { after, type Instant, systemClock } from '../kernel/instant.ts'
import type { Phone } from './phone.ts'
import type { Behaviour, Phones } from './robot.ts'

/** Whose hand the phone is in, and until when at most. */
interface Held {
  readonly hand: string
  readonly until: Instant
}

/** The phone of one test professional and what each of their robots was told to do. Kept until the state is forgotten. */
export class RobotObject extends DurableObject<Env> {
  look(robot: string): { phone: Phone | undefined; behaviour: Behaviour | undefined } {
    const { kv } = this.ctx.storage
    return { phone: kv.get<Phone>('phone'), behaviour: kv.get<Behaviour>(`robot:${robot}`) }
  }

  keep(phone: Phone): void {
    this.ctx.storage.kv.put('phone', phone)
  }

  addRobot(robot: string, behaviour: Behaviour): void {
    this.ctx.storage.kv.put(`robot:${robot}`, behaviour)
  }

  take(hand: string): boolean {
    const { kv } = this.ctx.storage
    const now = systemClock()
    const held = kv.get<Held>('held')
    if (held !== undefined && held.hand !== hand && now < held.until) return false
    kv.put<Held>('held', { hand, until: after(now, HELD_FOR) })
    return true
  }

  letGo(hand: string): void {
    const { kv } = this.ctx.storage
    if (kv.get<Held>('held')?.hand === hand) kv.delete('held')
  }
}

/** How long a hand may hold the phone, in seconds: longer than an activation, whose codes may take fifteen. */
const HELD_FOR = 60

/** `nameOf` is how professionals' objects are named: by an HMAC, never by the number. */
export const objectPhones = (
  namespace: DurableObjectNamespace<RobotObject>,
  nameOf: (nationalId: string) => Promise<ObjectName>,
): Phones => {
  const stub = (name: ObjectName) => namespace.getByName(name)
  return {
    nameOf,
    look: async (name, robot) => stub(name).look(robot),
    keep: async (name, phone) => stub(name).keep(phone),
    take: async (name, hand) => stub(name).take(hand),
    letGo: async (name, hand) => stub(name).letGo(hand),
    addRobot: async (name, robot, behaviour) => stub(name).addRobot(robot, behaviour),
  }
}
