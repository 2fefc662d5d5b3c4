import { DurableObject } from 'cloudflare:workers'
import { base64url } from 'jose'
import type { Trail } from '../audit/trail.ts'
import type { Approval } from '../ecps/approval.ts'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import { type Entropy, newObjectName, systemEntropy } from '../kernel/handle.ts'
import type { ClientId, ObjectName, PractitionerId } from '../kernel/identifiers.ts'
import { type Clock, systemClock } from '../kernel/instant.ts'
import { type Lifetimes, lifetimesOf } from '../kernel/lifetimes.ts'
import type { Known } from './acquaintance.ts'
import type { Authentication } from './authentication.ts'
import { dynamicCode } from './dynamic-code.ts'
import type { Absent, Interactions, LoginView } from './interactions.ts'
import {
  abandoned,
  acknowledged,
  anotherWay,
  beginLogin,
  cancelled,
  collected,
  goneState,
  isOver,
  type Login,
  type LoginState,
  needsPairing,
  nextEnd,
  type Pairing,
  PHONE_ATTEMPTS,
  type Phase,
  passed,
  provedByPasskey,
  resultAt,
  stateOf,
  viewed,
} from './login.ts'
import { askedForCard, cardPresented, provedByCard, wayBackStrayed } from './login-by-card.ts'
import {
  approvalCancelled,
  askedForPairing,
  decided,
  paired,
  rang,
  waitingApproval,
} from './login-by-phone.ts'
import type { Collected, Logins } from './logins.ts'
import { newPairing } from './new-pairing.ts'
import { pairingText } from './pairing-code.ts'

/** Sockets of one login: a page, its reload, a second tab. */
const LIVE_SOCKETS = 4

type Beginning = Parameters<typeof beginLogin>[0]
/** What a method of the port answers, as the object says it. */
type Answer<Method extends keyof Interactions> = Awaited<ReturnType<Interactions[Method]>>

/**
 * One login interaction. Stores what `login.ts` says, tells its pages of every change, and forgets everything at the
 * end. Each method reads, decides and writes without waiting in between: that is what makes "once" once.
 */
export class LoginObject extends DurableObject<Env> {
  readonly #lifetimes: Lifetimes

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#lifetimes = lifetimesOf(env)
    // Answered by the runtime: a page that keeps its line open does not keep the object awake.
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  begin(input: Beginning): void {
    const login = beginLogin(input, systemClock(), this.#lifetimes)
    this.ctx.storage.kv.put('login', login)
    void this.ctx.storage.setAlarm(nextEnd(login) * 1000)
  }

  async view(browser: Digest): Promise<Answer<'view'>> {
    const shown = this.#of(browser)
    // Made before the step: it asks another object, and a step may not wait.
    const needed = 'login' in shown && needsPairing(shown.login, systemClock())
    const pairing = needed ? await this.#newPairing(shown.login.name) : undefined
    return this.#viewed(browser, pairing)
  }

  look(browser: Digest): Answer<'look'> {
    const found = this.#of(browser)
    return 'absent' in found ? found : { state: stateOf(found.login) }
  }

  prove(
    browser: Digest,
    proof: { readonly challenge: string; readonly authentication: Authentication; readonly known: Known },
  ): Answer<'prove'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const { login, outcome } = provedByPasskey(found.login, proof, systemClock())
    this.#keep(found.login, login)
    return outcome === 'proved'
      ? {
          outcome,
          state: stateOf(login),
          clientId: login.request.clientId,
          abandoned: abandoned(found.login, login),
        }
      : { outcome }
  }

