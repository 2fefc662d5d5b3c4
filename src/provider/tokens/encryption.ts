import { encryptionKey } from '../../protocol/oauth/encryption-metadata.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { type Encryption, encryptionTo } from '../../protocol/oidc/encryption.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/**
 * How this party registered to have its ID tokens, userinfo or introspection encrypted (OIDC Registration §2, RFC 9701
 * §6), `undefined` when it did not. Asked before a grant is spent: a key that cannot be had must not cost the code.
 * @throws OAuthError `invalid_request` when its keys cannot be had, or none of them fits. Never in the clear instead.
 */
export async function encryptionOf(
  clientKeys: ClientKeys,
  party: RelyingParty,
  what: 'id_token' | 'userinfo' | 'introspection',
): Promise<Encryption | undefined> {
  const alg = party.metadata[`${what}_encrypted_response_alg`]
  if (alg === undefined) return undefined
  const enc = party.metadata[`${what}_encrypted_response_enc`] ?? 'A128CBC-HS256'
  const set = await clientKeys.of(party)
  const jwk = 'jwks' in set ? encryptionKey(set.jwks.keys, alg) : undefined
  const encryption = jwk && (await encryptionTo(jwk, alg, enc))
  if (encryption === undefined) {
    const detail = 'unavailable' in set ? set.unavailable : `no usable key for ${alg}`
    throw new OAuthError('invalid_request', 'there is no key of the client to encrypt to', detail)
  }
  return encryption
}
