import { describe, expect, it } from 'vitest'
import { cardReferences } from '../../src/cards/card-reference.ts'
import { type Digest, digest, sha256 } from '../../src/kernel/digest.ts'
import { cardAuthentication } from '../../src/mire/card.ts'
import {
  anotherWay,
  cancelled,
  collected,
  type Login,
  provedByPasskey,
  viewed,
} from '../../src/mire/login.ts'
import {
  askedForCard,
  CARD_LIFETIME,
  CARD_RETURN_LIFETIME,
  cardPresented,
  provedByCard,
} from '../../src/mire/login-by-card.ts'
import { askedForPairing } from '../../src/mire/login-by-phone.ts'
import { at, authentication, BROWSER, CAMILLE, code, KNOWN, login, NOW, pairing } from './logins.ts'

const HANDLE = await digest('the way to the card host')
const BACK = await digest('the way back from it')
const OTHER = await digest('made up')
const CARD = cardAuthentication(
  { practitioner: CAMILLE, reference: await cardReferences(sha256)('8025000001/2600301752') },
  NOW,
)

const asked = (before = login(), handle: Digest = HANDLE) => askedForCard(before, handle, NOW).login
const shown = (before: Login, { handle = HANDLE, now = NOW } = {}) =>
  cardPresented(before, { handle, back: BACK, authentication: CARD, known: KNOWN }, now)

describe('grants', () => {
  it('takes what the card proved, in the browser that began', () => {
    const { login: now, outcome } = provedByCard(shown(asked()).login, BACK, NOW)
    expect(outcome).toEqual({ authentication: CARD })
    expect(collected(now, BROWSER, NOW).outcome).toMatchObject({ outcome: 'proved', authentication: CARD })
  })

  it('RFC 8176 §2, EAP ACR Values 1.0 §2: says what a card is', () => {
    expect(CARD).toMatchObject({
      authMode: 'CARD',
      contextClass: 'phrh',
      amr: ['sc', 'pin', 'mfa', 'hwk', 'pop'],
    })
  })

  it('does for a service that asks for phishing-resistant means', () => {
    const resistant = login({ phishingResistant: true })
    expect(provedByCard(shown(asked(resistant)).login, BACK, NOW).outcome).toEqual({ authentication: CARD })
  })

  it('shows what the service gets to whoever was not told', () => {
    const presented = cardPresented(
      asked(),
      { handle: HANDLE, back: BACK, authentication: CARD, known: {} },
      NOW,
    ).login
    expect(provedByCard(presented, BACK, NOW).login.phase).toMatchObject({ status: 'proved', disclose: true })
  })

  it('lets a second card be tried while none was good', () => {
    expect(shown(asked(), { now: at(CARD_LIFETIME - 1) }).outcome).toBe('presented')
  })

  it('leaves the other ways open while a card is awaited', () => {
    const seen = viewed(asked(), { challenge: 'c1', pairing: undefined }, NOW)
    const proof = { challenge: 'c1', authentication: authentication(), known: KNOWN }
    const { login: now, outcome } = provedByPasskey(seen, proof, NOW)
    expect(outcome).toBe('proved')
    expect(now.card).toBeUndefined()
  })

  it('takes the request back from the phone', async () => {
    const waiting = askedForPairing(login(), { pairing: await pairing(), code: code() }, NOW).login
    expect(asked(waiting).phase).toEqual({ status: 'choosing' })
  })
})

describe('refuses', () => {
  it.each<[string, () => unknown, string]>([
    ['a card that nobody asked for', () => shown(login()).outcome, 'unknown'],
    ['a handle that was made up', () => shown(asked(), { handle: OTHER }).outcome, 'unknown'],
    ['the handle of a choice made before the last', () => shown(asked(asked(), OTHER)).outcome, 'unknown'],
    ['a card after five minutes', () => shown(asked(), { now: at(CARD_LIFETIME) }).outcome, 'expired'],
    ['a second card on the same handle', () => shown(shown(asked()).login).outcome, 'unknown'],
    ['a card for a login that was given up', () => shown(cancelled(asked(), NOW)).outcome, 'closed'],
    ['a card for a login that went another way', () => shown(anotherWay(asked(), NOW)).outcome, 'unknown'],
    ['to come back without a card', () => provedByCard(asked(), BACK, NOW).outcome, 'spent'],
    ['a way back that was made up', () => provedByCard(shown(asked()).login, OTHER, NOW).outcome, 'spent'],
    ['the handle as a way back', () => provedByCard(shown(asked()).login, HANDLE, NOW).outcome, 'spent'],
    [
      'a way back after a minute',
      () => provedByCard(shown(asked()).login, BACK, at(CARD_RETURN_LIFETIME)).outcome,
      'spent',
    ],
    [
      'a way back twice',
      () => provedByCard(provedByCard(shown(asked()).login, BACK, NOW).login, BACK, NOW).outcome,
      'closed',
    ],
    [
      'to ask when all is decided',
      () => askedForCard(cancelled(login(), NOW), HANDLE, NOW).outcome,
      'closed',
    ],
  ])('%s', (_, outcome, expected) => {
    expect(outcome()).toBe(expected)
  })

  it('to keep anything of a card once the result is taken, or the login given up', () => {
    const presented = shown(asked()).login
    expect(JSON.stringify(cancelled(presented, NOW))).not.toContain(CAMILLE.familyName)
    const proved = provedByCard(presented, BACK, NOW).login
    expect(JSON.stringify(collected(proved, BROWSER, NOW).login)).not.toContain(CAMILLE.familyName)
  })
})