  async askPhone(browser: Digest, practitionerId: PractitionerId | undefined): Promise<Answer<'askPhone'>> {
    const asked = this.#of(browser)
    if ('absent' in asked) return asked
    const { clientId, clientName } = asked.login.request
    if (practitionerId !== undefined) {
      const fresh = { ...seed(), practitionerId, code: dynamicCode(systemEntropy) }
      const { login, outcome } = rang(asked.login, fresh, systemClock(), this.#lifetimes)
      this.#keep(asked.login, login)
      if (outcome !== 'not-ringable')
        return typeof outcome === 'string'
          ? { outcome }
          : {
              outcome: 'ringing',
              clientId,
              clientName,
              approval: outcome.approval,
              abandoned: abandoned(asked.login, login),
            }
    }
    const pairing = await this.#newPairing(asked.login.name)
    const found = this.#of(browser)
    if ('absent' in found) return found
    const { login, outcome } = askedForPairing(
      found.login,
      { pairing, code: dynamicCode(systemEntropy) },
      systemClock(),
    )
    this.#keep(found.login, login)
    return outcome === 'waiting'
      ? { outcome, clientId, abandoned: abandoned(found.login, login) }
      : { outcome }
  }

  askCard(browser: Digest, handle: Digest): Answer<'askCard'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const { login, outcome } = askedForCard(found.login, handle, systemClock())
    this.#keep(found.login, login)
    return outcome === 'awaited'
      ? { outcome, clientId: login.request.clientId, abandoned: abandoned(found.login, login) }
      : { outcome }
  }

  proveByCard(browser: Digest, back: Digest): Answer<'proveByCard'> {
    const found = this.#of(browser)
    if ('absent' in found) {
      const before = this.#login()
      if (before !== undefined) this.#keep(before, wayBackStrayed(before, back))
      return found
    }
    const { login, outcome } = provedByCard(found.login, back, systemClock())
    this.#keep(found.login, login)
    return typeof outcome === 'string'
      ? { outcome }
      : {
          outcome: 'proved',
          state: stateOf(login),
          clientId: login.request.clientId,
          practitionerId: outcome.authentication.practitioner.id,
        }
  }

