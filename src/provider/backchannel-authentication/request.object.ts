import { DurableObject } from 'cloudflare:workers'
import { base64url } from 'jose'
import type { Approval } from '../../ecps/approval.ts'
import type { Digest } from '../../kernel/digest.ts'
import { systemEntropy } from '../../kernel/handle.ts'
import type { ClientId, PractitionerId } from '../../kernel/identifiers.ts'
import { type Clock, systemClock } from '../../kernel/instant.ts'
import type { Channel } from '../../protocol/ciba/authentication-request.ts'
import * as machine from './request.ts'
import type { BackchannelRequests } from './requests.ts'

/** What the decision came to, and who wants to be told. */
export type Decided =
  | {
      outcome: 'approved' | 'wrong-code' | 'denied'
      clientId: ClientId
      ping: machine.Ping | undefined
    }
  | { refused: 'gone' | 'expired' | 'already-decided' }

/** One request of a service to a phone: keeps what `request.ts` says, and forgets it ten minutes after its end. */
export class CibaObject extends DurableObject<Env> {
  /** Replaced by tests. */
  clock: Clock = systemClock

  begin(asked: machine.Asked): void {
    const request = machine.begin(asked, this.clock())
    this.ctx.storage.kv.put('request', request)
    void this.ctx.storage.setAlarm(machine.endOf(request) * 1000)
  }

  address(practitionerId: string): { outcome: { approval: Approval } | 'gone' } {
    const before = this.#request()
    if (before === undefined) return { outcome: 'gone' }
    const random = (bytes: number) => base64url.encode(systemEntropy(bytes))
    const to = { practitionerId, id: random(16), nonce: random(32) }
    const { request, outcome } = machine.address(before, to, this.clock())
    this.#keep(before, request)
    return { outcome }
  }

  findApproval(
    channel: Channel,
    id: string,
    practitionerId: PractitionerId,
  ): { approval: Approval | undefined } {
    const request = this.#request()
    const approval = request && machine.waitingApproval(request, channel, id, practitionerId, this.clock())
    return { approval }
  }

  decide(decision: Parameters<typeof machine.decide>[1]): Decided {
    const before = this.#request()
    if (before === undefined) return { refused: 'gone' }
    const { request, outcome } = machine.decide(before, decision, this.clock())
    this.#keep(before, request)
    return outcome === 'gone' || outcome === 'expired' || outcome === 'already-decided'
      ? { refused: outcome }
      : { outcome, clientId: request.clientId, ping: request.ping }
  }

  cancelApproval(id: string, reason: 'two-at-once' | 'device-revoked'): void {
    const before = this.#request()
    if (before !== undefined) this.#keep(before, machine.cancel(before, id, reason))
  }

  poll(by: { readonly secret: Digest; readonly clientId: ClientId }): machine.Polled {
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
export const objectBackchannelRequests = (
  namespace: DurableObjectNamespace<CibaObject>,
): BackchannelRequests => ({
  begin: async (asked) => namespace.getByName(asked.name).begin(asked),
  address: async (name, practitionerId) => namespace.getByName(name).address(practitionerId),
  poll: async (name, by) => namespace.getByName(name).poll(by),
})
