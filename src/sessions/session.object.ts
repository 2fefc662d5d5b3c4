import { DurableObject } from 'cloudflare:workers'
import { base64url } from 'jose'
import type { Digest } from '../kernel/digest.ts'
import { addressed, systemEntropy } from '../kernel/handle.ts'
import type { ClientId, ObjectName } from '../kernel/identifiers.ts'
import { type Clock, type Instant, systemClock } from '../kernel/instant.ts'
import { lifetimesOf } from '../kernel/lifetimes.ts'
import { redeem } from './codes.ts'
import * as families from './families.ts'
import * as machine from './session.ts'
import type { CodeBinding, Grant, Revocation, SessionSubject, Sessions } from './sessions.ts'

/**
 * A single sign-on session: keeps what `session.ts`, `codes.ts` and `families.ts` say. Between a read and its write nothing waits, so each method
 * is atomic. The identity (a few kB) is written once; what changes at every visit is kept apart and is small.
 */
export class SessionObject extends DurableObject<Env> {
  /** Replaced by tests. */
  clock: Clock = systemClock

  async open(input: Parameters<Sessions['open']>[0]): Promise<{ sid: string }> {
    const now = this.clock()
    const { name, secret, subject, place, code, binding, serviceName } = input
    const session = machine.open({
      name,
      secret,
      subject,
      place,
      openedAt: now,
      limits: this.#limits(),
    })
    const freshSid = this.#freshSid(name)
    const { life, result } = machine.authorize(session, { secret, code, binding, serviceName, freshSid }, now)
    this.ctx.storage.kv.put('identity', session.identity)
    this.ctx.storage.kv.put('life', life)
    await this.ctx.storage.setAlarm(machine.endOf({ identity: session.identity, life }) * 1000)
    return result ?? { sid: freshSid }
  }

  async grant(name: ObjectName, input: Parameters<Sessions['grant']>[1]): Promise<families.Redemption> {
    const now = this.clock()
    // No browser holds this session: the digest of a secret that was never made is matched by none.
    const secret = base64url.encode(systemEntropy(32)) as Digest
    const { subject, place, since, ...asked } = input
    const openedAt = since ?? now
    const session = machine.open({ name, secret, subject, place, openedAt, limits: this.#limits() })
    const fresh = { freshSid: this.#freshSid(name), freshFamily: this.#random() }
    const { life, result } = families.grantDirectly(session, { ...asked, ...fresh }, now)
    if ('refused' in result) return result
    this.ctx.storage.kv.put('identity', session.identity)
    this.ctx.storage.kv.put('life', life)
    await this.ctx.storage.setAlarm(machine.endOf({ identity: session.identity, life }) * 1000)
    return result
  }

  async look(secret: Digest): Promise<{ subject: SessionSubject; services: ClientId[] } | undefined> {
    return this.#step((session) => machine.look(session, secret, this.clock()))
  }

  async authorize(
    secret: Digest,
    code: Digest,
    binding: CodeBinding,
    serviceName: string,
  ): Promise<{ sid: string } | undefined> {
    return this.#step((session) => {
      const freshSid = this.#freshSid(session.identity.name)
      return machine.authorize(session, { secret, code, binding, serviceName, freshSid }, this.clock())
    })
  }

  async redeem(input: Parameters<Sessions['redeem']>[1]): Promise<families.Redemption> {
    const freshFamily = this.#random()
    const result = this.#step((session) => redeem(session, { ...input, freshFamily }, this.clock()))
    return result ?? { refused: 'unknown' }
  }

  async rotate(input: Parameters<Sessions['rotate']>[1]): Promise<families.Redemption> {
    return this.#step((session) => families.rotate(session, input, this.clock())) ?? { refused: 'unknown' }
  }

  async inspect(family: string): Promise<{ grant: Grant } | undefined> {
    const session = this.#stored()
    return session === undefined ? undefined : families.inspect(session, family, this.clock())
  }

  async lend(family: string, lifetime: number): Promise<{ grant: Grant } | undefined> {
    return this.#step((session) => families.lend(session, family, lifetime, this.clock()))
  }

  async inspectRefresh(
    refresh: Digest,
  ): Promise<{ grant: Grant; issuedAt: Instant; expiresAt: Instant } | undefined> {
    const session = this.#stored()
    return session === undefined ? undefined : families.inspectRefresh(session, refresh, this.clock())
  }

  async revoke(
    token: { readonly family: string } | { readonly refresh: Digest },
    clientId: ClientId,
  ): Promise<Revocation> {
    return this.#step((session) => families.revoke(session, token, clientId)) ?? 'unknown'
  }

  async end(): Promise<
    { services: { clientId: ClientId; sid: string }[]; practitionerId: string } | undefined
  > {
    const session = this.#stored()
    if (session === undefined) return undefined
    await this.ctx.storage.deleteAll()
    return {
      services: session.life.services.map(({ clientId, sid }) => ({ clientId, sid })),
      practitionerId: session.identity.subject.practitionerId,
    }
  }

  /** Visits move the end without moving the alarm (one row less to write a visit): it rings, looks, and waits on. */
  override async alarm(): Promise<void> {
    const session = this.#stored()
    if (session === undefined) return
    const end = machine.endOf(session)
    if (this.clock() < end) await this.ctx.storage.setAlarm(end * 1000)
    else await this.ctx.storage.deleteAll()
  }

  #stored(): machine.Session | undefined {
    const identity = this.ctx.storage.kv.get<machine.Identity>('identity')
    const life = this.ctx.storage.kv.get<machine.Life>('life')
    return identity === undefined || life === undefined ? undefined : { identity, life }
  }

  #step<Result>(step: (session: machine.Session) => machine.Outcome<Result>): Result | undefined {
    const session = this.#stored()
    if (session === undefined) return undefined
    const { life, result } = step(session)
    if (life !== session.life) this.ctx.storage.kv.put('life', life)
    return result
  }

  #limits(): machine.Limits {
    const { session, sessionIdle, code, refreshToken } = lifetimesOf(this.env)
    return { session, sessionIdle, code, refreshToken }
  }

  #random(): string {
    return base64url.encode(systemEntropy(16))
  }

  /** `<object>.<random>`: whoever holds an ID token can find the session that its `sid` names, and nobody else. */
  #freshSid(name: ObjectName): string {
    return addressed(name, this.#random())
  }
}

/** The sessions of a namespace: one call of one object each. */
export function objectSessions(namespace: DurableObjectNamespace<SessionObject>): Sessions {
  const at = (name: ObjectName) => namespace.getByName(name)
  return {
    open: (input) => at(input.name).open(input),
    grant: (name, input) => at(name).grant(name, input),
    look: (name, secret) => at(name).look(secret),
    authorize: (name, secret, code, binding, serviceName) =>
      at(name).authorize(secret, code, binding, serviceName),
    redeem: (name, input) => at(name).redeem(input),
    rotate: (name, input) => at(name).rotate(input),
    inspect: (name, family) => at(name).inspect(family),
    lend: (name, family, lifetime) => at(name).lend(family, lifetime),
    inspectRefresh: (name, refresh) => at(name).inspectRefresh(refresh),
    revoke: (name, token, clientId) => at(name).revoke(token, clientId),
    end: (name) => at(name).end(),
  }
}
