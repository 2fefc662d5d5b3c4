import { describe, expect, it } from 'vitest'
import { digest } from '../../src/kernel/digest.ts'
import { ClientId, ObjectName } from '../../src/kernel/identifiers.ts'
import { type Instant, instant, after as later } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { redeem } from '../../src/sessions/codes.ts'
import { inspect, inspectRefresh, lend, revoke, rotate } from '../../src/sessions/families.ts'
import { authorize, endOf, look, open, type Session } from '../../src/sessions/session.ts'
import type { CodeBinding } from '../../src/sessions/sessions.ts'

const T0 = instant(1_800_000_000)
const at = (seconds: number): Instant => later(T0, seconds)
const secret = await digest('browser')
const code = await digest('code')
const first = await digest('first refresh token')
const second = await digest('second refresh token')
const third = await digest('third refresh token')
const records = ClientId.parse('demo-records')
const other = ClientId.parse('demo-pharmacy')
const limits = { session: 14_400, sessionIdle: 1_800, code: 60, refreshToken: 1_800 }

const binding: CodeBinding = {
  clientId: records,
  redirectUri: 'https://records.example/callback',
  codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  nonce: 'n',
  scope: 'openid identity profession',
  acr: 'eidas1',
}
const plain: CodeBinding = { ...binding, codeChallenge: undefined }

const presented = {
  code,
  clientId: records,
  redirectUri: binding.redirectUri,
  challenge: binding.codeChallenge,
  refresh: first,
  freshFamily: 'family-1',
}

function opened(bound: CodeBinding = binding): Session {
  const session = open({
    name: ObjectName.parse('AAAAAAAAAAAAAAAAAAAAAA'),
    secret,
    subject: { practitionerId: '899700900012', authTime: T0, contextClass: 'phr', authentication: '{}' },
    place: NOWHERE,
    openedAt: T0,
    limits,
  })
  const input = { secret, code, binding: bound, serviceName: 'Dossier', freshSid: 'sid-1' }
  return { ...session, life: authorize(session, input, T0).life }
}

/** The session after a code was redeemed, so with one refresh token. */
function redeemed(): Session {
  const session = opened()
  return { ...session, life: redeem(session, presented, at(1)).life }
}

describe('redeem grants', () => {
  it('RFC 6749 §4.1.3: what the code was bound to', () => {
    const { result } = redeem(opened(), presented, at(59))
    expect(result).toEqual({
      grant: {
        session: 'AAAAAAAAAAAAAAAAAAAAAA',
        sid: 'sid-1',
        family: 'family-1',
        clientId: records,
        scope: binding.scope,
        nonce: 'n',
        acr: 'eidas1',
        subject: { practitionerId: '899700900012', authTime: T0, contextClass: 'phr', authentication: '{}' },
        remaining: 14_400 - 59,
      },
    })
  })

  it('without PKCE on both sides', () => {
    expect(redeem(opened(plain), { ...presented, challenge: undefined }, at(1)).result).toHaveProperty(
      'grant',
    )
  })
})

describe('redeem refuses, and burns the code', () => {
  it.each([
    ['RFC 6749 §4.1.3: the code of another client', binding, { clientId: other }, 1, 'other-client'],
    [
      'RFC 6749 §4.1.3: another redirect URI',
      binding,
      { redirectUri: `${binding.redirectUri}/` },
      1,
      'redirect-uri-mismatch',
    ],
    ['OIDC Core §3.1.3.2: no redirect URI', binding, { redirectUri: undefined }, 1, 'redirect-uri-mismatch'],
    ['RFC 7636 §4.6: a wrong verifier', binding, { challenge: 'A'.repeat(43) }, 1, 'verifier-mismatch'],
    ['RFC 7636 §4.6: a shorter challenge', binding, { challenge: 'E9Mel' }, 1, 'verifier-mismatch'],
    ['RFC 7636 §4.5: no verifier', binding, { challenge: undefined }, 1, 'verifier-missing'],
    ['RFC 9700 §2.1.1: a verifier without a challenge', plain, {}, 1, 'verifier-unexpected'],
    ['RFC 6749 §4.1.2: an expired code', binding, {}, 60, 'expired'],
    ['a session that ended by itself', binding, {}, 1_800, 'session-ended'],
  ])('%s', (_, bound, wrong, seconds, reason) => {
    const session = opened(bound)
    const { life, result } = redeem(session, { ...presented, ...wrong }, at(seconds))
    expect(result).toEqual({ refused: reason })
    const again = redeem({ ...session, life }, { ...presented, challenge: bound.codeChallenge }, at(2))
    expect(again.result).toEqual({ refused: 'already-used' })
  })

  it('an unknown code, and leaves the right one alone', async () => {
    const session = opened()
    const { life, result } = redeem(session, { ...presented, code: await digest('guess') }, at(1))
    expect(result).toEqual({ refused: 'unknown' })
    expect(redeem({ ...session, life }, presented, at(2)).result).toHaveProperty('grant')
  })
})

