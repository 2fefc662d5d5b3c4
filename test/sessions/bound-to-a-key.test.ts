import { describe, expect, it } from 'vitest'
import { digest } from '../../src/kernel/digest.ts'
import { ClientId, ObjectName } from '../../src/kernel/identifiers.ts'
import { instant, after as later } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { redeem } from '../../src/sessions/codes.ts'
import { rotate } from '../../src/sessions/families.ts'
import { authorize, open, type Session } from '../../src/sessions/session.ts'

const T0 = instant(1_800_000_000)
const at = (seconds: number) => later(T0, seconds)
const secret = await digest('browser')
const code = await digest('code')
const [first, second, third] = await Promise.all([digest('1'), digest('2'), digest('3')])
const key = await digest('a key')
const otherKey = await digest('another key')
const clientId = ClientId.parse('demo-browser')
const redirectUri = 'https://records.example/callback'

function opened(jkt: string | undefined): Session {
  const session = open({
    name: ObjectName.parse('AAAAAAAAAAAAAAAAAAAAAA'),
    secret,
    subject: { practitionerId: '899700900012', authTime: T0, contextClass: 'phr', authentication: '{}' },
    place: NOWHERE,
    openedAt: T0,
    limits: { session: 14_400, sessionIdle: 1_800, code: 60, refreshToken: 1_800 },
  })
  const binding = {
    clientId,
    redirectUri,
    codeChallenge: undefined,
    nonce: 'n',
    scope: 'openid',
    acr: 'eidas1',
    jkt,
  }
  const { life } = authorize(session, { secret, code, binding, serviceName: 'Dossier', freshSid: 'sid' }, T0)
  return { ...session, life }
}

const presented = {
  code,
  clientId,
  redirectUri,
  challenge: undefined,
  refresh: first,
  freshFamily: 'family',
}

describe('RFC 9449 §10: a code bound to a key', () => {
  it('is redeemed with it', () => {
    expect(redeem(opened(key), { ...presented, jkt: key }, at(1)).result).toHaveProperty('grant')
  })
  it('is redeemed without a key where none was named', () => {
    expect(redeem(opened(undefined), { ...presented, jkt: key }, at(1)).result).toHaveProperty('grant')
  })
  it.each([
    ['with another key', otherKey, 'key-mismatch'],
    ['without a key', undefined, 'key-missing'],
  ])('is burnt %s', (_, jkt, refused) => {
    const session = opened(key)
    const { life, result } = redeem(session, { ...presented, jkt }, at(1))
    expect(result).toEqual({ refused })
    const again = redeem({ ...session, life }, { ...presented, jkt: key }, at(2))
    expect(again.result).toEqual({ refused: 'already-used' })
  })
})

describe('RFC 9449 §5: the refresh token of a public client', () => {
  const ask = { refresh: first, next: second, clientId, scope: undefined }
  const begun = (holder: string | undefined): Session => {
    const session = opened(undefined)
    return { ...session, life: redeem(session, { ...presented, holder }, at(1)).life }
  }

  it('is rotated by whoever holds the key, again and again', () => {
    const session = begun(key)
    const once = rotate(session, { ...ask, holder: key }, at(2))
    expect(once.result).toHaveProperty('grant')
    const twice = rotate(
      { ...session, life: once.life },
      { ...ask, refresh: second, next: third, holder: key },
      at(3),
    )
    expect(twice.result).toHaveProperty('grant')
  })
  it.each([
    ['another key', otherKey, 'key-mismatch'],
    ['none', undefined, 'key-missing'],
  ])('is not rotated with %s, and stays good for its holder', (_, holder, refused) => {
    const session = begun(key)
    const { life, result } = rotate(session, { ...ask, holder }, at(2))
    expect(result).toEqual({ refused })
    expect(rotate({ ...session, life }, { ...ask, holder: key }, at(3)).result).toHaveProperty('grant')
  })
  it('takes the key of the first refresh that shows one', () => {
    const session = begun(undefined)
    const { life } = rotate(session, { ...ask, holder: key }, at(2))
    const without = rotate({ ...session, life }, { ...ask, refresh: second, next: third }, at(3))
    expect(without.result).toEqual({ refused: 'key-missing' })
  })
})
