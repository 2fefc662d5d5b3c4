import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Trail } from '../audit/trail.ts'
import type { Approvals } from '../ecps/approvals.ts'
import type { Phones } from '../ecps/professionals.ts'
import { digest } from '../kernel/digest.ts'
import type { Entropy } from '../kernel/handle.ts'
import type { PractitionerId } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import type { Passkeys } from '../passkeys/passkeys.ts'
import { assertionOptions } from '../protocol/webauthn/assertion.ts'
import type { WebAuthnPolicy } from '../protocol/webauthn/policy.ts'
import type { AcquaintanceBook } from './acquaintances.ts'
import {
  BOND_LIFETIME,
  type Bonds,
  bondOf,
  type HeldBond,
  keepingBonds,
  newBondSecret,
  readBonds,
  withBond,
} from './bonds.ts'
import { cardRoutes } from './card.routes.tsx'
import { PasskeyAnswer } from './contract.ts'
import { DisclosurePage } from './disclosure.page.tsx'
import { goneState } from './login.ts'
import { sendOn } from './onward.page.tsx'
import { signInByPasskey } from './passkey.ts'
import { OnPhonePage, PairingPage } from './phone.page.tsx'
import { comesFromHere } from './same-origin.ts'
import type { PasskeyOwners } from './sign-in.ts'
import {
  atLogin,
  type Handler,
  named,
  problemOf,
  show,
  showProblem,
  type VisitNeeds,
  visit,
} from './visit.page.tsx'
import { WaysPage } from './ways.page.tsx'
import { withdraw } from './withdraw.ts'

export interface MireNeeds extends VisitNeeds {
  readonly policy: WebAuthnPolicy
  readonly owners: PasskeyOwners
  readonly passkeys: Pick<Passkeys, 'touch'>
  readonly acquaintances: Pick<AcquaintanceBook, 'remember'>
  readonly bonds: Pick<Bonds, 'held' | 'make'>
  readonly phones: Phones
  readonly approvals: Pick<Approvals, 'cancel'>
  readonly trail: Trail
  readonly clock: Clock
  readonly entropy: Entropy
  /** Work behind the answer, that nobody waits for. */
  readonly defer: (work: Promise<unknown>) => void
}

/** An assertion is a few kilobytes; a form of ours, less. */
const MOST_BYTES = 32_768

/** The mire: `/login/<name>` and what its pages ask. Mounted at `/`. */
export const mireRoutes = (needs: MireNeeds) =>
  new Hono()
    .get('/login/:login', atLogin(needs, showLogin))
    .route('/', cardRoutes(needs))
    .get('/login/:login/state', (context) => state(context, needs))
    .get('/login/:login/options', (context) => options(context, needs))
    .get('/login/:login/live', (context) => live(context, needs))
    .use('/login/*', bodyLimit({ maxSize: MOST_BYTES }))
    .post('/login/:login/passkey', (context) => passkey(context, needs))
    .post('/login/:login/phone', atLogin(needs, askPhone))
    .post('/login/:login/another-way', atLogin(needs, anotherWay))
    .post('/login/:login/acknowledge', atLogin(needs, acknowledge))
    .post('/login/:login/cancel', atLogin(needs, cancel))

const showLogin: Handler<MireNeeds> = async (context, needs, { name, browser }) => {
  const seen = await needs.interactions.view(name, browser)
  if ('absent' in seen) return showProblem(context, needs, problemOf(seen.absent))
  const { view } = seen
  switch (view.state.status) {
    case 'gone':
      return showProblem(context, needs, 'finished')
    case 'cancelled':
      return sendOn(context, needs, view.state.next)
    case 'proved':
      return view.state.disclose
        ? show(context, needs, name, view, (props) => <DisclosurePage {...props} />)
        : sendOn(context, needs, view.state.next)
    case 'waiting': {
      const closed = context.req.query('rung') === 'closed'
      return show(context, needs, name, view, (props) => <PairingPage {...props} closed={closed} />)
    }
    case 'on-phone':
      return show(context, needs, name, view, (props) => <OnPhonePage {...props} />)
    default: {
      const ask = await assertionOptions({ policy: needs.policy, challenge: view.challenge })
      const bonds = await heldBonds(context, needs)
      return show(context, needs, name, view, (props) => (
        <WaysPage {...props} options={ask} bonds={bonds} cards={needs.cardOrigins.length > 0} />
      ))
    }
  }
}

