import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { loopbackFetch } from '../loopback-fetch.ts'
import type { ApiClient } from './introspection.ts'

const Registered = z.object({ client_id: z.string(), client_secret: z.string() })
const Kept = z.object({ issuer: z.string(), audience: z.string(), id: z.string(), secret: z.string() })

/** What the API is registered as: an API of its own audience, which may ask what other tokens are worth too. */
export const registrationOf = (audience: string, scope: string) => ({
  client_name: 'API Démo',
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials'],
  serment_introspection: true,
  serment_api: { audience, scopes: [scope] },
})

/**
 * Registers the API with a sandbox, or takes the registration that `file` has of it, as long as the sandbox still knows
 * it: an audience is one API's only.
 */
export async function apiClient(
  { issuer, audience, scope, ca }: Wanted,
  file: string,
): Promise<ApiClient | { readonly refused: string }> {
  const over = loopbackFetch(ca)
  const kept = existsSync(file) ? Kept.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data : undefined
  if (kept?.issuer === issuer && kept.audience === audience) {
    const known = await over(`${issuer}/introspect`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${kept.id}:${kept.secret}`)}`, ...FORM },
      body: 'token=none',
    })
    if (known.ok) return { id: kept.id, secret: kept.secret }
  }
  const response = await over(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(registrationOf(audience, scope)),
  })
  if (response.status !== 201) return { refused: `${response.status} ${await response.text()}` }
  const { client_id: id, client_secret: secret } = Registered.parse(await response.json())
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ issuer, audience, id, secret }), { mode: 0o600 })
  return { id, secret }
}

export interface Wanted {
  readonly issuer: string
  readonly audience: string
  readonly scope: string
  readonly ca: string | undefined
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
