import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { type Digest, digest } from '../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId, type ObjectName } from '../../src/kernel/identifiers.ts'
import { instant, after as later } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { objectSessions } from '../../src/sessions/session.object.ts'
import type { CodeBinding } from '../../src/sessions/sessions.ts'

const sessions = objectSessions(env.SESSION)
const T0 = instant(Date.now() / 1000)
const secret = await digest('browser')
const code = await digest('code')
const refresh = await digest('refresh token')
const clientId = ClientId.parse('demo-records')
const binding: CodeBinding = {
  clientId,
  redirectUri: 'https://records.example/callback',
  codeChallenge: undefined,
  nonce: undefined,
  scope: 'openid',
  acr: 'eidas1',
}
const presented = { code, clientId, redirectUri: binding.redirectUri, challenge: undefined, refresh }

async function opened(): Promise<ObjectName> {
  const name = newObjectName(systemEntropy)
  const subject = { practitionerId: '899700900012', authTime: T0, contextClass: 'phr', authentication: '{}' }
  await sessions.open({ name, secret, subject, place: NOWHERE, code, binding, serviceName: 'Dossier' })
  return name
}

const setClock = (name: ObjectName, seconds: number) =>
  runInDurableObject(env.SESSION.getByName(name), (object) => {
    object.clock = () => later(T0, seconds)
  })

describe('a session', () => {
  it('is looked at, authorized, redeemed, inspected, rotated and ended', async () => {
    const name = await opened()
    expect(await sessions.look(name, secret)).toMatchObject({ services: [clientId] })
    const next = await digest('second code')
    const authorized = await sessions.authorize(name, secret, next, binding, 'Dossier')
    expect(authorized?.sid.startsWith(`${name}.`)).toBe(true)
    const redeemed = await sessions.redeem(name, { ...presented, code: next })
    if (!('grant' in redeemed)) throw new Error(redeemed.refused)
    expect(redeemed.grant).toMatchObject({ session: name, sid: authorized?.sid, clientId, scope: 'openid' })
    expect(await sessions.inspect(name, redeemed.grant.family)).toBeDefined()
    const rotated = await sessions.rotate(name, { refresh, next, clientId, scope: undefined })
    expect(rotated).toMatchObject({ grant: { family: redeemed.grant.family } })
    expect(await sessions.end(name)).toEqual({
      practitionerId: '899700900012',
      services: [{ clientId, sid: authorized?.sid }],
    })
    expect(await sessions.end(name)).toBeUndefined()
    expect(await sessions.inspect(name, redeemed.grant.family)).toBeUndefined()
    expect(await sessions.look(name, secret)).toBeUndefined()
  })

  it('RFC 6749 §4.1.2: of fifty redemptions of one code at once, one succeeds', async () => {
    const name = await opened()
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, turn) => {
        const own: Digest = await digest(`refresh ${turn}`)
        return sessions.redeem(name, { ...presented, refresh: own })
      }),
    )
    const granted = results.filter((result) => 'grant' in result)
    expect(granted).toHaveLength(1)
    expect(results.filter((result) => 'refused' in result && result.refused === 'already-used')).toHaveLength(
      49,
    )
    // The other forty-nine ended what the first was given.
    const family = granted[0] !== undefined && 'grant' in granted[0] ? granted[0].grant.family : ''
    expect(await sessions.inspect(name, family)).toBeUndefined()
  })

  it('RFC 9700 §4.14.2: of ten rotations of one refresh token at once, one succeeds', async () => {
    const name = await opened()
    await sessions.redeem(name, presented)
    const results = await Promise.all(
      Array.from({ length: 10 }, async (_, turn) =>
        sessions.rotate(name, { refresh, next: await digest(`next ${turn}`), clientId, scope: undefined }),
      ),
    )
    expect(results.filter((result) => 'grant' in result)).toHaveLength(1)
  })

  it('RFC 6749 §4.1.2: refuses an expired code', async () => {
    const name = await opened()
    await setClock(name, 61)
    expect(await sessions.redeem(name, presented)).toEqual({ refused: 'expired' })
  })

  it('is gone when its alarm rings after its end, and not before', async () => {
    const name = await opened()
    const stub = env.SESSION.getByName(name)
    await setClock(name, 1_000)
    await sessions.look(name, secret)
    await setClock(name, 1_900)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await sessions.look(name, secret)).toBeDefined()
    await setClock(name, 1_900 + 1_801)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await runDurableObjectAlarm(stub)).toBe(false)
    expect(await runInDurableObject(stub, (_, state) => [...state.storage.kv.list()].length)).toBe(0)
  })

  it('that was never opened knows nothing and stores nothing', async () => {
    const name = newObjectName(systemEntropy)
    expect(await sessions.look(name, secret)).toBeUndefined()
    expect(await sessions.authorize(name, secret, code, binding, 'Dossier')).toBeUndefined()
    expect(await sessions.redeem(name, presented)).toEqual({ refused: 'unknown' })
    const asked = { refresh, next: code, clientId, scope: undefined }
    expect(await sessions.rotate(name, asked)).toEqual({ refused: 'unknown' })
    expect(await sessions.inspect(name, 'family')).toBeUndefined()
    expect(await sessions.end(name)).toBeUndefined()
    const stub = env.SESSION.getByName(name)
    expect(await runInDurableObject(stub, (_, state) => [...state.storage.kv.list()].length)).toBe(0)
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull()
  })
})
