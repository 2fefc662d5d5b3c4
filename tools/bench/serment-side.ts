import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { base64url } from 'jose'
import { clientMetadata } from '../../src/protocol/oauth/client-metadata.ts'
import { builtBundle } from '../bundle.ts'
import { seedSandbox } from '../directory/import.ts'
import { applyMigrations } from '../migrations.ts'
import { startRuntime } from '../runtime.ts'
import { makePasskey, type Pair } from './passkeys.ts'
import { CLIENT, PEOPLE, serveUntilDisconnected } from './side.ts'

// Serment as it deploys: production's bundle and settings in the Workers runtime, with its data on a memory file
// system, because a laptop's disk flush is not what Cloudflare's storage costs.

const ISSUER = 'https://id.example.test'

const state = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'serment-bench-'))
const [bundle] = await Promise.all([builtBundle('production'), applyMigrations(state)])
const { runtime, url } = await startRuntime({
  bundle,
  environment: 'production',
  port: 0,
  bare: true,
  state,
  vars: {
    ISSUER,
    KEY_ENCRYPTION_KEY: base64url.encode(crypto.getRandomValues(new Uint8Array(32))),
    NAMING_KEY: base64url.encode(crypto.getRandomValues(new Uint8Array(32))),
  },
})

const database = await runtime.getD1Database('DB')
const now = Math.floor(Date.now() / 1000)
await seedSandbox(database, Date.now())
await database
  .prepare(
    `INSERT INTO relying_party (client_id, name, profile, status, secret_digest, metadata, registered_at)
     VALUES (?, 'Bench', 'compatible', 'active', ?, ?, ?)`,
  )
  .bind(
    CLIENT.id,
    createHash('sha256').update(CLIENT.secret).digest('base64url'),
    JSON.stringify(
      clientMetadata({
        redirect_uris: [CLIENT.redirectUri],
        client_name: 'Bench',
        id_token_signed_response_alg: 'ES256',
      }),
    ),
    now,
  )
  .run()

const { results: people } = await database
  .prepare("SELECT id FROM practitioner WHERE status = 'active' ORDER BY id LIMIT ?")
  .bind(PEOPLE)
  .all<{ id: string }>()
const pairs: Pair[] = []
for (const person of people) {
  const pair = await makePasskey(ISSUER)
  pairs.push(pair)
  await database
    .prepare(
      `INSERT INTO passkey (credential_id, practitioner_id, user_handle, public_key, counter, device_type, backed_up, aaguid, created_at)
       VALUES (?, ?, ?, ?, 0, 'multiDevice', 1, '00000000-0000-0000-0000-000000000000', ?)`,
    )
    .bind(pair.held.id, person.id, pair.held.userHandle, base64url.encode(pair.kept.publicKey), now)
    .run()
}

serveUntilDisconnected(
  { issuer: ISSUER, port: Number(url.port), credentials: pairs.map(({ held }) => held) },
  async () => {
    await runtime.dispose()
    rmSync(state, { recursive: true, force: true })
  },
)