describe('RFC 6749 §4.1.2: a code used twice', () => {
  it.each([
    ['by its own client', {}],
    ['by another client', { clientId: other }],
    ['long after', {}],
  ])('%s is refused and ends what it gave', (_, by) => {
    const session = redeemed()
    expect(inspect(session, 'family-1', at(2))).toBeDefined()
    const { life, result } = redeem(session, { ...presented, ...by }, at(70))
    expect(result).toEqual({ refused: 'already-used' })
    expect(inspect({ ...session, life }, 'family-1', at(71))).toBeUndefined()
    const refreshed = rotate(
      { ...session, life },
      { refresh: first, next: second, clientId: records, scope: undefined },
      at(72),
    )
    expect(refreshed.result).toEqual({ refused: 'unknown' })
  })
})

describe('rotate', () => {
  const ask = { refresh: first, next: second, clientId: records, scope: undefined }

  it.each([
    ['RFC 6749 §6: all of the scope when none is asked', undefined, 'openid identity profession'],
    ['RFC 6749 §6: less when less is asked', 'profession openid', 'openid profession'],
  ])('grants %s', (_, scope, granted) => {
    const { result } = rotate(redeemed(), { ...ask, scope }, at(100))
    expect(result).toMatchObject({ grant: { scope: granted, family: 'family-1', nonce: undefined } })
  })

  it('FAPI 2.0 §5.3.2.1 (9): without a next one the token stays, and lives on from there', () => {
    const session = redeemed()
    const kept = { ...ask, next: undefined }
    const once = { ...session, life: rotate(session, kept, at(1_000)).life }
    expect(rotate(once, kept, at(1_700)).result).toHaveProperty('grant')
    expect(inspectRefresh(once, ask.refresh, at(1_001))).toMatchObject({ issuedAt: at(1_000) })
    expect(rotate(session, { ...kept, clientId: other }, at(1_001)).result).toEqual({
      refused: 'other-client',
    })
  })

  it('RFC 6749 §6: gives the next token the whole scope again', () => {
    const session = redeemed()
    const { life } = rotate(session, { ...ask, scope: 'openid' }, at(100))
    const { result } = rotate({ ...session, life }, { ...ask, refresh: second, next: third }, at(200))
    expect(result).toMatchObject({ grant: { scope: 'openid identity profession' } })
  })

  it.each([
    ['RFC 6749 §6: more scope than was granted', { scope: 'openid contact' }, 100, 'scope-exceeded'],
    ['RFC 6749 §10.4: the token of another client', { clientId: other }, 100, 'other-client'],
    ['an unknown token', { refresh: third }, 100, 'unknown'],
    ['a token after half an hour', {}, 1_801, 'session-ended'],
  ])('refuses %s, and leaves the token alone', (_, wrong, seconds, reason) => {
    const session = redeemed()
    const { life, result } = rotate(session, { ...ask, ...wrong }, at(seconds))
    expect(result).toEqual({ refused: reason })
    expect(rotate({ ...session, life }, ask, at(101)).result).toHaveProperty('grant')
  })

  it('refuses a token of half an hour in a session that is still visited', () => {
    const session = redeemed()
    const visited = { ...session, life: look(session, secret, at(1_000)).life }
    expect(rotate(visited, ask, at(1_801)).result).toEqual({ refused: 'expired' })
  })

  it('RFC 9700 §4.14.2: a token used twice ends its family, the newest token included', () => {
    const session = redeemed()
    const once = { ...session, life: rotate(session, ask, at(100)).life }
    const twice = rotate(once, { ...ask, next: third }, at(101))
    expect(twice.result).toEqual({ refused: 'already-used' })
    const ended = { ...session, life: twice.life }
    expect(rotate(ended, { ...ask, refresh: second, next: third }, at(102)).result).toEqual({
      refused: 'unknown',
    })
    expect(inspect(ended, 'family-1', at(102))).toBeUndefined()
  })
})

