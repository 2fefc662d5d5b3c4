import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type * as z from 'zod'
import type { EventKind } from '../audit/event.ts'
import { languageOf } from '../kernel/language.ts'
import { type ActivationNeeds, beginActivation, finishActivation, giveCodes } from './activation.ts'
import { beginByCard } from './activation-by-card.ts'
import { devicesOf, meOf, requestOf, signInOf } from './answers.ts'
import { type Caller, identify, notAdmitted } from './caller.ts'
import * as contract from './contract.ts'
import { type DecisionNeeds, decide } from './decision.ts'
import { type ProvenCall, verifyDeviceProof } from './device-proof.ts'
import { type Refused, refuse, STATUS } from './refusal.ts'
import { pair, waitingRequests } from './requests.ts'
import { type RevocationNeeds, revokeDevice } from './revocation.ts'

export interface EcpsNeeds extends ActivationNeeds, DecisionNeeds, RevocationNeeds {
  /** Ends these sessions and tells their relying parties. The professional's own list is told here, afterwards. */
  readonly endSessions: (practitionerId: string, sessions: readonly string[]) => Promise<void>
}

/** Largest body taken: an attestation is some 2 kB. */
const MAX_BODY = 32 * 1024

/**
 * The e-CPS web app's calls, as contract.ts says. No cookie, no CORS: a call is its own proof, or one of those that
 * begin an activation.
 */
