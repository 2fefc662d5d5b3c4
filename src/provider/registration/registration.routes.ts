import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Trail } from '../../audit/trail.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { Entropy } from '../../kernel/handle.ts'
import type { Clock } from '../../kernel/instant.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { register } from '../../relying-parties/registration.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'

export interface RegistrationNeeds {
  readonly clock: Clock
  readonly entropy: Entropy
  readonly relyingParties: Pick<RelyingParties, 'add'>
  readonly trail: Trail
}

/** Dynamic registration (RFC 7591 §3): POST `/register`. Mounted only where registration is open. */
export const registrationRoutes = (needs: RegistrationNeeds) =>
  new Hono().post('/register', bodyLimit({ maxSize: 64 * 1024, onError: tooLarge }), async (context) => {
    try {
      const { party, secret } = await register(await json(context), needs.entropy)
      await needs.relyingParties.add(party)
      const at = needs.clock()
      needs.trail.record({ at, kind: 'client.registered', clientId: party.clientId, detail: party.profile })
      // RFC 7591 §3.2.1: all that was registered is told back, so that the client sees what was replaced.
      return context.json(
        {
          ...party.metadata,
          client_id: party.clientId,
          client_id_issued_at: at,
          ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
          client_name: party.name,
          serment_profile: party.profile,
        },
        201,
        { 'Cache-Control': 'no-store' },
      )
    } catch (thrown) {
      if (thrown instanceof OAuthError) return refusalAsJson(context, thrown)
      throw thrown
    }
  })

/** RFC 7591 §3.1: the request is `application/json`. */
async function json(context: Context): Promise<unknown> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new OAuthError('invalid_client_metadata', 'send application/json (RFC 7591 section 3.1)')
  }
  try {
    return await context.req.json()
  } catch {
    throw new OAuthError('invalid_client_metadata', 'the body is not JSON')
  }
}

const tooLarge = (context: Context) =>
  refusalAsJson(context, new OAuthError('invalid_client_metadata', 'the metadata is too large'))
