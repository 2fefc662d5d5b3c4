import { DurableObject } from 'cloudflare:workers'
import * as z from 'zod'
import { instant } from '../kernel/instant.ts'
import type { Message } from '../notifications/message.ts'
import { OUTBOX_CAPACITY, type Outbox, type OutboxEntry } from './outbox.ts'

const Stored = z
  .object({
    channel: z.enum(['email', 'sms']),
    to: z.string(),
    language: z.enum(['fr', 'en']),
    subject: z.string(),
    body: z.string(),
  })
  .transform((message): Message => message)

/** One for the sandbox, named `outbox`. */
export class OutboxObject extends DurableObject<Env> {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    state.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, message TEXT NOT NULL)',
    )
  }

  append(id: string, message: Message, at: number): void {
    const sql = this.ctx.storage.sql
    sql.exec(
      'INSERT OR IGNORE INTO message (id, at, message) VALUES (?, ?, ?)',
      id,
      at,
      JSON.stringify(message),
    )
    sql.exec('DELETE FROM message WHERE number <= (SELECT MAX(number) FROM message) - ?', OUTBOX_CAPACITY)
  }

  list(): OutboxEntry[] {
    const rows = this.ctx.storage.sql.exec<{ id: string; at: number; message: string }>(
      'SELECT id, at, message FROM message ORDER BY number DESC',
    )
    return rows
      .toArray()
      .map((row) => ({ id: row.id, at: instant(row.at), message: Stored.parse(JSON.parse(row.message)) }))
  }
}

export const objectOutbox = (namespace: DurableObjectNamespace<OutboxObject>): Outbox => {
  const stub = () => namespace.getByName('outbox')
  return {
    append: async ({ id, message, at }) => stub().append(id, message, at),
    list: async () => stub().list(),
  }
}
