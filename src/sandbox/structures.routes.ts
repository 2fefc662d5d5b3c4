import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'

export interface SandboxStructuresNeeds {
  /** Binds the first of these certificates to the structure that it names and to this client. */
  readonly bind: (
    clientId: string,
    certificates: readonly Uint8Array[],
  ) => Promise<
    | {
        readonly bound: { readonly structure: string; readonly structureName: string; readonly range: string }
      }
    | { readonly refused: string }
  >
}

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,20000})-----END CERTIFICATE-----/g

/** PEM as the card shop hands it out: the certificate, then those of its authorities. */
const pem = z
  .string()
  .max(60_000)
  .transform((text) =>
    [...text.matchAll(BLOCK)].flatMap(([, base64 = '']) => {
      try {
        return [Uint8Array.from(atob(base64.replace(/\s/g, '')), (character) => character.charCodeAt(0))]
      } catch {
        return []
      }
    }),
  )
const Wish = z.strictObject({ client_id: z.string().min(1).max(255), certificate: pem })

/**
 * POST `/sandbox/structures/bindings` `{client_id, certificate}`: what an operator does by `npm run structures -- bind`,
 * for a developer or a CI that has no operator at hand. Never part of production.
 */
export const sandboxStructuresRoutes = ({ bind }: SandboxStructuresNeeds) =>
  new Hono()
    .use('/sandbox/structures/*', bodyLimit({ maxSize: 64_000 }))
    .post('/sandbox/structures/bindings', async (c) => {
      const asked = Wish.safeParse(await c.req.json().catch(() => undefined))
      if (!asked.success || asked.data.certificate.length === 0)
        return c.json(
          {
            error: 'invalid_request',
            error_description:
              'JSON with client_id, and certificate: PEM, with those of its authorities behind it.',
          },
          400,
        )
      const outcome = await bind(asked.data.client_id, asked.data.certificate)
      if ('refused' in outcome)
        return c.json({ error: 'invalid_certificate', error_description: outcome.refused }, 400)
      const { structure, structureName, range } = outcome.bound
      return c.json({ structure: { id: structure, name: structureName }, range }, 201)
    })