/** Whom this browser may ring. A cookie that names bonds no longer good is rewritten without them. */
async function heldBonds(
  context: Context,
  { cookies, bonds, clock }: MireNeeds,
): Promise<readonly HeldBond[]> {
  const cookie = cookies.read(context, 'bond')
  const secrets = readBonds(cookie)
  if (secrets.length === 0) return []
  const held = await bonds.held(secrets, clock())
  if (held.length === 0) cookies.clear(context, 'bond')
  else if (held.length < secrets.length)
    cookies.write(context, 'bond', keepingBonds(cookie, new Set(held.map(({ id }) => id))), BOND_LIFETIME)
  return held
}

async function state(context: Context, needs: MireNeeds) {
  context.header('Cache-Control', 'no-store')
  const here = await visit(context, needs)
  if ('problem' in here) {
    const problem = await named(context, needs, here.problem)
    return context.json({ error: problem }, problem === 'unknown' ? 410 : 403)
  }
  const seen = await needs.interactions.look(here.name, here.browser)
  if (!('absent' in seen)) return context.json(seen.state)
  return seen.absent === 'gone'
    ? context.json(goneState(here.name), 410)
    : context.json({ error: seen.absent }, 403)
}

/** A fresh challenge, after one was spent. */
async function options(context: Context, needs: MireNeeds) {
  context.header('Cache-Control', 'no-store')
  const here = await visit(context, needs)
  const seen = 'problem' in here ? here : await needs.interactions.view(here.name, here.browser)
  if (!('view' in seen)) return context.json({ error: 'problem' in seen ? seen.problem : seen.absent }, 403)
  return context.json(await assertionOptions({ policy: needs.policy, challenge: seen.view.challenge }))
}

async function live(context: Context, needs: MireNeeds) {
  if (context.req.header('upgrade')?.toLowerCase() !== 'websocket') return context.body(null, 426)
  // A WebSocket is not held to the same origin by browsers (RFC 6455 §10.2): we hold it.
  if (context.req.header('origin') !== needs.issuer) return context.body(null, 403)
  const here = await visit(context, needs)
  if ('problem' in here) return context.body(null, 403)
  return needs.interactions.live(here.name, here.browser)
}

async function passkey(context: Context, needs: MireNeeds) {
  context.header('Cache-Control', 'no-store')
  const { trail, clock } = needs
  if (!comesFromHere(context.req.raw.headers, needs.issuer))
    return context.json({ error: 'other-browser' }, 403)
  const here = await visit(context, needs)
  if ('problem' in here) {
    const problem = await named(context, needs, here.problem)
    return context.json({ error: problem === 'unknown' ? 'expired' : 'other-browser' }, 403)
  }
  const body = PasskeyAnswer.safeParse(await context.req.json().catch(() => undefined))
  if (!body.success) return context.json({ error: 'invalid-passkey' }, 400)

  const now = clock()
  const answered = await signInByPasskey(needs, { ...here, assertion: body.data.assertion }, now)
  if ('error' in answered) {
    const { error, detail, practitionerId } = answered
    trail.record({
      at: now,
      kind: 'login.refused',
      detail,
      ...(practitionerId === undefined ? {} : { practitionerId }),
    })
    return context.json({ error }, 403)
  }
  const { passkey: used, used: proof, clientId } = answered
  trail.record({
    at: now,
    kind: 'login.proved',
    practitionerId: used.practitionerId,
    clientId,
    detail: 'PASSKEY',
  })
  needs.defer(
    needs.passkeys.touch(used.credentialId, { counter: proof.counter, backedUp: proof.backedUp, at: now }),
  )
  withdraw(needs, answered.abandoned)
  if (body.data.trust) await trustBrowser(context, needs, used.practitionerId)
  return context.json(answered.state)
}

