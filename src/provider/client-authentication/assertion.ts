import { after, type Instant, instant } from '../../kernel/instant.ts'
import { ASSERTION_ALGORITHMS } from '../../protocol/oauth/client-metadata.ts'
import { STRICT_ALGORITHMS } from '../../protocol/oauth/strict-metadata.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import { verifySignedByClient } from '../../relying-parties/client-signature.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/** Seconds ahead of now that an assertion may expire: how long its `jti` must be remembered. */
export const LONGEST_ASSERTION = 300
/** Seconds by which the client's clock may be wrong. */
const SKEW = 10

/** `typ` of a client assertion, where it has one: older clients say `JWT` or nothing. */
const TYPES = ['jwt', 'client-authentication+jwt', 'application/client-authentication+jwt']

/**
 * Whether the header may be an assertion's (RFC 8725 §3.11, §3.12): what a client signed for another purpose, and showed
 * to a browser, is no proof that the client itself is here.
 */
const isAssertionType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && TYPES.includes(typ.toLowerCase()))

/** An assertion that holds, but for its having been seen before. */
export interface Assertion {
  readonly jti: string
  readonly expiresAt: Instant
}

/**
 * Verifies a client assertion (RFC 7523 §3, OIDC Core §9) against the keys of the registration.
 * @param audiences what the client may call us: the issuer, or the URL of the token endpoint.
 * @returns the reason for refusing it otherwise; it is for the trail.
 */
export async function verifyAssertion(
  text: string,
  party: RelyingParty,
  clientKeys: ClientKeys,
  audiences: readonly string[],
  now: Instant,
): Promise<Assertion | { readonly rejected: string }> {
  const { token_endpoint_auth_signing_alg: registered } = party.metadata
  const allowed = ASSERTION_ALGORITHMS.filter(
    (alg) => party.profile !== 'strict' || STRICT_ALGORITHMS.includes(alg),
  )
  const verified = await verifySignedByClient(text, party, clientKeys, {
    // `none` and the HMACs are not in the list, so a public key can never be taken for a secret (RFC 8725 §3.1).
    algorithms: allowed.filter((alg) => registered === undefined || alg === registered),
    issuer: party.clientId,
    subject: party.clientId,
    audience: [...audiences],
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
    acceptsType: isAssertionType,
    clockTolerance: SKEW,
    currentDate: new Date(now * 1000),
  })
  if ('rejected' in verified) return verified
  const { aud, exp, jti } = verified.claims
  // A token made for two servers could be replayed here by the other one.
  if (Array.isArray(aud) && aud.length !== 1) return { rejected: 'more than one audience' }
  // FAPI 2.0 Security Profile §5.3.2.1 (8): "as a string".
  if (Array.isArray(aud) && party.profile === 'strict') return { rejected: 'the audience is a list' }
  if (exp === undefined || exp > after(now, LONGEST_ASSERTION + SKEW))
    return { rejected: 'exp is too far ahead' }
  if (typeof jti !== 'string' || jti === '' || jti.length > 255) return { rejected: 'jti is not usable' }
  return { jti, expiresAt: instant(exp + SKEW) }
}
