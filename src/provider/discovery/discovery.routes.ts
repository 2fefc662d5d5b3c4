import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Signer } from '../../keys/signer.ts'
import { type Deployment, providerMetadata } from '../../protocol/oidc/discovery.ts'

export interface DiscoveryNeeds extends Deployment {
  readonly signer: Pick<Signer, 'jwks'>
}

/** The same document under each name that is asked for; the second is Pro Santé Connect's own. */
const NAMES = ['openid-configuration', 'wallet-openid-configuration', 'oauth-authorization-server'] as const

/**
 * Discovery (OIDC Discovery §4, RFC 8414 §3) and keys (RFC 7517 §5). Public, for any origin, kept five minutes: a
 * key is announced for longer than that before it signs.
 */
export const discoveryRoutes = ({ signer, ...deployment }: DiscoveryNeeds) => {
  const routes = new Hono()
  const metadata = providerMetadata(deployment)
  for (const name of NAMES) {
    routes.use(`/.well-known/${name}`, cors())
    routes.get(`/.well-known/${name}`, (context) => context.json(metadata, 200, CACHED))
  }
  routes.use('/jwks', cors())
  routes.get('/jwks', async (context) =>
    context.body(JSON.stringify(await signer.jwks()), 200, {
      ...CACHED,
      'Content-Type': 'application/jwk-set+json',
    }),
  )
  return routes
}

const CACHED = { 'Cache-Control': 'public, max-age=300' }
