import * as oauth from 'oauth4webapi'
import * as z from 'zod'
import { loopbackFetch } from '../loopback-fetch.ts'

/** What the API reads of an answer (RFC 7662 §2.2). */
const Introspected = z.object({
  active: z.boolean(),
  sub: z.string().optional(),
  aud: z.string().optional(),
  client_id: z.string().optional(),
  scope: z.string().optional(),
  cnf: z.object({ 'x5t#S256': z.string().optional() }).optional(),
  structure: z.object({ id: z.string(), name: z.string() }).optional(),
})
export type Introspected = z.infer<typeof Introspected>

export interface Introspection {
  ask(token: string): Promise<Introspected>
}

/** As whom the API asks. */
export interface ApiClient {
  readonly id: string
  readonly secret: string
}

/**
 * Asks the federator what a token is worth, and takes a signed answer only (RFC 9701): its signature, issuer and audience
 * are verified, so it could come by any way.
 */
export function introspectionAt(issuer: string, { id, secret }: ApiClient, ca?: string): Introspection {
  const over = loopbackFetch(ca)
  const options = {
    [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
    [oauth.customFetch]: over,
  }
  const client: oauth.Client = { client_id: id, introspection_signed_response_alg: 'RS256' }
  let server: Promise<oauth.AuthorizationServer> | undefined
  const discover = async () =>
    oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer), { ...options, algorithm: 'oidc' }),
    )
  return {
    async ask(token) {
      server ??= discover()
      const as = await server.catch((error: unknown) => {
        server = undefined
        throw error
      })
      const authentication = oauth.ClientSecretBasic(secret)
      const response = await oauth.introspectionRequest(as, client, authentication, token, {
        ...options,
        requestJwtResponse: true,
      })
      const answer = await oauth.processIntrospectionResponse(as, client, response)
      await oauth.validateApplicationLevelSignature(as, response, options)
      return Introspected.parse(answer)
    },
  }
}
