import { sameDigest } from '../kernel/digest.ts'
import type { ClientId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'
import { grant, joined, type Redemption, withoutFamily } from './families.ts'
import {
  type Code,
  type Family,
  type Life,
  lives,
  MOST_CODES,
  type Outcome,
  type Session,
} from './session.ts'
import type { GrantRefusal, PresentedCode } from './sessions.ts'

/**
 * Redeems a code. Whoever presents a right code ends it: with the right binding it becomes a family, with a wrong one
 * nothing (OAuth 2.1 §4.1.3), and when it was ended before, what it gave ends too (RFC 6749 §4.1.2).
 */
export function redeem(
  session: Session,
  input: PresentedCode & { readonly freshFamily: string },
  now: Instant,
): Outcome<Redemption> {
  const { life } = session
  const spent = life.spentCodes.find((code) => sameDigest(code.digest, input.code))
  if (spent !== undefined) {
    return { life: withoutFamily(life, spent.family), result: { refused: 'already-used' } }
  }
  const code = life.codes.find((candidate) => sameDigest(candidate.digest, input.code))
  if (code === undefined) return { life, result: { refused: 'unknown' } }
  const refused = refusal(session, code, input, now)
  if (refused !== undefined) return { life: spend(life, code, undefined), result: { refused } }
  const family: Family = {
    id: input.freshFamily,
    clientId: code.binding.clientId,
    scope: code.binding.scope,
    acr: code.binding.acr,
    claims: code.binding.claims,
    nonce: code.binding.nonce,
    refresh: input.refresh,
    holder: input.holder,
    refreshedAt: now,
    spent: [],
    lentUntil: undefined,
  }
  const grown = spend(life, code, family.id)
  const granted = grant(session, family, { scope: family.scope, nonce: code.binding.nonce }, now)
  return granted === undefined
    ? { life: grown, result: { refused: 'session-ended' } }
    : { life: { ...grown, families: joined(grown.families, family) }, result: { grant: granted } }
}

function refusal(
  session: Session,
  { binding, mintedAt }: Code,
  presented: {
    clientId: ClientId
    redirectUri: string | undefined
    challenge: string | undefined
    jkt?: string | undefined
  },
  now: Instant,
): GrantRefusal | undefined {
  if (!lives(session, now)) return 'session-ended'
  if (now >= after(mintedAt, session.identity.limits.code)) return 'expired'
  // RFC 6749 §4.1.3: "ensure that the authorization code was issued to the authenticated confidential client".
  if (binding.clientId !== presented.clientId) return 'other-client'
  // RFC 6749 §4.1.3, OIDC Core §3.1.3.2: identical to the one of the authorization request.
  if (binding.redirectUri !== presented.redirectUri) return 'redirect-uri-mismatch'
  if (binding.jkt !== undefined) {
    // RFC 9449 §10: "If they do not match, it MUST reject the request."
    if (presented.jkt === undefined) return 'key-missing'
    if (!sameDigest(binding.jkt, presented.jkt)) return 'key-mismatch'
  }
  if (binding.codeChallenge === undefined) {
    // RFC 9700 §2.1.1: a verifier where no challenge was sent is a sign of PKCE having been stripped on the way.
    return presented.challenge === undefined ? undefined : 'verifier-unexpected'
  }
  if (presented.challenge === undefined) return 'verifier-missing'
  // RFC 7636 §4.6.
  return sameDigest(binding.codeChallenge, presented.challenge) ? undefined : 'verifier-mismatch'
}

function spend(life: Life, code: Code, family: string | undefined): Life {
  return {
    ...life,
    codes: life.codes.filter((other) => other !== code),
    spentCodes: [...life.spentCodes, { digest: code.digest, family }].slice(-MOST_CODES),
  }
}
