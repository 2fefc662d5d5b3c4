import { DurableObject } from 'cloudflare:workers'
import { base64url } from 'jose'
import { sha256 } from '../../kernel/digest.ts'
import { type Clock, type Instant, instant, systemClock } from '../../kernel/instant.ts'
import type { Replays } from './replays.ts'

/** One shard of what was seen: digests and when to forget them. */
export class ReplayObject extends DurableObject<Env> {
  /** Replaced by tests. */
  clock: Clock = systemClock

  async first(id: string, until: Instant): Promise<boolean> {
    const { sql } = this.ctx.storage
    sql.exec('CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID')
    const inserted = sql.exec('INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id', id, until)
    const first = inserted.toArray().length === 1
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(until * 1000)
    return first
  }

  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage
    sql.exec('DELETE FROM seen WHERE until <= ?', this.clock())
    const { last } = sql.exec<{ last: number | null }>('SELECT max(until) AS last FROM seen').one()
    if (last === null) await this.ctx.storage.deleteAll()
    else await this.ctx.storage.setAlarm(instant(last) * 1000)
  }
}

const SHARDS = 16

/** Replays over shards: an assertion always goes to the same one, which its digest chooses. */
export function objectReplays(namespace: DurableObjectNamespace<ReplayObject>): Replays {
  return {
    async first(what, until) {
      const digest = await sha256(what)
      const shard = (digest[0] ?? 0) % SHARDS
      return namespace.getByName(`replay-${shard}`).first(base64url.encode(digest), until)
    },
  }
}
