import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import * as z from 'zod'

/** Where our public keys are to be had, the retired ones too. */
export interface PublicKeys {
  jwks(): Promise<JSONWebKeySet>
}

/** Who an ID token of ours was about, and for which client. */
export interface HintedIdentity {
  readonly subject: string
  readonly audience: readonly string[]
  readonly sid: string | undefined
}

const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  // Every ID token has one (OIDC Core §2); a signed userinfo answer has not.
  exp: z.number(),
  sid: z.string().optional(),
})

/**
 * Reads an `id_token_hint` (OIDC Core §3.1.2.1, RP-Initiated Logout §2). It must be an ID token that we signed; that
 * it has expired is no objection (RP-Initiated Logout §4: "the OP SHOULD accept ID Tokens when … the exp has passed").
 * @returns `undefined` for anything else, an access token or a signed userinfo answer of ours included.
 */
export async function readIdTokenHint(
  hint: string,
  jwks: JSONWebKeySet,
  issuer: string,
): Promise<HintedIdentity | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(hint, createLocalJWKSet(jwks))
    if (protectedHeader.typ !== undefined && protectedHeader.typ.toUpperCase() !== 'JWT') return undefined
    const claims = Claims.parse(JSON.parse(new TextDecoder().decode(payload)))
    if (claims.iss !== issuer) return undefined
    return { subject: claims.sub, audience: claims.aud, sid: claims.sid }
  } catch {
    return undefined
  }
}
