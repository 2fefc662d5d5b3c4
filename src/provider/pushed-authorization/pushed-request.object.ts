import { DurableObject } from 'cloudflare:workers'
import { type Digest, digest, sameDigest } from '../../kernel/digest.ts'
import { addressed, type Entropy, newHandle, newObjectName } from '../../kernel/handle.ts'
import { after, type Clock, type Instant, systemClock } from '../../kernel/instant.ts'
import { AcceptedRequest } from '../authorization/accept.ts'
import type { PushedRequests } from '../authorization/pushed-requests.ts'

interface Pushed {
  readonly secret: Digest
  /** The accepted request as JSON. */
  readonly request: string
  readonly until: Instant
}

/** One pushed request, until it is taken or a minute has passed. */
export class PushedRequestObject extends DurableObject<Env> {
  /** Replaced by tests. */
  clock: Clock = systemClock

  async keep(pushed: Pushed): Promise<void> {
    this.ctx.storage.kv.put('pushed', pushed)
    await this.ctx.storage.setAlarm(pushed.until * 1000)
  }

  /** Nothing waits between the read and the removal: of two who take, one gets it. A wrong secret takes nothing. */
  async take(secret: Digest): Promise<{ request: string } | undefined> {
    const pushed = this.ctx.storage.kv.get<Pushed>('pushed')
    if (pushed === undefined || !sameDigest(pushed.secret, secret)) return undefined
    this.ctx.storage.kv.delete('pushed')
    await this.ctx.storage.deleteAll()
    return this.clock() < pushed.until ? { request: pushed.request } : undefined
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }
}

export interface PushedRequestsNeeds {
  readonly namespace: DurableObjectNamespace<PushedRequestObject>
  readonly entropy: Entropy
  readonly clock: Clock
}

/** Pushed requests, an object each. */
export const objectPushedRequests = ({ namespace, entropy, clock }: PushedRequestsNeeds): PushedRequests => ({
  async keep(request, lifetime) {
    const name = newObjectName(entropy)
    const secret = newHandle(entropy)
    await namespace.getByName(name).keep({
      secret: await digest(secret),
      request: JSON.stringify(request),
      until: after(clock(), lifetime),
    })
    return addressed(name, secret)
  },
  async take({ object, secret }) {
    const taken = await namespace.getByName(object).take(await digest(secret))
    return taken === undefined ? undefined : AcceptedRequest.parse(JSON.parse(taken.request))
  },
})
