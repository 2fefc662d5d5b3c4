import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as ecps from '../../src/ecps/contract.ts'
import * as mire from '../../src/mire/contract.ts'
import {
  contextOf,
  isApprovalRequest,
  isDecided,
  isDevice,
  isLiveEvent,
  isMe,
  isRefusalCode,
  isSignIns,
  isUserCodeChanged,
  isWhole,
} from '../../web/ecps/messages.ts'
import { isLoginState, isPasskeyRefusal, loginOf } from '../../web/mire/messages.ts'

const device = {
  id: 'd',
  name: 'iPhone',
  current: true,
  passkeyKind: 'synced',
  activationMode: 'CONTACT',
  createdAt: 1,
  expiresAt: 2,
  lastUsedAt: null,
}
const place = { city: 'Lyon', country: 'FR', network: 'Orange' }
const signIn = { service: 'Dossier Démo', at: 1, place, means: 'MOBILE', outcome: 'signed-in', live: true }
const request = { id: 'a', nonce: 'n', context: '{}', values: ['1', '2', '3'], expiresAt: 2, now: 1 }

const me = {
  displayName: 'A',
  nationalId: '8',
  credentialId: 'c',
  rpId: 'localhost',
  device,
  userCode: true,
}

// Each guard of the browser beside the schema of the server: both say the same of the good and of every broken one.
const PAIRS = [
  ['Me', ecps.Me.partial({ userCode: true }), isMe, me],
  ['UserCode', ecps.UserCode, isUserCodeChanged, { userCode: true }],
  ['Device', ecps.Device, isDevice, device],
  ['ApprovalRequest', ecps.ApprovalRequest, isApprovalRequest, request],
  ['Decided', ecps.Decided, isDecided, { outcome: 'approved' }],
  ['SignIns', ecps.SignIns, isSignIns, { signIns: [signIn] }],
  ['LiveEvent', ecps.LiveEvent, isLiveEvent, { type: 'requests-changed' }],
  ['LoginState', mire.LoginState, isLoginState, { status: 'waiting', disclose: false, next: '/' }],
  ['PasskeyRefusal', mire.PasskeyRefusal, isPasskeyRefusal, { error: 'suspended' }],
] as const

describe('the guard and the schema of', () => {
  it.each(PAIRS)('%s agree', (_, schema, guard, good) => {
    expect(schema.safeParse(good).success).toBe(true)
    expect(guard(good)).toBe(true)
    for (const name of Object.keys(good)) {
      const { [name]: _gone, ...missing } = { ...good } as Record<string, unknown>
      expect(guard(missing), `without ${name}`).toBe(schema.safeParse(missing).success)
      for (const wrong of ['other', 7, null, {}, [null]]) {
        const broken = { ...good, [name]: wrong }
        expect(guard(broken), `${name}: ${JSON.stringify(wrong)}`).toBe(schema.safeParse(broken).success)
      }
    }
  })

  it('Me agree, but for what a phone kept before there were user codes', () => {
    const { userCode: _gone, ...before } = me
    expect(ecps.Me.safeParse(before).success).toBe(false)
    expect(isMe(before)).toBe(true)
  })

  it('every refusal', () => {
    expect(ecps.REFUSALS.every(isRefusalCode)).toBe(true)
    expect(isRefusalCode('toString')).toBe(false)
  })
})

describe('the context of a request', () => {
  const whole = { service: 'Dossier Démo', place, browser: 'Chrome', bonded: true, askedAt: 1 }
  const read = (context: string) => contextOf({ ...request, context })

  it('is shown when it is whole', () => {
    expect(read(JSON.stringify({ ...whole, more: 1 }))).toMatchObject(whole)
  })

  it('is not shown, so not signed, when anything that is shown is missing', () => {
    for (const name of Object.keys(whole))
      expect(read(JSON.stringify({ ...whole, [name]: undefined }))).toBeUndefined()
    fc.assert(fc.property(fc.string(), (text) => read(text) === undefined))
  })
})

describe('the login that a page carries', () => {
  const state = { status: 'choosing', disclose: false, next: '/authorize/continue/x' }
  it('is read', () => {
    const login = { name: 'x', language: 'en', state, options: { challenge: 'c' }, expiresAt: 5 }
    expect(loginOf(JSON.stringify(login))).toEqual(login)
    expect(loginOf(JSON.stringify({ name: 'x', state }))).toMatchObject({
      language: 'fr',
      options: undefined,
    })
  })

  it('never throws on other text', () => {
    fc.assert(fc.property(fc.string(), (text) => loginOf(text) === undefined))
  })
})

describe('a request of a service', () => {
  const context = { service: 'S', place, browser: '', bonded: false, askedAt: 1, askedBy: 'service' }
  const asked = (more: object, values: readonly string[]) => {
    const whole = { ...request, context: JSON.stringify({ ...context, ...more }), values: [...values] }
    const read = contextOf(whole)
    return read !== undefined && isWhole(whole, read)
  }
  it.each([
    ['three codes', {}, ['1', '2', '3'], true],
    ['a message and yes', { message: 'Ordonnance' }, ['confirm'], true],
    ['a message and codes', { message: 'Ordonnance' }, ['1', '2', '3'], false],
    ['yes to nothing', {}, ['confirm'], false],
    ['a message and another word', { message: 'Ordonnance' }, ['ok'], false],
    ['a message that is no text', { message: 7 }, ['confirm'], false],
    ['an asker that nobody knows', { askedBy: 'somebody' }, ['1', '2', '3'], false],
  ])('%s', (_, more, values, whole) => expect(asked(more, values)).toBe(whole))
})
