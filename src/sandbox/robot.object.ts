import { DurableObject } from 'cloudflare:workers'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Phone } from './phone.ts'
import type { Behaviour, Phones } from './robot.ts'

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
}

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
    addRobot: async (name, robot, behaviour) => stub(name).addRobot(robot, behaviour),
  }
}