/** Only a passkey may: whoever holds this cookie will ring that person's phone. */
async function trustBrowser(context: Context, needs: MireNeeds, practitionerId: PractitionerId) {
  const { cookies, bonds, trail, clock, entropy, defer } = needs
  const { id, secret, value } = newBondSecret(entropy)
  // Nobody waits for the row: a cookie that came before it is, until then, a cookie of no bond.
  defer(bonds.make(bondOf(id, await digest(secret), practitionerId, clock())))
  cookies.write(context, 'bond', withBond(cookies.read(context, 'bond'), value), BOND_LIFETIME)
  trail.record({ at: clock(), kind: 'bond.made', practitionerId })
}

const askPhone: Handler<MireNeeds> = async (context, needs, { name, browser }) => {
  const { interactions, phones, approvals, trail, clock } = needs
  const page = `/login/${name}`
  const bond = (await context.req.parseBody()).bond
  const held = typeof bond === 'string' ? await heldBonds(context, needs) : []
  const asked = await interactions.askPhone(name, browser, held.find(({ id }) => id === bond)?.practitionerId)
  if ('absent' in asked) return showProblem(context, needs, problemOf(asked.absent))
  if (asked.outcome !== 'waiting' && asked.outcome !== 'ringing') return context.redirect(page, 303)
  withdraw(needs, asked.abandoned)
  if (asked.outcome === 'waiting') {
    trail.record({ at: clock(), kind: 'approval.asked', clientId: asked.clientId, detail: 'pairing' })
    return context.redirect(page, 303)
  }

  const { approval, clientId, clientName } = asked
  const { practitionerId, expiresAt } = approval
  const announced = await phones.announce({
    practitionerId,
    approval: approval.id,
    loginName: name,
    service: clientName,
    expiresAt,
  })
  trail.record({
    at: clock(),
    kind: 'approval.asked',
    practitionerId,
    clientId,
    detail: `bond: ${announced.outcome}`,
  })
  if (announced.outcome === 'two-at-once')
    for (const id of new Set([...announced.cancel, approval.id])) await approvals.cancel(id, 'two-at-once')
  if (announced.outcome !== 'closed') return context.redirect(page, 303)
  // The phone may not be rung: it can still come and fetch the request itself.
  await interactions.askPhone(name, browser, undefined)
  return context.redirect(`${page}?rung=closed`, 303)
}

const anotherWay: Handler<MireNeeds> = async (context, needs, { name, browser }) => {
  const outcome = await needs.interactions.anotherWay(name, browser)
  if ('absent' in outcome) return showProblem(context, needs, problemOf(outcome.absent))
  withdraw(needs, outcome.abandoned)
  return context.redirect(`/login/${name}`, 303)
}

const acknowledge: Handler<MireNeeds> = async (context, needs, { name, browser }) => {
  const { interactions, acquaintances, trail, clock, defer } = needs
  const outcome = await interactions.acknowledge(name, browser)
  if ('absent' in outcome) return showProblem(context, needs, problemOf(outcome.absent))
  if (outcome.outcome === 'nothing-to-read') return context.redirect(`/login/${name}`, 303)
  const { practitionerId, clientId, scope, resultAt } = outcome
  defer(acquaintances.remember(practitionerId, clientId, scope, clock()))
  trail.record({ at: clock(), kind: 'login.disclosed', practitionerId, clientId, detail: scope })
  return sendOn(context, needs, resultAt)
}

const cancel: Handler<MireNeeds> = async (context, needs, { name, browser }) => {
  const outcome = await needs.interactions.cancel(name, browser)
  if ('absent' in outcome) return showProblem(context, needs, problemOf(outcome.absent))
  withdraw(needs, outcome.abandoned)
  needs.trail.record({ at: needs.clock(), kind: 'login.cancelled', clientId: outcome.clientId })
  return sendOn(context, needs, outcome.resultAt)
}
