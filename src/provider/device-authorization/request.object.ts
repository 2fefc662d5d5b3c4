import { DurableObject } from 'cloudflare:workers'
import { type Clock, systemClock } from '../../kernel/instant.ts'
import * as machine from './request.ts'
import type { DeviceRequests } from './requests.ts'

/**
 * One request of a device: keeps what `request.ts` says, and forgets it ten minutes after its end. Somebody who guesses
 * codes reaches objects that hold nothing, and leaves nothing in them.
 */
export class DeviceRequestObject extends DurableObject<Env> {
  /** Replaced by tests. */
  clock: Clock = systemClock

  begin(asked: machine.Asked): boolean {
    if (this.#request() !== undefined) return false
    const request = machine.begin(asked, this.clock())
    this.ctx.storage.kv.put('request', request)
    void this.ctx.storage.setAlarm(machine.endOf(request) * 1000)
    return true
  }

  look(): { waiting: machine.Waiting } | { absent: machine.Absent } {
    const request = this.#request()
    return request === undefined ? { absent: 'unknown' } : machine.waiting(request, this.clock())
  }

  answer(answered: { approval: machine.Approval } | 'denied'): 'done' | machine.Absent {
    const before = this.#request()
    if (before === undefined) return 'unknown'
    const { request, outcome } = machine.answer(before, answered, this.clock())
    this.#keep(before, request)
    return outcome
  }

  poll(by: Parameters<typeof machine.poll>[1]): machine.Polled {
    const before = this.#request()
    if (before === undefined) return { outcome: 'unknown' }
    const { request, outcome } = machine.poll(before, by, this.clock())
    this.#keep(before, request)
    return outcome
  }

  override async alarm(): Promise<void> {
    const request = this.#request()
    if (request !== undefined && this.clock() < machine.endOf(request))
      await this.ctx.storage.setAlarm(machine.endOf(request) * 1000)
    else await this.ctx.storage.deleteAll()
  }

  #request(): machine.Request | undefined {
    return this.ctx.storage.kv.get<machine.Request>('request')
  }

  #keep(before: machine.Request, request: machine.Request): void {
    if (request !== before) this.ctx.storage.kv.put('request', request)
  }
}

/** The port over the objects. */
export const objectDeviceRequests = (
  namespace: DurableObjectNamespace<DeviceRequestObject>,
): DeviceRequests => ({
  begin: async (asked) => namespace.getByName(asked.name).begin(asked),
  look: async (name) => namespace.getByName(name).look(),
  answer: async (name, answered) => namespace.getByName(name).answer(answered),
  poll: async (name, by) => namespace.getByName(name).poll(by),
})
