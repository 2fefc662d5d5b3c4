import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import { backchannelRequest } from '../../../src/protocol/ciba/authentication-request.ts'
import { bindingMessage } from '../../../src/protocol/ciba/binding-message.ts'
import { nothingBeside, signedParameters } from '../../../src/protocol/ciba/signed-request.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { anyText } from '../../actors/any-text.ts'

const NOW = instant(1_800_000_000)
const usual = { scope: 'openid', login_hint: '899700900012', binding_message: '47' }
const read = (change: Record<string, string> = {}) =>
  backchannelRequest(new Map(Object.entries({ ...usual, ...change })))

/** Runs a parser over whatever came: it answers or it refuses, and nothing else. */
const answersOrRefuses = (parse: () => unknown): void => {
  try {
    parse()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OAuthError)
  }
}

describe('grants', () => {
  it('CIBA Core §7.1: the parameters, as values', () =>
    expect(
      read({ acr_values: 'eidas1', requested_expiry: '90', client_notification_token: 'a-b.c~d+e/f==' }),
    ).toEqual({
      channel: 'MOBILE',
      scopes: ['openid'],
      acrValues: ['eidas1'],
      hint: { means: 'login_hint', nationalId: '899700900012' },
      binding: { code: '47' },
      requestedExpiry: 90,
      notificationToken: 'a-b.c~d+e/f==',
    }))

  it.each([
    [{}, 'MOBILE'],
    [{ channel: 'MOBILE' }, 'MOBILE'],
    [{ channel: 'CARD' }, 'CARD'],
  ])('PSC §3: %j is for %s', (change: Record<string, string>, channel) =>
    expect(read(change).channel).toBe(channel),
  )

  it.each([
    ['00', { code: '00' }],
    ['99', { code: '99' }],
    ['7', { text: '7' }],
    ['123', { text: '123' }],
    ['٤٧', { text: '٤٧' }],
    ['Ordonnance n° 12, Mme Durand', { text: 'Ordonnance n° 12, Mme Durand' }],
    ['x'.repeat(100), { text: 'x'.repeat(100) }],
  ])('§7.1 binding_message: %s', (text, read) => expect(bindingMessage(text)).toEqual(read))
})

describe('refuses', () => {
  it.each([
    ['nothing', undefined],
    ['101 characters', 'x'.repeat(101)],
    ['a space at an end', ' 47'],
    ['a line break', '4\n7'],
    ['a zero-width character', 'a\u200bb'],
    ['a tab', 'a\tb'],
  ])('§13 invalid_binding_message: %s', (_, text) =>
    expect(() => bindingMessage(text)).toThrow('invalid_binding_message'),
  )
})

describe('whatever comes', () => {
  it('a request is read or refused', () =>
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            ...Object.keys(usual),
            'channel',
            'requested_expiry',
            'id_token_hint',
            'login_hint_token',
            'client_notification_token',
            'acr_values',
          ),
          anyText(200),
        ),
        (change) => answersOrRefuses(() => read(change)),
      ),
    ))

  it('the claims of a signed request are read or refused', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (claims) => {
        const timed = { iat: NOW, nbf: NOW, exp: NOW + 60, jti: 'j', ...claims }
        answersOrRefuses(() => signedParameters(timed, NOW))
        answersOrRefuses(() => signedParameters(claims, NOW))
      }),
    ))

  it('nothing beside a signed request but what authenticates the client', () => {
    nothingBeside(
      new Map([
        ['request', 'x'],
        ['client_id', 'a'],
        ['client_assertion', 'b'],
      ]),
    )
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !/^(request|client_.*)$/.test(name)),
        (name) => {
          const sent = new Map([['request', 'x']]).set(name, 'y')
          expect(() => nothingBeside(sent)).toThrow('invalid_request')
        },
      ),
    )
  })
})