  anotherWay(browser: Digest): Answer<'anotherWay'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const login = anotherWay(found.login, systemClock())
    this.#keep(found.login, login)
    return { outcome: 'choosing', abandoned: abandoned(found.login, login) }
  }

  acknowledge(browser: Digest): Answer<'acknowledge'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const { login, outcome } = acknowledged(found.login, systemClock())
    this.#keep(found.login, login)
    if (outcome === 'nothing-to-read') return { outcome }
    const { clientId, scope } = login.request
    const { practitionerId } = outcome
    return { outcome: 'acknowledged', practitionerId, clientId, scope, resultAt: resultAt(login) }
  }

  cancel(browser: Digest): Answer<'cancel'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const login = cancelled(found.login, systemClock())
    this.#keep(found.login, login)
    const { clientId } = login.request
    const left = abandoned(found.login, login)
    return { outcome: 'cancelled', clientId, resultAt: resultAt(login), abandoned: left }
  }

  collect(browser: Digest): Collected {
    const found = this.#of(browser)
    if ('absent' in found) return { outcome: found.absent }
    const { login, outcome } = collected(found.login, browser, systemClock())
    this.#keep(found.login, login)
    return outcome
  }

  /** Towards the card host, which has found the card good. */
  presentCard(
    shown: Parameters<typeof cardPresented>[1],
  ): { outcome: 'presented' } | { refused: 'unknown' | 'expired' | 'closed' } {
    const before = this.#login()
    if (before === undefined) return { refused: 'expired' }
    const { login, outcome } = cardPresented(before, shown, systemClock())
    this.#keep(before, login)
    return outcome === 'presented' ? { outcome } : { refused: outcome }
  }

  // Towards the phone: the caller is the e-CPS, which has verified device and passkey.

  pair(
    by: Parameters<typeof paired>[1],
  ): { approval: Approval; clientId: ClientId } | { refused: 'unknown' | 'expired' | 'already-paired' } {
    const before = this.#login()
    if (before === undefined) return { refused: 'unknown' }
    const { login, outcome } = paired(before, by, seed(), systemClock(), this.#lifetimes)
    this.#keep(before, login)
    return typeof outcome === 'string'
      ? { refused: outcome }
      : { approval: outcome.approval, clientId: login.request.clientId }
  }

  findApproval(id: string, practitionerId: PractitionerId): { approval: Approval | undefined } {
    const login = this.#login()
    return {
      approval: login === undefined ? undefined : waitingApproval(login, id, practitionerId, systemClock()),
    }
  }

  decide(
    decision: Parameters<typeof decided>[1],
  ):
    | { outcome: 'approved' | 'wrong-code' | 'denied'; clientId: ClientId }
    | { refused: 'gone' | 'expired' | 'already-decided' } {
    const before = this.#login()
    if (before === undefined) return { refused: 'gone' }
    const { login, outcome } = decided(before, decision, systemClock())
    this.#keep(before, login)
    return outcome === 'gone' || outcome === 'expired' || outcome === 'already-decided'
      ? { refused: outcome }
      : { outcome, clientId: login.request.clientId }
  }

  cancelApproval(id: string, reason: 'two-at-once' | 'device-revoked'): void {
    const before = this.#login()
    if (before !== undefined) this.#keep(before, approvalCancelled(before, id, reason, systemClock()))
  }

  /** The page's WebSocket. Whose browser it is comes in a header that only our Worker writes. */
  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket')
      return new Response(null, { status: 426 })
    const login = this.#login()
    if (login === undefined) return new Response(null, { status: 410 })
    if (!sameDigest(login.browser, request.headers.get(BROWSER_HEADER) ?? ''))
      return new Response(null, { status: 403 })
    const { 0: client, 1: server } = new WebSocketPair()
    const open = this.ctx.getWebSockets().sort((a, b) => numberOf(a) - numberOf(b))
    for (const oldest of open.slice(0, Math.max(0, open.length - LIVE_SOCKETS + 1)))
      oldest.close(1013, 'too many pages')
    this.ctx.acceptWebSocket(server)
    server.serializeAttachment(open.reduce((most, socket) => Math.max(most, numberOf(socket)), 0) + 1)
    server.send(JSON.stringify(stateOf(passed(login, systemClock()))))
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(): void {
    // The page only listens.
  }

  override async alarm(): Promise<void> {
    const login = this.ctx.storage.kv.get<Login>('login')
    if (login === undefined) return
    const now = systemClock()
    if (isOver(login, now)) {
      this.#tell(goneState(login.name))
      for (const socket of this.ctx.getWebSockets()) socket.close(1000, 'over')
      await this.ctx.storage.deleteAll()
      return
    }
    const at = passed(login, now)
    this.#keep(login, at)
    void this.ctx.storage.setAlarm(nextEnd(at) * 1000)
  }

  #login(): Login | undefined {
    const login = this.ctx.storage.kv.get<Login>('login')
    return login === undefined || isOver(login, systemClock()) ? undefined : login
  }

  #of(browser: Digest): { login: Login } | { absent: Absent } {
    const login = this.#login()
    if (login === undefined) return { absent: 'gone' }
    return sameDigest(login.browser, browser) ? { login } : { absent: 'other-browser' }
  }

  #viewed(browser: Digest, pairing: Pairing | undefined): Answer<'view'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const challenge = base64url.encode(systemEntropy(32))
    const login = viewed(found.login, { challenge, pairing }, systemClock())
    this.#keep(found.login, login)
    return { view: viewOf(login, challenge) }
  }

  /** Stores what changed, moves the alarm where the next end moved, and tells the pages what they can see of it. */
  #keep(before: Login, login: Login): void {
    if (login === before) return
    this.ctx.storage.kv.put('login', login)
    if (nextEnd(login) !== nextEnd(before)) void this.ctx.storage.setAlarm(nextEnd(login) * 1000)
    const [was, is] = [stateOf(before), stateOf(login)]
    if (was.status !== is.status || was.disclose !== is.disclose) this.#tell(is)
  }

  #tell(state: LoginState): void {
    const message = JSON.stringify(state)
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(message)
      } catch {
        // Closed under our hand: the page polls, or is gone.
      }
    }
  }

  #newPairing(name: ObjectName): Promise<Pairing> {
    return newPairing({
      standsFor: 'login',
      name,
      lifetime: this.#lifetimes.pairing,
      claim: (code, ...claimed) => this.env.PAIRING.getByName(code).claim(...claimed),
      entropy: systemEntropy,
      clock: systemClock,
    })
  }
}

