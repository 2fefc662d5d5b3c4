import * as z from 'zod'
import { expectStatus, type LoopbackClient } from './client.ts'

export const DISCOVERY = '/.well-known/openid-configuration'

const Discovered = z.object({
  authorization_endpoint: z.url(),
  pushed_authorization_request_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  introspection_endpoint: z.url(),
  backchannel_authentication_endpoint: z.url(),
  jwks_uri: z.url(),
})

/** Paths of the endpoints. */
export type Endpoints = Readonly<
  Record<'authorize' | 'par' | 'token' | 'userinfo' | 'introspect' | 'backchannel' | 'jwks', string>
>

/** Where each endpoint is, as the provider itself says. */
export async function endpoints(client: LoopbackClient): Promise<Endpoints> {
  const answer = expectStatus(await client.ask(DISCOVERY), 'discovery', 200)
  const found = Discovered.parse(JSON.parse(answer.body))
  const path = (url: string) => new URL(url).pathname
  return {
    authorize: path(found.authorization_endpoint),
    par: path(found.pushed_authorization_request_endpoint),
    token: path(found.token_endpoint),
    userinfo: path(found.userinfo_endpoint),
    introspect: path(found.introspection_endpoint),
    backchannel: path(found.backchannel_authentication_endpoint),
    jwks: path(found.jwks_uri),
  }
}
