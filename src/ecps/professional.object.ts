import { DurableObject } from 'cloudflare:workers'
import type * as z from 'zod'
import { digest } from '../kernel/digest.ts'
import { address, addressed, type Entropy, newHandle } from '../kernel/handle.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import { type Instant, systemClock } from '../kernel/instant.ts'
import type { Place } from '../kernel/place.ts'
import type { LiveEvent } from './contract.ts'
import type { Professional, Waiting } from './professional.ts'
import * as machine from './professional.ts'
import type { ProfessionalName } from './professional-name.ts'
import type {
  CardWaiting,
  FreshProof,
  NotAdmitted,
  OpenedSession,
  Phones,
  Professionals,
} from './professionals.ts'

/** First subprotocol of the live socket; the second is the ticket. */
export const LIVE_PROTOCOL = 'serment.live'
const MAX_SOCKETS = 8

function load(kv: SyncKvStorage): Professional {
  return {
    proofs: kv.get<Professional['proofs']>('proofs') ?? machine.NOBODY.proofs,
    waiting: kv.get<Professional['waiting']>('waiting') ?? machine.NOBODY.waiting,
    forCard: kv.get<Professional['forCard']>('forCard') ?? machine.NOBODY.forCard,
    signIns: kv.get<Professional['signIns']>('signIns') ?? machine.NOBODY.signIns,
    sessions: kv.get<Professional['sessions']>('sessions') ?? machine.NOBODY.sessions,
    closings: kv.get<Professional['closings']>('closings') ?? machine.NOBODY.closings,
    tickets: kv.get<Professional['tickets']>('tickets') ?? machine.NOBODY.tickets,
    activations: kv.get<Professional['activations']>('activations') ?? machine.NOBODY.activations,
    refusals: kv.get<Professional['refusals']>('refusals') ?? machine.NOBODY.refusals,
    misses: kv.get<Professional['misses']>('misses') ?? machine.NOBODY.misses,
    rings: kv.get<Professional['rings']>('rings') ?? machine.NOBODY.rings,
    closedUntil: kv.get<Instant>('closedUntil') ?? machine.NOBODY.closedUntil,
    userCode: kv.get<string>('userCode') ?? machine.NOBODY.userCode,
  }
}

const PARTS = [
  'proofs',
  'waiting',
  'forCard',
  'signIns',
  'sessions',
  'closings',
  'tickets',
  'activations',
  'refusals',
  'misses',
  'rings',
  'closedUntil',
  'userCode',
] as const satisfies readonly (keyof Professional)[]

/**
 * One professional's meeting point, around `professional.ts`. Every method reads, decides and writes without waiting
 * in between. The app's WebSocket hibernates here; what changes is pushed to it as a hint to fetch.
 */
export class ProfessionalObject extends DurableObject<Env> {
  #state: Professional

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#state = load(state.storage.kv)
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  admit(proof: FreshProof): { admitted: true; userCode: boolean } | NotAdmitted {
    return this.#by(proof, (next) => ({ next, answer: { admitted: true, userCode: next.userCode !== '' } }))
  }

