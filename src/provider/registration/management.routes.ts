import type { Context } from 'hono'
import * as z from 'zod'
import type { Trail } from '../../audit/trail.ts'
import { digest, sameDigest } from '../../kernel/digest.ts'
import type { Entropy } from '../../kernel/handle.ts'
import { ClientId } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import { presentedToken } from '../../protocol/oauth/bearer.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { type RegistrationRules, update } from '../../relying-parties/registration.ts'
import type { ManagedParty, Registrations } from '../../relying-parties/registrations.ts'
import { audienceTaken, checkAudience, information } from './information.ts'
import { jsonBody } from './json-body.routes.ts'

export interface ManagementNeeds {
  readonly issuer: string
  readonly clock: Clock
  readonly entropy: Entropy
  readonly registrations: Registrations
  readonly trail: Trail
  readonly rules: RegistrationRules
}

/** What no digest of a token is: an unknown client costs the same comparison as a known one. */
const NO_DIGEST = '-'.repeat(43)

/** RFC 7592 §2.2: what a request must carry, and what it must not. */
const Update = z.looseObject({
  client_id: z.string(),
  client_secret: z.string().optional(),
  registration_access_token: z.undefined().optional(),
  registration_client_uri: z.undefined().optional(),
  client_secret_expires_at: z.undefined().optional(),
  client_id_issued_at: z.undefined().optional(),
})

/**
 * A registration managed by its own client (RFC 7592 §2.1 read, §2.2 replace, §2.3 remove).
 * @throws OAuthError `invalid_token` for another token or client, `invalid_request`, and as `update`
 */
export async function manage(context: Context, needs: ManagementNeeds, client: string): Promise<Response> {
  const { managed, token } = await manager(context, needs, client)
  switch (context.req.method) {
    case 'PUT':
      return replace(context, needs, managed, token)
    case 'DELETE':
      return remove(context, needs, managed)
    default:
      return context.json(told(needs, managed, token), 200, NO_STORE)
  }
}

const NO_STORE = { 'Cache-Control': 'no-store' } as const

const told = ({ issuer }: ManagementNeeds, managed: ManagedParty, token: string, secret?: string) =>
  information({ ...managed, token, secret, issuer })

/** RFC 7592 §2: one refusal for a wrong token, a client that is no more, and one that never was. */
async function manager(
  context: Context,
  { registrations }: ManagementNeeds,
  client: string,
): Promise<{ managed: ManagedParty; token: string }> {
  const token = presentedToken(context.req.header('authorization'), undefined)
  const id = ClientId.safeParse(client)
  const managed = id.success ? await registrations.managed(id.data) : undefined
  const isRight = sameDigest(await digest(token ?? ''), managed?.token ?? NO_DIGEST)
  if (token === undefined || managed === undefined || !isRight) {
    throw new OAuthError('invalid_token', 'the registration access token is not this client’s')
  }
  // RFC 7592 §2: a client that may not manage itself.
  if (managed.party.status !== 'active') {
    throw new OAuthError('access_denied', 'the client is suspended')
  }
  return { managed, token }
}

async function replace(
  context: Context,
  needs: ManagementNeeds,
  { party: before, registeredAt, token: kept }: ManagedParty,
  token: string,
): Promise<Response> {
  const body = await jsonBody(context)
  const sent = Update.safeParse(body)
  if (!sent.success || sent.data.client_id !== before.clientId) {
    throw new OAuthError(
      'invalid_request',
      'send client_id and the metadata, and nothing that we gave besides',
    )
  }
  const { client_secret: secret } = sent.data
  if (secret !== undefined && !sameDigest(await digest(secret), before.secretDigest ?? NO_DIGEST)) {
    throw new OAuthError('invalid_request', 'client_secret is not the client’s (RFC 7592 section 2.2)')
  }
  const at = needs.clock()
  const changed = await update(body, before, needs.rules, needs.entropy, at)
  checkAudience(changed.party, needs.issuer)
  const entered = await needs.registrations.replace(changed.party)
  if (entered === 'audience-taken') throw audienceTaken()
  needs.trail.record({ at, kind: 'client.changed', clientId: before.clientId })
  const managed = { party: changed.party, registeredAt, token: kept }
  return context.json(told(needs, managed, token, changed.secret), 200, NO_STORE)
}

async function remove(context: Context, needs: ManagementNeeds, { party }: ManagedParty): Promise<Response> {
  await needs.registrations.remove(party.clientId)
  needs.trail.record({ at: needs.clock(), kind: 'client.removed', clientId: party.clientId })
  return context.body(null, 204, NO_STORE)
}
