import { describe, expect, it } from 'vitest'
import {
  abandoned,
  acknowledged,
  anotherWay,
  cancelled,
  collected,
  isOver,
  type Login,
  nextEnd,
  passed,
  provedByPasskey,
  stateOf,
  viewed,
} from '../../src/mire/login.ts'
import { askedForPairing, decided, rang } from '../../src/mire/login-by-phone.ts'
import {
  at,
  authentication,
  BROWSER,
  CAMILLE,
  code,
  KNOWN,
  LIFETIMES,
  login,
  NOW,
  OTHER_BROWSER,
  pairing,
  seed,
} from './logins.ts'

const PROOF = { challenge: 'c1', authentication: authentication(), known: KNOWN }

const seen = (before: Login, ...challenges: string[]) =>
  challenges.reduce((now, challenge) => viewed(now, { challenge, pairing: undefined }, NOW), before)

const proved = (known: Readonly<Record<string, string>> = KNOWN, before = seen(login(), 'c1')) =>
  provedByPasskey(before, { ...PROOF, known }, NOW).login

const onPhone = (before = login()) => {
  const { login: now } = rang(before, { ...seed(), practitionerId: CAMILLE.id, code: code() }, NOW, LIFETIMES)
  if (now.phase.status !== 'on-phone') throw new Error(now.phase.status)
  return { login: now, approval: now.phase.approval }
}

const decide = (now: Login, id: string, choice: string) =>
  decided(now, { id, choice, authentication: authentication(), known: KNOWN }, NOW).login

const waiting = async (before = login()) =>
  askedForPairing(before, { pairing: await pairing(), code: code() }, NOW).login

describe('a login', () => {
  it('begins with the choice, or with the disclosure when the person is known already', () => {
    expect(stateOf(login())).toMatchObject({ status: 'choosing', disclose: false })
    expect(stateOf(login({}, authentication()))).toMatchObject({ status: 'proved', disclose: true })
  })

  it('lasts ten minutes', () => {
    expect(isOver(login(), at(599))).toBe(false)
    expect(isOver(login(), at(600))).toBe(true)
    expect(nextEnd(login())).toBe(at(600))
  })

  it('says where to go: on when there is nothing left to do, back to the page otherwise', () => {
    const before = login()
    const there = `/authorize/continue/${before.name}`
    const here = `/login/${before.name}`
    expect(stateOf(before).next).toBe(here)
    expect(stateOf(proved(KNOWN, seen(before, 'c1'))).next).toBe(there)
    expect(stateOf(proved({}, seen(before, 'c1'))).next).toBe(here)
    expect(stateOf(cancelled(before, NOW)).next).toBe(there)
  })
})

describe('a passkey', () => {
  describe('grants', () => {
    it.each([
      ['the first view', ['c1']],
      ['an earlier tab', ['c1', 'c2']],
      ['two steps back', ['c1', 'c2', 'c3']],
    ])('a challenge of %s', (_, challenges) => {
      const { login: after, outcome } = provedByPasskey(seen(login(), ...challenges), PROOF, NOW)
      expect(outcome).toBe('proved')
      expect(stateOf(after)).toMatchObject({ status: 'proved', disclose: false })
    })

    it.each([
      ['a first sign-in', {}, true],
      ['another service only', { 'messagerie-demo': 'openid scope_all' }, true],
      ['less than is asked', { 'dossier-demo': 'openid' }, true],
      ['as much as is asked', { 'dossier-demo': 'openid identity contact' }, false],
    ])('with the disclosure to read or not: %s', (_, known, disclose) => {
      expect(stateOf(proved(known)).disclose).toBe(disclose)
    })

    it('from every state where nothing is proved', async () => {
      const { login: ringing, approval } = onPhone()
      const wrong = approval.values.find((value) => value !== approval.code) ?? ''
      for (const before of [
        await waiting(),
        ringing,
        decide(ringing, approval.id, wrong),
        decide(ringing, approval.id, 'none'),
        passed(ringing, at(90)),
      ])
        expect(provedByPasskey(seen(before, 'c1'), PROOF, NOW).outcome).toBe('proved')
    })

    it('and the phone that was asked meanwhile may forget it', () => {
      const { login: ringing, approval } = onPhone()
      const after = proved(KNOWN, seen(ringing, 'c1'))
      expect(abandoned(ringing, after)).toEqual({ approval: approval.id, practitionerId: CAMILLE.id })
      expect(
        decided(
          after,
          { id: approval.id, choice: approval.code, authentication: authentication(), known: KNOWN },
          NOW,
        ).outcome,
      ).toBe('gone')
    })
  })

  describe('refuses', () => {
    it.each([
      ['a challenge of another login (WebAuthn L3 §13.4.3)', ['c2']],
      ['a challenge before the last three', ['c1', 'c2', 'c3', 'c4']],
      ['a challenge never made', []],
    ])('%s', (_, challenges) => {
      const before = seen(login(), ...challenges)
      const { login: after, outcome } = provedByPasskey(before, PROOF, NOW)
      expect(outcome).toBe('spent')
      expect(after).toBe(before)
    })
    it('a challenge twice', () => {
      expect(provedByPasskey(proved(), PROOF, NOW).outcome).toBe('closed')
    })
    it('a challenge spent, then the person starts over', () => {
      const again = { ...proved(), phase: { status: 'choosing' as const } }
      expect(provedByPasskey(again, PROOF, NOW).outcome).toBe('spent')
    })
    it.each([
      ['cancelled', () => cancelled(seen(login(), 'c1'), NOW)],
      ['collected', () => collected(proved(), BROWSER, NOW).login],
    ])('a login that is %s', (_, before) => {
      expect(provedByPasskey(before(), PROOF, NOW).outcome).toBe('closed')
    })
  })
})

