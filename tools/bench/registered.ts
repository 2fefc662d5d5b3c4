import type { JWK } from 'jose'
import { CIBA_GRANT } from '../../src/protocol/oauth/backchannel-metadata.ts'

/** Where codes are sent, of every service. */
export const REDIRECT_URI = 'https://service.example.test/callback'

/** A service with a secret, as most are today. */
export const CLIENT = { id: 'bench', secret: 'bench-secret-of-a-client-that-only-exists-here' } as const

/** A service that also asks from its own server: without anybody, with a refresh token, through a phone. */
export const SERVER = {
  id: 'bench-server',
  secret: 'bench-secret-of-a-server-that-only-exists-here',
} as const

/** A service that pushes its requests, proves itself by a key and has its tokens bound to another (FAPI 2.0). */
export const STRICT = { id: 'bench-strict' } as const

export interface Registered {
  readonly id: string
  readonly secret?: string
  /** Members of RFC 7591 §2 and its extensions: both sides read the same. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** The services that both sides know. @param key public, of the one that proves itself by it. */
export const registered = (key: JWK): readonly Registered[] => [
  { ...CLIENT, metadata: common },
  {
    ...SERVER,
    metadata: {
      ...common,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', CIBA_GRANT],
      backchannel_token_delivery_mode: 'poll',
    },
  },
  {
    ...STRICT,
    metadata: {
      ...common,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [key] },
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
    },
  },
]

const common = {
  client_name: 'Bench',
  redirect_uris: [REDIRECT_URI],
  id_token_signed_response_alg: 'ES256',
}