const BROWSER_HEADER = 'serment-browser'

/** In which order a socket came: the runtime does not say. */
function numberOf(socket: WebSocket): number {
  const number: unknown = socket.deserializeAttachment()
  return typeof number === 'number' ? number : 0
}

const seed = () => ({ id: base64url.encode(systemEntropy(16)), nonce: base64url.encode(systemEntropy(32)) })

function viewOf(login: Login, challenge: string): LoginView {
  const { phase, request } = login
  const { clientId, clientName, scope, phishingResistant, uiLocales, returnTo } = request
  return {
    state: stateOf(login),
    clientId,
    clientName,
    scope,
    phishingResistant,
    uiLocales,
    returnTo,
    resultAt: resultAt(login),
    expiresAt: login.expiresAt,
    challenge,
    ...onScreen(login.name, phase),
    ringable: login.ringable,
    phoneAttemptsLeft: PHONE_ATTEMPTS - login.phoneAttempts,
  }
}

function onScreen(name: ObjectName, phase: Phase): Pick<LoginView, 'pairing' | 'code' | 'until' | 'bonded'> {
  if (phase.status === 'on-phone') {
    const { code, expiresAt } = phase.approval
    return { pairing: undefined, code, until: expiresAt, bonded: phase.bonded }
  }
  const shown = phase.status === 'waiting' ? phase.pairings.at(-1) : undefined
  if (phase.status !== 'waiting' || shown === undefined)
    return { pairing: undefined, code: undefined, until: undefined, bonded: false }
  const pairing = { text: pairingText(name, shown.secret), code: shown.code }
  return { pairing, code: phase.code.code, until: shown.expiresAt, bonded: false }
}

/** The provider's port over `LoginObject`s. */
export const objectLogins = (
  namespace: DurableObjectNamespace<LoginObject>,
  { entropy, clock, trail }: { entropy: Entropy; clock: Clock; trail: Trail },
): Logins => ({
  async begin(input) {
    const name = newObjectName(entropy)
    await namespace.getByName(name).begin({ ...input, name })
    trail.record({ at: clock(), kind: 'login.begun', clientId: input.request.clientId })
    return name
  },
  collect: async (name, browser) => namespace.getByName(name).collect(browser),
})

/** The pages' port over `LoginObject`s. */
export const objectInteractions = (namespace: DurableObjectNamespace<LoginObject>): Interactions => ({
  view: async (name, browser) => namespace.getByName(name).view(browser),
  look: async (name, browser) => namespace.getByName(name).look(browser),
  live: async (name, browser) =>
    namespace
      .getByName(name)
      .fetch('https://login.invalid/live', { headers: { upgrade: 'websocket', [BROWSER_HEADER]: browser } }),
  prove: async (name, browser, proof) => namespace.getByName(name).prove(browser, proof),
  askPhone: async (name, browser, practitionerId) =>
    namespace.getByName(name).askPhone(browser, practitionerId),
  askCard: async (name, browser, handle) => namespace.getByName(name).askCard(browser, handle),
  proveByCard: async (name, browser, back) => namespace.getByName(name).proveByCard(browser, back),
  anotherWay: async (name, browser) => namespace.getByName(name).anotherWay(browser),
  acknowledge: async (name, browser) => namespace.getByName(name).acknowledge(browser),
  cancel: async (name, browser) => namespace.getByName(name).cancel(browser),
})