  setUserCode(proof: FreshProof, userCode: string): { userCode: boolean } | NotAdmitted {
    return this.#by(proof, (state) => ({
      next: { ...state, userCode },
      answer: { userCode: userCode !== '' },
    }))
  }

  pending(proof: FreshProof): { waiting: string[] } | NotAdmitted {
    return this.#by(proof, (next) => ({
      next,
      answer: { waiting: next.waiting.map(({ approval }) => approval) },
    }))
  }

  /** For a bonded browser or a service: no proof, because it is not the phone that asks. */
  announce(request: Waiting): machine.Announced & { live: boolean } {
    const { next, ...answer } = machine.announce(this.#fresh(), request, systemClock())
    if (request.forCard !== true) this.#tellOf(answer)
    this.#commit(next)
    return { ...answer, live: this.#sockets().length > 0 }
  }

  paired(proof: FreshProof, request: Waiting): machine.Announced | NotAdmitted {
    return this.#by(proof, (state, now) => {
      const { next, ...answer } = machine.announce(state, request, now)
      this.#tellOf(answer)
      return { next, answer }
    })
  }

  mayPair(): boolean {
    return this.#fresh().misses.length < machine.MAX_MISSES
  }

  missed(proof: FreshProof): { counted: true } | NotAdmitted {
    return this.#by<{ counted: true }>(proof, (state, now) =>
      state.misses.length >= machine.MAX_MISSES
        ? { next: state, answer: { refused: 'too-many' } }
        : { next: machine.miss(state, now), answer: { counted: true } },
    )
  }

  settled(
    proof: FreshProof,
    decided: {
      approval: string
      outcome: 'approved' | 'wrong-code' | 'denied'
      service: string
      place: Place
    },
  ): void {
    const state = this.#fresh()
    const seen = machine.witness(state, proof)
    this.#commit(machine.settle('next' in seen ? seen.next : state, decided, systemClock()))
  }

  /** The approvals that wait for the card. No proof: whoever asks has seen the card. */
  waitingForCard(): { waiting: string[] } {
    return { waiting: this.#fresh().forCard.map(({ approval }) => approval) }
  }

  settledByCard(decided: Omit<Parameters<typeof machine.settle>[1], 'means'>): void {
    this.#commit(machine.settle(this.#fresh(), { ...decided, means: 'CARD' }, systemClock()))
  }

  withdrawn(approval: string): void {
    this.#commit(machine.withdraw(this.#fresh(), approval))
  }

  signIns(proof: FreshProof): { signIns: (machine.RecentSignIn & { live: boolean })[] } | NotAdmitted {
    return this.#by(proof, (next) => ({
      next,
      answer: { signIns: next.signIns.map((signIn) => ({ ...signIn, live: machine.isLive(next, signIn) })) },
    }))
  }

  sessions(proof: FreshProof): { sessions: string[] } | NotAdmitted {
    return this.#by(proof, (next) => ({
      next,
      answer: { sessions: next.sessions.map(({ session }) => session) },
    }))
  }

  sessionOpened({ session, service, at, place, means, card }: OpenedSession): 'listed' | 'closed' {
    const opened = { session, service, at, place, means, card }
    const { next, outcome } = machine.openSession(this.#fresh(), opened)
    this.#commit(next)
    return outcome
  }

  closeSessions(card: string | undefined): { sessions: readonly string[] } {
    const { next, sessions } = machine.closeSessions(this.#fresh(), card, systemClock())
    this.#commit(next)
    return { sessions }
  }

  sessionsEnded(sessions: readonly string[]): void {
    this.#commit(machine.endSessions(this.#fresh(), sessions))
  }

  ticket(proof: FreshProof, ticketDigest: string, device: string): { issued: true } | NotAdmitted {
    return this.#by(proof, (state, now) => ({
      next: machine.issueTicket(state, ticketDigest, device, now),
      answer: { issued: true },
    }))
  }

  deviceRevoked(proof: FreshProof, device: string): { cancel: readonly string[] } | NotAdmitted {
    return this.#by(proof, (state) => {
      const { next, cancel } = machine.dropDevice(state, device)
      for (const socket of this.ctx.getWebSockets(device)) socket.close(4001, 'revoked')
      return { next, answer: { cancel } }
    })
  }

  activationBegun(): 'within' | 'exceeded' {
    const { next, outcome } = machine.beginActivation(this.#fresh(), systemClock())
    this.#commit(next)
    return outcome
  }

  /** The WebSocket of the app, and nothing else. */
  override async fetch(request: Request): Promise<Response> {
    const secret = ticketOf(request)?.secret
    if (request.headers.get('upgrade') !== 'websocket' || secret === undefined)
      return new Response(null, { status: 400 })
    const presented = await digest(secret)
    const { next, device } = machine.takeTicket(this.#fresh(), presented)
    this.#commit(next)
    if (device === undefined) return new Response(null, { status: 401 })
    const sockets = this.#sockets()
    if (sockets.length >= MAX_SOCKETS) sockets[0]?.close(4002, 'too many')
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server, [device])
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { 'sec-websocket-protocol': LIVE_PROTOCOL },
    })
  }

  /** The app only listens. */
  override webSocketMessage(): void {}

  override async alarm(): Promise<void> {
    const next = this.#fresh()
    this.#commit(next)
    if (machine.isBlank(next, systemClock())) {
      this.#state = machine.NOBODY
      await this.ctx.storage.deleteAll()
      return
    }
    const wake = machine.wakeAt(next)
    if (wake !== undefined) await this.ctx.storage.setAlarm(wake * 1000)
  }

  #fresh(): Professional {
    return machine.expire(this.#state, systemClock())
  }

  #by<Answer>(
    proof: FreshProof,
    work: (state: Professional, now: Instant) => { next: Professional; answer: Answer | NotAdmitted },
  ): Answer | NotAdmitted {
    const seen = machine.witness(this.#fresh(), proof)
    if ('refused' in seen) return seen
    const { next, answer } = work(seen.next, systemClock())
    this.#commit(next)
    return answer
  }

  #commit(next: Professional): void {
    const before = this.#state
    this.#state = next
    for (const part of PARTS) if (next[part] !== before[part]) this.ctx.storage.kv.put(part, next[part])
    const wake = machine.wakeAt(next)
    if (wake !== undefined && wake !== machine.wakeAt(before)) void this.ctx.storage.setAlarm(wake * 1000)
    if (next.waiting !== before.waiting) this.#push({ type: 'requests-changed' })
    if (next.signIns !== before.signIns || next.sessions !== before.sessions)
      this.#push({ type: 'sign-ins-changed' })
  }

  /** Before the list is seen to be empty: why it is. */
  #tellOf({ outcome }: machine.Announced): void {
    if (outcome === 'two-at-once') this.#push({ type: 'two-at-once' })
  }

  #sockets(): WebSocket[] {
    return this.ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN)
  }

  #push(event: z.infer<typeof LiveEvent>): void {
    for (const socket of this.#sockets()) socket.send(JSON.stringify(event))
  }
}

