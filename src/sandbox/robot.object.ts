import { DurableObject } from 'cloudflare:workers'
import { base64url } from 'jose'
import { type NationalId, ObjectName } from '../kernel/identifiers.ts'
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

/** `namingKey`: 32 bytes, base64url. A phone is named by an HMAC of the professional's number, never by the number. */
export function objectPhones(namespace: DurableObjectNamespace<RobotObject>, namingKey: string): Phones {
  const stub = (name: ObjectName) => namespace.getByName(name)
  return {
    async nameOf(nationalId: NationalId) {
      const hmac = { name: 'HMAC', hash: 'SHA-256' }
      const key = await crypto.subtle.importKey('raw', base64url.decode(namingKey), hmac, false, ['sign'])
      const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`robot:${nationalId}`))
      return ObjectName.parse(base64url.encode(new Uint8Array(mac, 0, 16)))
    },
    look: async (name, robot) => stub(name).look(robot),
    keep: async (name, phone) => stub(name).keep(phone),
    addRobot: async (name, robot, behaviour) => stub(name).addRobot(robot, behaviour),
  }
}
