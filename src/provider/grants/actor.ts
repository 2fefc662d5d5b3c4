import * as z from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import { ASSERTION_ALGORITHMS } from '../../protocol/oauth/client-metadata.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import { verifySignedByClient } from '../../relying-parties/client-signature.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { authenticationOf } from '../claims/release.ts'

/** Shown in traces of an API: plain text, not long. */
const plain = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u)

/** What a client says of the software and of the activity in which the person acts (PSC §4). */
const Actor = z.object({
  lps_nom: plain,
  lps_id: plain,
  lps_version: plain,
  situation_exercice: plain.optional(),
})
export type Actor = z.infer<typeof Actor>

const SKEW = 10

/**
 * Reads an actor token (RFC 8693 §2.1): signed by a key of the client, for us. The activity is one of the person's own,
 * by an identifier of its structure: what an API reads there must not be the client's invention.
 * @param authentication of the session, as it keeps it.
 * @returns why it is refused, otherwise; for the trail.
 */
export async function readActor(
  token: string,
  party: RelyingParty,
  keys: ClientKeys,
  audiences: readonly string[],
  authentication: string,
  now: Instant,
): Promise<{ readonly actor: Actor } | { readonly rejected: string }> {
  const verified = await verifySignedByClient(token, party, keys, {
    algorithms: [...ASSERTION_ALGORITHMS],
    issuer: party.clientId,
    audience: [...audiences],
    requiredClaims: ['iss', 'aud', 'exp'],
    clockTolerance: SKEW,
    currentDate: new Date(now * 1000),
  })
  if ('rejected' in verified) return verified
  const actor = Actor.safeParse(verified.claims)
  if (!actor.success) return { rejected: `${actor.error.issues[0]?.path.join('.')} is missing or malformed` }
  const { situation_exercice: activity } = actor.data
  if (activity !== undefined && !activitiesOf(authentication).has(activity)) {
    return { rejected: 'situation_exercice is none of the person’s activities' }
  }
  return { actor: actor.data }
}

/** Identifiers of the structures where the person practises. */
function activitiesOf(authentication: string): ReadonlySet<string> {
  const { exercices } = authenticationOf(authentication).practitioner
  const ids = exercices.flatMap(({ activities }) =>
    activities.flatMap((one) => [
      one.identifiantTechniqueDeLaStructure,
      one.numeroFinessSite,
      one.numeroSiretSite,
    ]),
  )
  return new Set(ids.filter((id) => id !== ''))
}
