import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import type { ClientId } from '../kernel/identifiers.ts'
import { instant } from '../kernel/instant.ts'
import { bearerChallenge } from '../protocol/oauth/bearer.ts'
import { dpopChallenge } from '../protocol/oauth/dpop.ts'
import { asRefusal } from '../protocol/oauth/errors.ts'
import type { CertificateOf } from '../protocol/oauth/mutual-tls.ts'
import type { DpopNonces } from '../provider/sender-constraint/nonces.ts'
import { typedNationalId } from '../rpps/national-id.ts'
import { authorityOf, type CallerNeeds } from './caller.ts'
import { blockCard, blocksOf, type CardBlockNeeds, unblockCard } from './card-blocks.ts'

export interface AuthorityNeeds extends CallerNeeds, CardBlockNeeds {
  readonly nonces: DpopNonces
  readonly certificateOf: CertificateOf
}

const nationalId = z.string().transform((text, context) => {
  const id = typedNationalId(text)
  if (id === undefined) context.addIssue('not a national id')
  return id ?? z.NEVER
})
const Block = z.strictObject({
  national_id: nationalId,
  // As cards say it of themselves: a number of another form would block nothing, and the caller believe that it did.
  card: z
    .string()
    .regex(/^[0-9]{10}\/[0-9]{10}$/)
    .optional(),
  reason: z.string().min(3).max(500),
  /** Seconds since 1970. */
  lost_since: z.int().min(0).max(4_102_444_800).transform(instant).optional(),
})
const Search = z.strictObject({ national_id: nationalId })

/**
 * What a registration authority does about cards. A person's number is in bodies only: URLs are kept in logs.
 * POST `/authority/card-blocks`, `/authority/card-blocks/search`, `/authority/card-blocks/<id>/lift`.
 */
export const authorityRoutes = (needs: AuthorityNeeds) =>
  new Hono()
    .use('/authority/*', bodyLimit({ maxSize: 4096 }))
    .post('/authority/card-blocks', (context) =>
      called(context, needs, Block, async (authority, { national_id, card, reason, lost_since }) => {
        const lost = { nationalId: national_id, cardId: card, reason, lostSince: lost_since }
        const done = await blockCard(needs, authority, lost)
        return 'refused' in done
          ? context.json({ error: 'unknown_person' }, 404)
          : context.json(
              {
                id: done.block,
                sessions_ended: done.sessionsEnded,
                devices_revoked: done.devicesRevoked,
              },
              201,
            )
      }),
    )
    .post('/authority/card-blocks/search', (context) =>
      called(context, needs, Search, async (authority, { national_id }) => {
        const found = await blocksOf(needs, authority, national_id)
        if ('refused' in found) return context.json({ error: 'unknown_person' }, 404)
        const blocks = found.map(({ id, card, reason, blockedBy, blockedAt, lifted }) => ({
          id,
          all_cards: card === undefined,
          reason,
          blocked_by: blockedBy,
          blocked_at: blockedAt,
          ...(lifted === undefined ? {} : { lifted_by: lifted.by, lifted_at: lifted.at }),
        }))
        return context.json({ blocks })
      }),
    )
    .post('/authority/card-blocks/:id/lift', (context) =>
      called(context, needs, z.strictObject({}), async (authority) =>
        (await unblockCard(needs, authority, context.req.param('id'))) === 'lifted'
          ? context.json({ lifted: true })
          : context.json({ error: 'unknown_block' }, 404),
      ),
    )

async function called<Body>(
  context: Context,
  needs: AuthorityNeeds,
  schema: z.ZodType<Body>,
  work: (authority: ClientId, body: Body) => Promise<Response>,
): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  const now = needs.clock()
  context.header('DPoP-Nonce', await needs.nonces.current(now))
  try {
    const authority = await authorityOf(needs, await callOf(context, needs), now)
    if (authority === undefined) {
      const challenge = `${dpopChallenge(needs.issuer)}, ${bearerChallenge(needs.issuer)}`
      return context.body(null, 401, { 'WWW-Authenticate': challenge })
    }
    const body = schema.safeParse(await context.req.json().catch(() => undefined))
    if (!body.success) return context.json({ error: 'invalid_request' }, 400)
    return await work(authority, body.data)
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    needs.trail.record({
      at: now,
      kind: 'authority.refused',
      detail: `${refusal.code}: ${refusal.detail ?? refusal.description}`,
    })
    if (refusal.status >= 500) return context.json(refusal.body(), refusal.status)
    context.header('WWW-Authenticate', dpopChallenge(needs.issuer, refusal))
    return context.json(refusal.body(), refusal.code === 'insufficient_scope' ? 403 : 401)
  }
}

const callOf = async (context: Context, needs: AuthorityNeeds) => ({
  method: context.req.method,
  url: context.req.url,
  authorization: context.req.header('authorization'),
  proof: context.req.header('dpop'),
  certificate: await needs.certificateOf(context.req.raw),
})