describe('RFC 7009 §2.1: giving a token up', () => {
  it.each([
    ['its refresh token', { refresh: first }],
    ['its access token', { family: 'family-1' }],
  ])('by %s ends the family', (_, token) => {
    const session = redeemed()
    const { life, result } = revoke(session, token, records)
    expect(result).toBe('revoked')
    expect(inspect({ ...session, life }, 'family-1', at(2))).toBeUndefined()
  })

  it('by a refresh token that was rotated ends the family too', () => {
    const session = redeemed()
    const input = { refresh: first, next: second, clientId: records, scope: undefined }
    const rotated = { ...session, life: rotate(session, input, at(2)).life }
    expect(revoke(rotated, { refresh: first }, records).result).toBe('revoked')
    expect(revoke(rotated, { refresh: second }, records).result).toBe('revoked')
  })

  it.each([
    ['another client’s refresh token', { refresh: first }, other, 'other-client'],
    ['another client’s access token', { family: 'family-1' }, other, 'other-client'],
    ['an unknown refresh token', { refresh: second }, records, 'unknown'],
    ['an unknown family', { family: 'family-2' }, records, 'unknown'],
  ])('%s changes nothing', (_, token, client, expected) => {
    const session = redeemed()
    expect(revoke(session, token, client)).toEqual({ life: session.life, result: expected })
  })
})

describe('RFC 7662: looking at a refresh token', () => {
  it('tells its grant, the nonce of its request, and its own two ends', () => {
    expect(inspectRefresh(redeemed(), first, at(10))).toMatchObject({
      grant: { family: 'family-1', clientId: records, nonce: 'n' },
      issuedAt: at(1),
      expiresAt: at(1_801),
    })
  })

  it('does not promise more than the session', async () => {
    let session = redeemed()
    let refresh = first
    for (let seconds = 1_000; seconds < 14_000; seconds += 1_000) {
      const next = await digest(`refresh token of ${seconds}`)
      const { life } = rotate(session, { refresh, next, clientId: records, scope: undefined }, at(seconds))
      session = { ...session, life }
      refresh = next
    }
    expect(inspectRefresh(session, refresh, at(13_500))?.expiresAt).toBe(at(14_400))
  })

  it.each([
    ['unknown', second, 2],
    ['half an hour old', first, 1_801],
  ])('says nothing of one that is %s', (_, refresh, seconds) => {
    expect(inspectRefresh(redeemed(), refresh, at(seconds))).toBeUndefined()
  })

  it('says nothing of one that was rotated', () => {
    const session = redeemed()
    const input = { refresh: first, next: second, clientId: records, scope: undefined }
    const { life } = rotate(session, input, at(2))
    expect(inspectRefresh({ ...session, life }, first, at(3))).toBeUndefined()
    expect(inspectRefresh({ ...session, life }, second, at(3))).toBeDefined()
  })
})

describe('RFC 8693: a family that an API token came of', () => {
  it('is known as long as that token, and not without it', () => {
    const visit = async (session: Session, seconds: number) => {
      const input = {
        secret,
        code: await digest(`code ${seconds}`),
        binding,
        serviceName: 'Dossier',
        freshSid: 'x',
      }
      return { ...session, life: authorize(session, input, at(seconds)).life }
    }
    return Promise.all(
      [true, false].map(async (isLent) => {
        let session = redeemed()
        if (isLent) session = { ...session, life: lend(session, 'family-1', 3_600, at(60)).life }
        for (const seconds of [1_000, 2_000, 3_000]) session = await visit(session, seconds)
        expect(inspect(session, 'family-1', at(3_000)) !== undefined).toBe(isLent)
        session = await visit(session, 3_700)
        expect(inspect(session, 'family-1', at(3_700))).toBeUndefined()
      }),
    )
  })

  it('is not lent once it is gone', () => {
    const session = redeemed()
    expect(lend(session, 'family-2', 3_600, at(2))).toEqual({ life: session.life, result: undefined })
    expect(lend(session, 'family-1', 3_600, at(1_801)).result).toBeUndefined()
  })
})

