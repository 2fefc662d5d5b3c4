import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { base64url } from 'jose'
import { clientMetadata } from '../../src/protocol/oauth/client-metadata.ts'
import { createDeviceKey } from '../../src/sandbox/device-key.ts'
import { builtBundle } from '../bundle.ts'
import { seedSandbox } from '../directory/import.ts'
import { applyMigrations } from '../migrations.ts'
import { startRuntime } from '../runtime.ts'
import { makePasskey, serviceKeys } from './keys.ts'
import { registered, SERVER, STRICT } from './registered.ts'
import { PEOPLE, type Person, serveUntilDisconnected } from './side.ts'

// Serment as it deploys: production's bundle and settings in the Workers runtime, with its data on a memory file
// system, because a laptop's disk flush is not what Cloudflare's storage costs.

const ISSUER = 'https://id.example.test'
const DAY = 86_400

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
const keys = await serviceKeys()
for (const { id, secret, metadata } of registered(keys.publicJwk)) {
  const rights = id === SERVER.id ? { serment_introspection: true } : {}
  await database
    .prepare(
      `INSERT INTO relying_party (client_id, name, profile, status, secret_digest, metadata, registered_at)
       VALUES (?, 'Bench', ?, 'active', ?, ?, ?)`,
    )
    .bind(
      id,
      id === STRICT.id ? 'strict' : 'compatible',
      secret === undefined ? null : createHash('sha256').update(secret).digest('base64url'),
      JSON.stringify(clientMetadata({ ...metadata, ...rights })),
      now,
    )
    .run()
}

const { results: practitioners } = await database
  .prepare("SELECT id, national_id FROM practitioner WHERE status = 'active' ORDER BY id LIMIT ?")
  .bind(PEOPLE)
  .all<{ id: string; national_id: string }>()
const people: Person[] = []
for (const { id, national_id } of practitioners) {
  const { held, kept } = await makePasskey(ISSUER)
  const device = await createDeviceKey()
  people.push({ credential: held, device, hint: national_id })
  await database.batch([
    database
      .prepare(
        `INSERT INTO passkey (credential_id, practitioner_id, user_handle, public_key, counter, device_type, backed_up, aaguid, created_at)
         VALUES (?, ?, ?, ?, 0, 'multiDevice', 1, '00000000-0000-0000-0000-000000000000', ?)`,
      )
      .bind(held.id, id, held.userHandle, base64url.encode(kept.publicKey), now),
    database
      .prepare(
        `INSERT INTO device (id, practitioner_id, credential_id, public_jwk, name, activation_mode, created_at, expires_at)
         VALUES (?, ?, ?, ?, 'Bench', 'CONTACT', ?, ?)`,
      )
      .bind(device.id, id, held.id, JSON.stringify(device.publicJwk), now, now + DAY),
  ])
}

serveUntilDisconnected(
  { issuer: ISSUER, port: Number(url.port), people, serviceKey: keys.privateJwk },
  async () => {
    await runtime.dispose()
    rmSync(state, { recursive: true, force: true })
  },
)