export const ecpsRoutes = (needs: EcpsNeeds) => {
  const { policy, clock, devices, professionals, trail } = needs

  /** Answers a refusal. The outside reads the code; the trail keeps the reason. */
  const no = (c: Context, kind: EventKind, refused: Refused, practitionerId?: string) => {
    const at = clock()
    trail.record({
      at,
      kind,
      ...(practitionerId === undefined ? {} : { practitionerId }),
      detail: refused.detail === undefined ? refused.refused : `${refused.refused}: ${refused.detail}`,
    })
    // A phone whose clock is wrong learns ours from this header (RFC 9110 §6.6.1) and asks again.
    if (refused.refused === 'invalid-proof') c.header('date', new Date(at * 1000).toUTCString())
    const { attemptsLeft } = refused
    const body = { error: refused.refused, ...(attemptsLeft === undefined ? {} : { attemptsLeft }) }
    return c.json(body satisfies z.input<typeof contract.Refusal>, STATUS[refused.refused])
  }

  const callOf = async (c: Context): Promise<ProvenCall> => ({
    method: c.req.method,
    url: `${policy.origin}${c.req.path}`,
    body: new Uint8Array(await c.req.arrayBuffer()),
  })

  /** A call by an activated phone: who calls is known before the body is read. */
  const byPhone =
    (kind: EventKind, work: (c: Context, caller: Caller) => Promise<Response | Refused>) =>
    async (c: Context): Promise<Response> => {
      const caller = await identify(devices, c.req.header('device-proof'), await callOf(c), clock())
      if ('refused' in caller) return no(c, kind, caller)
      const answer = await work(c, caller)
      return answer instanceof Response ? answer : no(c, kind, answer, caller.practitioner.id)
    }

  return new Hono()
    .use('/ecps/api/*', bodyLimit({ maxSize: MAX_BODY, onError: (c) => no(c, 'ecps.refused', tooLarge) }))
    .use('/ecps/api/*', async (c, next) => {
      await next()
      // The answer that opens a socket is the object's own and has immutable headers.
      if (c.res.status !== 101) c.header('cache-control', 'no-store')
    })

    .post('/ecps/api/activations', async (c) => {
      const body = await read(c, contract.BeginActivation)
      if (body === undefined) return no(c, 'enrolment.refused', malformed)
      const begun = await beginActivation(needs, body.nationalId, languageIn(c))
      return c.json(begun satisfies z.input<typeof contract.ActivationBegun>, 201)
    })

    .post('/ecps/api/activations/codes', async (c) => {
      const body = await read(c, contract.GiveCodes)
      if (body === undefined) return no(c, 'enrolment.refused', malformed)
      const given = await giveCodes(needs, body)
      if ('refused' in given) return no(c, 'enrolment.refused', given)
      return c.json({ registration: { ...given.registration } } satisfies z.input<
        typeof contract.CodesAccepted
      >)
    })

    .post('/ecps/api/activations/card', async (c) => {
      const body = await read(c, contract.TakeCard)
      if (body === undefined) return no(c, 'enrolment.refused', malformed)
      const taken = await beginByCard(needs, body)
      if ('refused' in taken) return no(c, 'enrolment.refused', taken, taken.practitionerId)
      return c.json(
        { ...taken, registration: { ...taken.registration } } satisfies z.input<typeof contract.CardTaken>,
        201,
      )
    })

    .post('/ecps/api/activations/device', async (c) => {
      const proof = await verifyDeviceProof(c.req.header('device-proof'), await callOf(c), clock())
      if ('rejected' in proof) return no(c, 'enrolment.refused', refuse('invalid-proof', proof.rejected))
      const body = await read(c, contract.FinishActivation)
      if (body === undefined) return no(c, 'enrolment.refused', malformed)
      const made = await finishActivation(needs, proof, body, languageIn(c))
      if ('refused' in made) return no(c, 'enrolment.refused', made)
      // A code that was set on another phone shows at the next call.
      return c.json(meOf(made, policy.rpId, false), 201)
    })

    .get(
      '/ecps/api/me',
      byPhone('ecps.refused', async (c, caller) => {
        const admitted = await professionals.admit(caller.practitioner.id, caller.proof)
        return 'refused' in admitted
          ? notAdmitted(admitted)
          : c.json(meOf(caller, policy.rpId, admitted.userCode))
      }),
    )

    .post(
      '/ecps/api/user-code',
      byPhone('ecps.refused', async (c, caller) => {
        const body = await read(c, contract.SetUserCode)
        if (body === undefined) return malformed
        const { id } = caller.practitioner
        const set = await professionals.setUserCode(id, caller.proof, body.code ?? undefined)
        if ('refused' in set) return notAdmitted(set)
        trail.record({
          at: clock(),
          kind: 'ecps.user-code',
          practitionerId: id,
          detail: set.userCode ? 'set' : 'taken away',
        })
        return c.json({ userCode: set.userCode } satisfies z.input<typeof contract.UserCode>)
      }),
    )

    .get(
      '/ecps/api/requests',
      byPhone('ecps.refused', async (c, caller) => {
        const waiting = await waitingRequests(needs, caller)
        if ('refused' in waiting) return waiting
        const now = clock()
        return c.json({
          requests: waiting.approvals.map((approval) => requestOf(approval, now)),
        } satisfies z.input<typeof contract.Requests>)
      }),
    )

    .post(
      '/ecps/api/pairings',
      byPhone('approval.refused', async (c, caller) => {
        const body = await read(c, contract.Pair)
        if (body === undefined) return malformed
        const paired = await pair(needs, caller, body)
        return 'refused' in paired ? paired : c.json(requestOf(paired, clock()))
      }),
    )

    .post(
      '/ecps/api/decisions',
      byPhone('approval.refused', async (c, caller) => {
        const body = await read(c, contract.Decide)
        if (body === undefined) return malformed
        const decided = await decide(needs, caller, body)
        if ('refused' in decided) return decided
        return c.json({ outcome: decided.outcome } satisfies z.input<typeof contract.Decided>)
      }),
    )

    .get(
      '/ecps/api/devices',
      byPhone('ecps.refused', async (c, caller) => {
        const { id } = caller.practitioner
        const admitted = await professionals.admit(id, caller.proof)
        if ('refused' in admitted) return notAdmitted(admitted)
        return c.json(devicesOf(await devices.list(id, clock()), caller.device.id))
      }),
    )

    .post(
      '/ecps/api/devices/revoke',
      byPhone('ecps.refused', async (c, caller) => {
        const body = await read(c, contract.RevokeDevice)
        if (body === undefined) return malformed
        const left = await revokeDevice(needs, caller, body.id, languageIn(c))
        return 'refused' in left ? left : c.json(devicesOf(left.devices, caller.device.id))
      }),
    )

    .get(
      '/ecps/api/sign-ins',
      byPhone('ecps.refused', async (c, caller) => {
        const recent = await professionals.signIns(caller.practitioner.id, caller.proof)
        if ('refused' in recent) return notAdmitted(recent)
        return c.json({ signIns: recent.signIns.map(signInOf) } satisfies z.input<typeof contract.SignIns>)
      }),
    )

    .post(
      '/ecps/api/sign-out-everywhere',
      byPhone('ecps.refused', async (c, caller) => {
        const { id } = caller.practitioner
        const live = await professionals.sessions(id, caller.proof)
        if ('refused' in live) return notAdmitted(live)
        // Ended first, forgotten after: what fails in between is still on the list for another try.
        await needs.endSessions(id, live.sessions)
        // Some browser is not trusted any more, and nobody knows which one may still ring.
        await needs.endBonds(id)
        await professionals.sessionsEnded(id, live.sessions)
        return c.json({ ended: live.sessions.length } satisfies z.input<typeof contract.SignedOut>)
      }),
    )

    .post(
      '/ecps/api/live',
      byPhone('ecps.refused', async (c, caller) => {
        const issued = await professionals.ticket(caller.practitioner.id, caller.proof, caller.device.id)
        if ('refused' in issued) return notAdmitted(issued)
        return c.json({ ticket: issued.ticket } satisfies z.input<typeof contract.LiveTicket>)
      }),
    )

    .get('/ecps/api/live', async (c) => {
      const origin = c.req.header('origin')
      if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
        return no(c, 'ecps.refused', refuse('invalid-request', 'no WebSocket upgrade'))
      // WebSockets know no CORS: a page of another origin is told no here, ticket or not (RFC 6455 §10.2).
      if (origin !== undefined && origin !== policy.origin)
        return no(c, 'ecps.refused', refuse('invalid-request', 'another origin'))
      return professionals.connect(c.req.raw)
    })
}

const malformed = refuse('invalid-request', 'not a message of the contract')
const tooLarge = refuse('invalid-request', 'body too large')

/** The JSON body as a message of the contract, or `undefined`. Only `application/json` counts (RFC 8259 §11). */
async function read<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S> | undefined> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) return undefined
  const json: unknown = await c.req.json().catch(() => undefined)
  const parsed = schema.safeParse(json)
  return parsed.success ? parsed.data : undefined
}

/** Messages are written in the language of the phone that asks for them; the directory knows none. */
const languageIn = (c: Context) => languageOf(undefined, undefined, c.req.header('accept-language'))