/** The ticket of a WebSocket request: `Sec-WebSocket-Protocol: serment.live, <object>.<secret>` (RFC 6455 §4.1). */
function ticketOf(request: Request): { object: ObjectName; secret: string } | undefined {
  const [protocol, ticket, ...more] = (request.headers.get('sec-websocket-protocol') ?? '')
    .split(',')
    .map((part) => part.trim())
  return protocol === LIVE_PROTOCOL && ticket !== undefined && more.length === 0 ? address(ticket) : undefined
}

/** Keyed, because a code of four digits is guessed in no time; a name has no blank in it, so this is nobody's. */
const userCodeDigest = (name: ProfessionalName, practitionerId: string, code: string): Promise<string> =>
  name(`${practitionerId} user code ${code}`)

interface Needs {
  readonly namespace: DurableObjectNamespace<ProfessionalObject>
  readonly name: ProfessionalName
}

/** The port over the objects. */
export function objectProfessionals({
  namespace,
  name,
  entropy,
}: Needs & { readonly entropy: Entropy }): Professionals {
  const of = async (practitionerId: string) => namespace.getByName(await name(practitionerId))
  return {
    admit: async (id, proof) => (await of(id)).admit(proof),
    setUserCode: async (id, proof, code) =>
      (await of(id)).setUserCode(proof, code === undefined ? '' : await userCodeDigest(name, id, code)),
    pending: async (id, proof) => (await of(id)).pending(proof),
    paired: async (id, proof, { approval, service, expiresAt }) => {
      const loginName = address(approval)?.object ?? approval
      return (await of(id)).paired(proof, { approval, loginName, service, expiresAt, by: 'pairing' })
    },
    mayPair: async (id) => (await of(id)).mayPair(),
    missed: async (id, proof) => (await of(id)).missed(proof),
    settled: async (id, proof, decided) => (await of(id)).settled(proof, decided),
    withdrawn: async (id, approval) => (await of(id)).withdrawn(approval),
    signIns: async (id, proof) => (await of(id)).signIns(proof),
    sessions: async (id, proof) => (await of(id)).sessions(proof),
    sessionOpened: async (opened) => (await of(opened.practitionerId)).sessionOpened(opened),
    closeSessions: async (id, card) => (await (await of(id)).closeSessions(card)).sessions,
    sessionsEnded: async (id, sessions) => (await of(id)).sessionsEnded(sessions),
    ticket: async (id, proof, device) => {
      const object = await name(id)
      const secret = newHandle(entropy)
      const issued = await namespace.getByName(object).ticket(proof, await digest(secret), device)
      return 'refused' in issued ? issued : { ticket: addressed(object, secret) }
    },
    connect: async (request) => {
      const ticket = ticketOf(request)
      if (ticket === undefined) return new Response(null, { status: 401 })
      return namespace.getByName(ticket.object).fetch(request)
    },
    deviceRevoked: async (id, proof, device) => (await of(id)).deviceRevoked(proof, device),
    activationBegun: async (id) => (await of(id)).activationBegun(),
  }
}

/** What waits for the card. */
export const objectCardWaiting = ({ namespace, name }: Needs): CardWaiting => {
  const of = async (id: string) => namespace.getByName(await name(id))
  return {
    of: async (id) => (await (await of(id)).waitingForCard()).waiting,
    settled: async (id, decided) => (await of(id)).settledByCard(decided),
  }
}

/** What is rung from outside the phone. */
export function objectPhones({ namespace, name }: Needs): Phones {
  return {
    announce: async ({ practitionerId, askedBy, userCode, ...request }) => {
      const object = namespace.getByName(await name(practitionerId))
      const code = userCode === undefined ? undefined : await userCodeDigest(name, practitionerId, userCode)
      const announced = await object.announce(
        askedBy === undefined
          ? { ...request, by: 'bond' }
          : { ...request, by: 'service', clientId: askedBy, userCode: code },
      )
      switch (announced.outcome) {
        case 'listed':
          return { outcome: 'listed', live: announced.live }
        case 'two-at-once':
          return { outcome: 'two-at-once', cancel: announced.cancel }
        case 'user-code':
          return { outcome: 'user-code' }
        default:
          return { outcome: 'closed' }
      }
    },
    withdraw: async ({ practitionerId, approval }) =>
      namespace.getByName(await name(practitionerId)).withdrawn(approval),
  }
}
