import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import type { JSONWebKeySet } from 'jose'
import type { AuditEvent } from '../../src/audit/event.ts'
import { derivedMac } from '../../src/kernel/derived-key.ts'
import { digest } from '../../src/kernel/digest.ts'
import { addressed, newHandle, newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId, NationalId, type ObjectName, PractitionerId } from '../../src/kernel/identifiers.ts'
import { type Instant, instant, after as later } from '../../src/kernel/instant.ts'
import { lifetimesOf } from '../../src/kernel/lifetimes.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { ringSigner } from '../../src/keys/ring-signer.object.ts'
import type { Authentication } from '../../src/mire/authentication.ts'
import { clientMetadata } from '../../src/protocol/oauth/client-metadata.ts'
import { subjects } from '../../src/provider/claims/subject.ts'
import { objectReplays } from '../../src/provider/client-authentication/replay.object.ts'
import { tokenRoutes } from '../../src/provider/grants/token.routes.ts'
import { dpopNonces } from '../../src/provider/sender-constraint/nonces.ts'
import { userinfoRoutes } from '../../src/provider/userinfo/userinfo.routes.ts'
import type { ClientKeys } from '../../src/relying-parties/client-keys.ts'
import type { RelyingParty } from '../../src/relying-parties/relying-party.ts'
import { objectSessions } from '../../src/sessions/session.object.ts'
import type { CodeBinding, Sessions } from '../../src/sessions/sessions.ts'

export const ISSUER = 'https://id.example'
export const REDIRECT_URI = 'https://records.example/callback'
const USER_STORE_ID = '3b1c7a52-0d5e-4c0a-9a77-5d1f0c2e9b10'
const NAMING_KEY = 'YW4taW52ZW50ZWQta2V5LWZvci10ZXN0cy1vbmx5ISE'

/** The keys that a registration holds itself: nothing is fetched. */
export const registeredKeys: ClientKeys = {
  of: async ({ metadata: { jwks } }) =>
    jwks === undefined ? { unavailable: 'no keys registered' } : { jwks: jwks as JSONWebKeySet },
}
export const SECRET = 'the secret of demo-records'

/** A relying party with a secret, unless `metadata` says otherwise. */
export async function relyingParty(
  id: string,
  metadata: Record<string, unknown> = {},
): Promise<RelyingParty> {
  const parsed = clientMetadata({
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token'],
    post_logout_redirect_uris: ['https://records.example/bye'],
    ...metadata,
  })
  const hasSecret = parsed.token_endpoint_auth_method.startsWith('client_secret')
  return {
    clientId: ClientId.parse(id),
    name: `Service ${id}`,
    profile: 'compatible',
    status: 'active',
    secretDigest: hasSecret ? await digest(SECRET) : undefined,
    metadata: parsed,
  }
}

/** An invented professional who signed in with a passkey. */
export const authentication = (authTime: Instant): Authentication => ({
  practitioner: {
    id: PractitionerId.parse('899700900012'),
    nationalId: NationalId.parse('899700900012'),
    familyName: 'EXEMPLE',
    givenName: 'CAMILLE',
    codeCivilite: 'MME',
    otherIds: [{ identifiant: '899700900012', origine: 'RPPS', qualite: 1 }],
    exercices: [],
  },
  authMode: 'PASSKEY',
  contextClass: 'phr',
  amr: ['pop', 'user', 'mfa'],
  authTime,
})

/** The token side of the provider over the real objects, with a clock that tests move and calls that they count. */
export function provider(parties: readonly RelyingParty[]) {
  const opened = instant(Date.now() / 1000)
  const state = { now: opened }
  const calls: string[] = []
  const events: AuditEvent[] = []
  const clock = () => state.now
  const counted = <Namespace extends object>(name: string, namespace: Namespace): Namespace =>
    new Proxy(namespace, {
      get(target, property) {
        if (property === 'getByName') calls.push(name)
        const value: unknown = Reflect.get(target, property)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  const sessions = objectSessions(counted('session', env.SESSION))
  const needs = {
    issuer: ISSUER,
    userStoreId: USER_STORE_ID,
    clock,
    entropy: systemEntropy,
    lifetimes: lifetimesOf({}),
    signer: ringSigner({
      ring: counted('ring', env.KEY_RING),
      keyEncryptionKey: env.KEY_ENCRYPTION_KEY,
      clock,
    }),
    sessions,
    subjects: subjects({ userStoreId: USER_STORE_ID, mac: derivedMac(NAMING_KEY, 'pairwise subject') }),
    nonces: dpopNonces(derivedMac(NAMING_KEY, 'DPoP nonce')),
    clientKeys: registeredKeys,
    certificateOf: async () => undefined,
    software: { admit: async () => ({ structure: undefined }) },
    backchannelRequests: { poll: async () => ({ outcome: 'unknown' as const }) },
    deviceRequests: { poll: async () => ({ outcome: 'unknown' as const }) },
    replays: objectReplays(counted('replay', env.REPLAY)),
    relyingParties: {
      find: async (id: ClientId) => parties.find(({ clientId }) => clientId === id),
      findApi: async () => undefined,
    },
    trail: { record: (event: AuditEvent) => void events.push(event) },
  }
  const app = new Hono().route('/', tokenRoutes(needs)).route('/', userinfoRoutes(needs))
  return {
    app,
    needs,
    calls,
    events,
    /** Moves the clock of the routes and of one session's object. */
    async wait(session: ObjectName, seconds: number): Promise<void> {
      state.now = later(state.now, seconds)
      const { now } = state
      await runInDurableObject(env.SESSION.getByName(session), (object) => {
        object.clock = () => now
      })
    },
    signIn: (clientId: string, binding: Partial<CodeBinding> = {}) =>
      signIn(sessions, opened, clientId, binding),
  }
}

async function signIn(sessions: Sessions, now: Instant, clientId: string, binding: Partial<CodeBinding>) {
  const session = newObjectName(systemEntropy)
  const code = newHandle(systemEntropy)
  const secret = newHandle(systemEntropy)
  const who = authentication(now)
  // From its first call on: a second that passes between the two clocks would be one of the session's.
  await runInDurableObject(env.SESSION.getByName(session), (object) => {
    object.clock = () => now
  })
  const { sid } = await sessions.open({
    name: session,
    secret: await digest(secret),
    subject: {
      practitionerId: who.practitioner.id,
      authTime: who.authTime,
      contextClass: who.contextClass,
      authentication: JSON.stringify(who),
    },
    place: NOWHERE,
    code: await digest(code),
    binding: {
      clientId: ClientId.parse(clientId),
      redirectUri: REDIRECT_URI,
      codeChallenge: undefined,
      nonce: 'the nonce',
      scope: 'openid scope_all',
      acr: 'eidas1',
      ...binding,
    },
    serviceName: clientId,
  })
  return { session, sid, code: addressed(session, code), cookie: addressed(session, secret) }
}

export const basic = (id: string, secret = SECRET): string =>
  `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`

/** A form post as relying parties send it. */
export const post = (form: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(form).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
})
