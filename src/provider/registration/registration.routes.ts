import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Trail } from '../../audit/trail.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import { digest, sameDigest } from '../../kernel/digest.ts'
import { type Entropy, newHandle } from '../../kernel/handle.ts'
import type { Clock } from '../../kernel/instant.ts'
import { bearerChallenge, presentedToken } from '../../protocol/oauth/bearer.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { type RegistrationRules, register } from '../../relying-parties/registration.ts'
import type { Registrations } from '../../relying-parties/registrations.ts'
import { audienceTaken, checkAudience, information } from './information.ts'
import { jsonBody } from './json-body.routes.ts'
import { manage } from './management.routes.ts'

export interface RegistrationNeeds {
  readonly issuer: string
  readonly clock: Clock
  readonly entropy: Entropy
  readonly registrations: Registrations
  readonly trail: Trail
  readonly rules: RegistrationRules
  /** Digest of the token that a registration takes (RFC 7591 §3); `undefined` where anybody may register. */
  readonly initialAccessToken: string | undefined
}

/**
 * Dynamic registration (RFC 7591 §3): POST `/register`; and its management (RFC 7592 §2): GET, PUT and DELETE of
 * `/register/<client_id>`. Mounted only where there is a way to register.
 */
export const registrationRoutes = (needs: RegistrationNeeds) => {
  const limit = bodyLimit({ maxSize: 64 * 1024, onError: tooLarge })
  return new Hono()
    .post('/register', limit, (context) =>
      answered(context, needs, async () => {
        await admit(context, needs)
        return enter(context, needs)
      }),
    )
    .on(['GET', 'PUT', 'DELETE'], '/register/:client', limit, (context) =>
      answered(context, needs, () => manage(context, needs, context.req.param('client'))),
    )
}

/** RFC 7591 §3: "the client or developer calls … with an initial access token", where registration is not open. */
async function admit(context: Context, { initialAccessToken }: RegistrationNeeds): Promise<void> {
  if (initialAccessToken === undefined) return
  const token = presentedToken(context.req.header('authorization'), undefined)
  if (token === undefined || !sameDigest(await digest(token), initialAccessToken)) {
    throw new OAuthError('invalid_token', 'registration takes an initial access token (RFC 7591 section 3)')
  }
}

async function enter(context: Context, needs: RegistrationNeeds): Promise<Response> {
  const { clock, entropy, registrations, trail, rules, issuer } = needs
  const at = clock()
  const { party, secret } = await register(await jsonBody(context), rules, entropy, at)
  checkAudience(party, issuer)
  const token = newHandle(entropy)
  const entered = await registrations.register(party, await digest(token))
  if (entered === 'audience-taken') throw audienceTaken()
  trail.record({ at, kind: 'client.registered', clientId: party.clientId, detail: party.profile })
  // RFC 7591 §3.2.1: all that was registered is told back, so that the client sees what was replaced.
  const told = information({ party, registeredAt: at, token, secret, issuer })
  return context.json(told, 201, { 'Cache-Control': 'no-store' })
}

async function answered(
  context: Context,
  { issuer, clock, trail }: RegistrationNeeds,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer()
  } catch (thrown) {
    if (!(thrown instanceof OAuthError)) throw thrown
    if (thrown.code === 'invalid_token') {
      trail.record({ at: clock(), kind: 'client.refused', detail: `registration: ${thrown.description}` })
    }
    // RFC 7592 §2: 403 for a client that may not manage itself; elsewhere the same word is an authorization's end.
    if (thrown.code === 'access_denied') {
      return context.json(thrown.body(), 403, { 'Cache-Control': 'no-store' })
    }
    return refusalAsJson(context, thrown, bearerChallenge(issuer, thrown))
  }
}

const tooLarge = (context: Context) =>
  refusalAsJson(context, new OAuthError('invalid_client_metadata', 'the metadata is too large'))