describe('the disclosure', () => {
  it('is read once, then the result can be taken', () => {
    const before = proved({})
    expect(collected(before, BROWSER, NOW).outcome).toEqual({ outcome: 'undecided' })
    const { login: after, outcome } = acknowledged(before, NOW)
    expect(outcome).toEqual({ practitionerId: CAMILLE.id })
    expect(collected(after, BROWSER, NOW).outcome).toMatchObject({ outcome: 'proved' })
  })
  it.each([
    ['nothing is proved', () => login()],
    ['it was given up', () => cancelled(proved({}), NOW)],
    ['the result is taken', () => collected(proved(), BROWSER, NOW).login],
  ])('refuses when %s', (_, before) => {
    expect(acknowledged(before(), NOW).outcome).toBe('nothing-to-read')
  })
})

describe('the result', () => {
  it('is taken once, and nothing personal stays', () => {
    const { login: after, outcome } = collected(proved(), BROWSER, NOW)
    expect(outcome).toMatchObject({
      outcome: 'proved',
      authentication: { practitioner: CAMILLE },
      place: { city: 'Lyon' },
    })
    expect(JSON.stringify(after)).not.toContain('AUBRAC')
    expect(collected(after, BROWSER, NOW).outcome).toEqual({ outcome: 'gone' })
    expect(stateOf(after).status).toBe('gone')
  })
  it('of a login given up is the refusal, once', () => {
    const { login: after, outcome } = collected(cancelled(login(), NOW), BROWSER, NOW)
    expect(outcome).toEqual({ outcome: 'cancelled', returnTo: login().request.returnTo })
    expect(collected(after, BROWSER, NOW).outcome).toEqual({ outcome: 'gone' })
  })
  it.each([
    ['choosing', () => login()],
    ['on the phone', () => onPhone().login],
    ['proved, unread', () => proved({})],
  ])('is not there while %s', (_, before) => {
    expect(collected(before(), BROWSER, NOW).outcome).toEqual({ outcome: 'undecided' })
  })
  it('is not for another browser, which takes nothing', () => {
    const before = proved()
    const { login: after, outcome } = collected(before, OTHER_BROWSER, NOW)
    expect(outcome).toEqual({ outcome: 'other-browser' })
    expect(after).toBe(before)
  })
})

describe('going another way or giving up', () => {
  it('leads from the phone back to the choice, and the phone is told', () => {
    const { login: before, approval } = onPhone()
    const after = anotherWay(before, NOW)
    expect(stateOf(after).status).toBe('choosing')
    expect(abandoned(before, after)).toEqual({ approval: approval.id, practitionerId: CAMILLE.id })
  })
  it.each([
    ['proved', () => proved()],
    ['cancelled', () => cancelled(login(), NOW)],
    ['collected', () => collected(proved(), BROWSER, NOW).login],
  ])('leaves a login that is %s as it is', (_, before) => {
    const same = before()
    expect(anotherWay(same, NOW)).toBe(same)
  })
  it('can be given up after the proof, before the disclosure is read', () => {
    expect(stateOf(cancelled(proved({}), NOW)).status).toBe('cancelled')
  })
  it('cannot be given up after the result was taken', () => {
    expect(stateOf(cancelled(collected(proved(), BROWSER, NOW).login, NOW)).status).toBe('gone')
  })
})

describe('a view', () => {
  it('keeps the last three challenges', () => {
    expect(seen(login(), 'c1', 'c2', 'c3', 'c4').challenges).toEqual(['c2', 'c3', 'c4'])
  })
  it('makes none when nothing can be proved any more', () => {
    expect(seen(proved(), 'c9').challenges).toEqual([])
  })
  it.each([
    [0, 1],
    [69, 1],
    [71, 2],
    [89, 2],
    [91, 1],
  ])(
    'at %i s of the QR shows the new one where it should, and keeps the old until its end',
    async (seconds, live) => {
      const before = await waiting()
      const fresh = await pairing(at(seconds + 90))
      const { phase } = viewed(before, { challenge: 'c', pairing: fresh }, at(seconds))
      if (phase.status !== 'waiting') throw new Error(phase.status)
      expect(phase.pairings).toHaveLength(live)
      expect(phase.pairings.at(-1) === fresh).toBe(seconds > 69)
    },
  )
})
