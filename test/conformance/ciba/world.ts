import { env } from 'cloudflare:workers'
import type { z } from 'zod'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { compose } from '../../../src/compose.ts'
import { type ApprovalRequest, Requests } from '../../../src/ecps/contract.ts'
import type { Ping, Queued } from '../../../src/notifications/queued.ts'
import { countingEnv } from '../../actors/counting-env.ts'
import { anEntry, inDirectory } from '../../actors/directory.ts'
import { Phone } from '../../actors/phone.ts'
import { Service } from '../../actors/service.ts'

export const CIBA = 'urn:openid:params:grant-type:ciba'

/** The composed application with real storage; what it queues is read here, and its network is an actor. */
export function world(
  outbound: (url: string, init: RequestInit) => Promise<Response> = noNetwork,
  vars: Readonly<Record<string, string>> = {},
) {
  const queued: Queued[] = []
  const counted = countingEnv(env)
  const bindings = new Proxy(counted.env, {
    get: (target, key) =>
      key === 'EVENTS'
        ? { send: async (body: Queued) => void queued.push(body) }
        : (vars[String(key)] ?? Reflect.get(target, key)),
    has: (target, key) => String(key) in vars || Reflect.has(target, key),
  })
  const composed = compose(bindings, {
    channel: { deliver: async () => 'delivered' as const },
    registrationOpen: true,
    outbound,
  })
  const { issuer } = composed.settings
  const app = { origin: issuer, fetch: async (request: Request) => composed.app.fetch(request, bindings) }
  const of = <Type extends Queued['type']>(type: Type) =>
    queued.filter((body): body is Extract<Queued, { type: Type }> => body.type === type)
  const codes = () => {
    const last = (channel: 'email' | 'sms') =>
      of('message')
        .findLast(({ message }) => message.channel === channel)
        ?.message.body.match(/\d{6}/)?.[0]
    const [emailCode, smsCode] = [last('email'), last('sms')]
    return emailCode === undefined || smsCode === undefined ? undefined : { emailCode, smsCode }
  }
  let number = 99_700_500_000
  return {
    app,
    issuer,
    composed,
    counted,
    queued,
    events: (): AuditEvent[] => of('audit').map(({ event }) => event),
    pings: (): Ping[] => of('ping').map(({ ping }) => ping),
    /** A professional of the directory, with an e-CPS unless said otherwise. */
    person: async (status: 'active' | 'suspended' = 'active') => {
      number += 1
      const nationalId = `8${number}`
      await inDirectory(anEntry(nationalId, { status }))
      return nationalId
    },
    phone: async (nationalId: string): Promise<Phone> => {
      const phone = await Phone.unpacked(app)
      const done = await phone.finish(await phone.begin(nationalId, codes))
      if (done.status !== 201) throw new Error(`not activated: ${done.text}`)
      return phone
    },
    service: (metadata: Record<string, unknown> = {}) =>
      Service.register(
        composed,
        {
          client_name: 'Logiciel Démo',
          redirect_uris: [],
          grant_types: [CIBA, 'refresh_token'],
          ...metadata,
        },
        bindings,
      ),
  }
}
export type World = ReturnType<typeof world>

const noNetwork = async () => new Response(null, { status: 503 })

export interface Acknowledged {
  readonly auth_req_id: string
  readonly expires_in: number
  readonly interval: number
}

export const asked = (nationalId: string, change: Record<string, string> = {}) => ({
  scope: 'openid scope_all',
  acr_values: 'eidas1',
  login_hint: nationalId,
  binding_message: '47',
  ...change,
})

/** Asks, and waits until the ringing behind the answer has come to its end in the trail. */
export async function begin(
  { events }: Pick<World, 'events'>,
  service: Service,
  form: Record<string, string>,
  path = '/bc-authorize',
): Promise<Acknowledged> {
  const rung = () => events().filter(({ detail }) => detail?.startsWith('service: ')).length
  const before = rung()
  const response = await service.post(path, form)
  if (response.status !== 200) throw new Error(`refused: ${await response.text()}`)
  const acknowledged = await response.json<Acknowledged>()
  await until(() => rung() > before)
  return acknowledged
}

/** Lets the event loop turn until something behind an answer has happened. */
export async function until(happened: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (happened()) return
    await scheduler.wait(1)
  }
  throw new Error('it did not happen')
}

export const poll = (service: Service, authReqId: string) =>
  service.post('/token', { grant_type: CIBA, auth_req_id: authReqId })

/** What the token endpoint says no with. */
export const refusal = async (response: Response): Promise<string> => {
  const { error } = await response.json<{ error?: string }>()
  return `${response.status} ${error}`
}

export async function waiting(phone: Phone): Promise<readonly z.output<typeof ApprovalRequest>[]> {
  return Requests.parse((await phone.call('GET', 'requests')).json).requests
}

/** The one request that waits on this phone. */
export async function request(phone: Phone): Promise<z.output<typeof ApprovalRequest>> {
  const [only, second] = await waiting(phone)
  if (only === undefined || second !== undefined) throw new Error('not one request waits')
  return only
}

/** A token response, as far as these tests look at it. */
export interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly session_state: string
}