describe('the life of a session', () => {
  it('ends half an hour after the last visit', () => {
    const session = opened()
    expect(look(session, secret, at(1_799)).result).toBeDefined()
    expect(look(session, secret, at(1_800)).result).toBeUndefined()
  })

  it.each([
    ['a visit', (session: Session, now: Instant) => look(session, secret, now).life],
    [
      'a sign-in to a service',
      (session: Session, now: Instant) =>
        authorize(session, { secret, code: third, binding, serviceName: 'Dossier', freshSid: 'x' }, now).life,
    ],
  ])('goes on by %s, but not beyond four hours', (_, visit) => {
    let session = opened()
    for (let seconds = 1_000; seconds < 14_400; seconds += 1_000) {
      expect(look(session, secret, at(seconds)).result).toBeDefined()
      session = { ...session, life: visit(session, at(seconds)) }
    }
    expect(endOf(session)).toBe(at(14_400))
    expect(look(session, secret, at(14_400)).result).toBeUndefined()
  })

  it('does not go on by a userinfo request', () => {
    const session = redeemed()
    expect(inspect(session, 'family-1', at(1_799))).toBeDefined()
    expect(endOf(session)).toBe(at(1_800))
  })

  it('shows nothing to a browser with another secret', async () => {
    const stranger = await digest('another browser')
    const session = opened()
    expect(look(session, stranger, at(1)).result).toBeUndefined()
    const input = { secret: stranger, code: third, binding, serviceName: 'Dossier', freshSid: 'x' }
    expect(authorize(session, input, at(1))).toEqual({ life: session.life, result: undefined })
  })

  it('Back-Channel Logout §2.1: one sid a service, another for another service', () => {
    const session = opened()
    const again = authorize(
      session,
      { secret, code: second, binding, serviceName: 'Dossier', freshSid: 'x' },
      at(1),
    )
    expect(again.result).toEqual({ sid: 'sid-1' })
    const elsewhere = {
      secret,
      code: third,
      binding: { ...binding, clientId: other },
      serviceName: 'Officine',
      freshSid: 'sid-2',
    }
    const both = authorize({ ...session, life: again.life }, elsewhere, at(2))
    expect(both.result).toEqual({ sid: 'sid-2' })
    expect(look({ ...session, life: both.life }, secret, at(3)).result?.services).toEqual([records, other])
  })

  it('stays small however often it is used', async () => {
    let session = opened()
    for (let turn = 0; turn < 1_000; turn++) {
      const input = {
        secret,
        code: await digest(`code ${turn}`),
        binding,
        serviceName: 'Dossier',
        freshSid: 'x',
      }
      const now = at(turn * 14)
      session = { ...session, life: authorize(session, input, now).life }
      const { life } = redeem(
        session,
        { ...presented, code: input.code, freshFamily: `f${turn}`, refresh: undefined },
        now,
      )
      session = { ...session, life }
    }
    expect(session.life.families.length).toBeLessThanOrEqual(200)
    expect(JSON.stringify(session.life).length).toBeLessThan(100_000)
  })

  it('a service that asks again and again ends its own oldest tokens, nobody else’s', async () => {
    let session = opened()
    const turn = async (name: string, clientId: ClientId) => {
      const bound = { ...binding, clientId }
      const input = { secret, code: await digest(name), binding: bound, serviceName: '', freshSid: clientId }
      session = { ...session, life: authorize(session, input, at(1)).life }
      const redemption = { ...presented, clientId, code: input.code, freshFamily: name, refresh: undefined }
      session = { ...session, life: redeem(session, redemption, at(1)).life }
    }
    await turn('theirs', other)
    for (let i = 0; i < 60; i++) await turn(`own ${i}`, records)
    expect(inspect(session, 'theirs', at(2))).toBeDefined()
    expect(inspect(session, 'own 9', at(2))).toBeUndefined()
    expect(inspect(session, 'own 10', at(2))).toBeDefined()
    expect(session.life.families).toHaveLength(51)
  })
})
