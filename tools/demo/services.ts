import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types/experimental'
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from 'jose'
import { z } from 'zod'
import { clientMetadata } from '../../src/protocol/oauth/client-metadata.ts'

/** A demonstration relying party: what it is called, what it asks for, and how it proves itself. */
export interface DemoService {
  readonly clientId: string
  readonly name: Readonly<Record<'fr' | 'en', string>>
  readonly purpose: Readonly<Record<'fr' | 'en', string>>
  readonly profile: 'compatible' | 'strict'
  readonly scope: string
  /** OIDC Core §3.1.2.1 `acr_values`; empty asks for none. */
  readonly acrValues: string
  readonly idTokenAlgorithm: 'RS256' | 'ES256'
  readonly credential:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'key'; readonly key: CryptoKey; readonly publicJwk: object }
}

const KeptKey = z.object({ privateKey: z.string(), publicJwk: z.record(z.string(), z.unknown()) })

/**
 * The two services. The first is registered as services of Pro Santé Connect are today: a shared secret, `scope_all`
 * and `eidas1`. The second is held to the strict profile: no secret anywhere, PKCE and DPoP demanded, finer scopes.
 * The key of the second is kept in `folder`, so that a second start is the same service.
 */
export async function demoServices(folder: string): Promise<readonly [DemoService, DemoService]> {
  return [
    {
      clientId: 'dossier-demo',
      name: { fr: 'Dossier Démo', en: 'Demo Record' },
      purpose: { fr: 'Un dossier patient, pour essayer.', en: 'A patient record, to try things out.' },
      profile: 'compatible',
      scope: 'openid scope_all',
      acrValues: 'eidas1',
      idTokenAlgorithm: 'RS256',
      credential: { kind: 'secret', secret: 'dossier-demo-secret-for-the-sandbox' },
    },
    {
      clientId: 'messagerie-demo',
      name: { fr: 'Messagerie Démo', en: 'Demo Mail' },
      purpose: {
        fr: 'Une messagerie entre soignants, pour essayer.',
        en: 'Mail between carers, to try things out.',
      },
      profile: 'strict',
      scope: 'openid identity profession contact',
      acrValues: '',
      idTokenAlgorithm: 'ES256',
      credential: { kind: 'key', ...(await keptKey(join(folder, 'messagerie-demo.json'))) },
    },
  ]
}

async function keptKey(file: string): Promise<{ key: CryptoKey; publicJwk: object }> {
  if (existsSync(file)) {
    const kept = KeptKey.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { key: await importPKCS8(kept.privateKey, 'ES256'), publicJwk: kept.publicJwk }
  }
  const pair = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'messagerie-demo', use: 'sig', alg: 'ES256' }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ privateKey: await exportPKCS8(pair.privateKey), publicJwk }), {
    mode: 0o600,
  })
  return { key: pair.privateKey, publicJwk }
}

/** Writes the service into the registry under its current origin, or over what an earlier start wrote. */
export async function registerDemo(
  database: D1Database,
  service: DemoService,
  origin: string,
  now: number,
): Promise<void> {
  const { credential } = service
  const metadata = clientMetadata({
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/signed-out`],
    backchannel_logout_uri: `${origin}/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    client_name: service.name.fr,
    client_uri: origin,
    scope: service.scope,
    id_token_signed_response_alg: service.idTokenAlgorithm,
    ...(credential.kind === 'secret'
      ? { token_endpoint_auth_method: 'client_secret_basic' }
      : {
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'ES256',
          jwks: { keys: [credential.publicJwk] },
        }),
  })
  const secretDigest =
    credential.kind === 'secret' ? createHash('sha256').update(credential.secret).digest('base64url') : null
  await database
    .prepare(
      `INSERT INTO relying_party (client_id, name, profile, status, secret_digest, metadata, registered_at)
       VALUES (?1, ?2, ?3, 'active', ?4, ?5, ?6)
       ON CONFLICT (client_id) DO UPDATE SET name = ?2, profile = ?3, secret_digest = ?4, metadata = ?5`,
    )
    .bind(service.clientId, service.name.fr, service.profile, secretDigest, JSON.stringify(metadata), now)
    .run()
}
