import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { compose } from '../../src/compose.ts'
import type { Queued } from '../../src/notifications/queued.ts'
import { unconfiguredChannel } from '../../src/notifications/unconfigured.channel.ts'
import { TRAIL_NOW as at, storedChain } from '../actors/trail.ts'

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })
const audit = (id: string): Queued => ({ type: 'audit', id, event: { at, kind: 'token.issued' } })
const message = (id: string): Queued => ({
  type: 'message',
  id,
  message: { channel: 'email', to: 'a@example.org', language: 'fr', subject: 'Code', body: '012345' },
})

it('what the queue delivers, by batches at once and again, is one chain, signed by a key of the JWKS', async () => {
  const { app, queue, scheduled } = compose(env, { channel: unconfiguredChannel, registrationOpen: false })
  const deliver = async (bodies: readonly Queued[]) => {
    const batch = createMessageBatch<Queued>(
      'serment-events',
      bodies.map((body) => ({ id: body.id, timestamp: new Date(0), attempts: 1, body })),
    )
    await queue(batch)
    return (await getQueueResult(batch, createExecutionContext())).explicitAcks
  }
  const batches = Array.from({ length: 8 }, (_, index) =>
    Array.from({ length: 25 }, (_, line) => (line % 5 === 0 ? message : audit)(`${index}-${line}`)),
  )
  for (;;) {
    const acknowledged = await Promise.all([...batches, ...batches.slice(0, 4)].map(deliver))
    if (acknowledged.every(({ length }) => length === 25)) break
  }
  await scheduled()
  const keys = Keys.parse(await (await app.request('/jwks')).json())
  const { entries, checkpoints, findings } = await storedChain(keys)
  expect(findings).toEqual([])
  expect(entries.filter(({ id }) => /^\d-\d+/.test(id))).toHaveLength(200)
  expect(checkpoints.at(-1)?.seq).toBe(entries.at(-1)?.seq)
})
