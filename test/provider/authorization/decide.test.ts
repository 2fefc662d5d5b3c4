import { describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { after, instant } from '../../../src/kernel/instant.ts'
import type { AcceptedRequest } from '../../../src/provider/authorization/accept.ts'
import { decide, type SignedIn } from '../../../src/provider/authorization/decide.ts'

const now = instant(1_800_000_000)
const asked = (more: Partial<AcceptedRequest> = {}): AcceptedRequest => ({
  clientId: ClientId.parse('client'),
  redirectUri: 'https://a.example/',
  scope: 'openid',
  prompt: [],
  acrValues: [],
  ...more,
})
const session = (more: Partial<SignedIn> = {}): SignedIn => ({
  subject: 'someone',
  authTime: after(now, -100),
  contextClass: 'phr',
  ...more,
})

describe('answers from the session', () => {
  it.each<[string, Partial<AcceptedRequest>, Partial<SignedIn>, string, boolean]>([
    ['nothing asked', {}, {}, 'eidas1', false],
    ['prompt=none', { prompt: ['none'] }, {}, 'eidas1', false],
    ['prompt=consent: shown first', { prompt: ['consent'] }, {}, 'eidas1', true],
    ['max_age not reached', { maxAge: 101 }, {}, 'eidas1', false],
    ['eidas1 asked of a stronger one', { acrValues: ['eidas1'] }, { contextClass: 'phrh' }, 'eidas1', false],
    ['phr asked of phrh', { acrValues: ['phr'] }, { contextClass: 'phrh' }, 'phr', false],
    ['phr or phrh asked of phr', { acrValues: ['phr', 'phrh'] }, {}, 'phr', false],
    ['the person whom the hint names', { hintedSubject: 'someone' }, {}, 'eidas1', false],
  ])('OIDC Core §3.1.2.1: %s', (_, request, signedIn, acr, disclose) => {
    expect(decide(asked(request), session(signedIn), now)).toEqual({ outcome: 'answer', acr, disclose })
  })
})

const ASK: [string, Partial<AcceptedRequest>, Partial<SignedIn> | undefined][] = [
  ['nobody signed in', {}, undefined],
  ['max_age reached', { maxAge: 100 }, {}],
  ['max_age=0', { maxAge: 0 }, { authTime: now }],
  ['phr asked of a phone', { acrValues: ['phr'] }, { contextClass: 'eidas1' }],
  ['phrh asked of phr', { acrValues: ['phrh'] }, {}],
  ['another person than the hint names', { hintedSubject: 'other' }, {}],
]

describe('asks the person', () => {
  it.each([
    ...ASK,
    ['prompt=login', { prompt: ['login'] }, {}] as const,
    ['prompt=select_account', { prompt: ['select_account'] }, {}] as const,
  ])('OIDC Core §3.1.2.3: %s', (_, request, signedIn) => {
    expect(decide(asked(request), signedIn && session(signedIn), now)).toEqual({ outcome: 'authenticate' })
  })
})

describe('refuses', () => {
  it.each(ASK)('OIDC Core §3.1.2.6 login_required: prompt=none, %s', (_, request, signedIn) => {
    const decision = decide(asked({ ...request, prompt: ['none'] }), signedIn && session(signedIn), now)
    expect(decision).toMatchObject({ outcome: 'refuse', code: 'login_required' })
  })
})
