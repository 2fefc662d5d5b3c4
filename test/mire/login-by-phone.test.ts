import { describe, expect, it } from 'vitest'
import { NONE } from '../../src/ecps/approval.ts'
import type { DynamicCode } from '../../src/mire/dynamic-code.ts'
import {
  cancelled,
  collected,
  type Login,
  nextEnd,
  passed,
  provedByPasskey,
  stateOf,
  viewed,
} from '../../src/mire/login.ts'
import {
  approvalCancelled,
  askedForPairing,
  decided,
  paired,
  rang,
  waitingApproval,
} from '../../src/mire/login-by-phone.ts'
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
  pairing,
  SOMEONE_ELSE,
  seed,
} from './logins.ts'

const CODE: DynamicCode = { code: '47', values: ['82', '47', '15'] }

async function waiting(before = login()) {
  const shown = await pairing()
  const { login: now, outcome } = askedForPairing(before, { pairing: shown, code: CODE }, NOW)
  expect(outcome).toBe('waiting')
  return { login: now, shown }
}

function ringing(before = login(), practitionerId = CAMILLE.id) {
  const { login: now, outcome } = rang(before, { ...seed(), practitionerId, code: CODE }, NOW, LIFETIMES)
  if (typeof outcome === 'string') throw new Error(outcome)
  return { login: now, approval: outcome.approval }
}

const decide = (before: Login, id: string, choice: string, when = NOW, who = CAMILLE) =>
  decided(before, { id, choice, authentication: authentication(who), known: KNOWN }, when)

describe('pairing', () => {
  describe('grants', () => {
    it.each(['qr', 'code'] as const)('one phone, by %s', async (means) => {
      const { login: before, shown } = await waiting()
      const digest = means === 'qr' ? shown.secretDigest : shown.codeDigest
      const { login: after, outcome } = paired(
        before,
        { means, digest, practitionerId: CAMILLE.id },
        seed(),
        at(89),
        LIFETIMES,
      )
      if (typeof outcome === 'string') throw new Error(outcome)
      expect(stateOf(after).status).toBe('on-phone')
      expect(outcome.approval).toMatchObject({
        practitionerId: CAMILLE.id,
        code: '47',
        values: CODE.values,
        expiresAt: at(179),
      })
      expect(JSON.parse(outcome.approval.context)).toEqual({
        approval: outcome.approval.id,
        clientId: 'dossier-demo',
        service: 'Dossier Démo',
        place: { city: 'Lyon', country: '', network: '' },
        browser: 'Firefox, Windows',
        bonded: false,
        askedAt: at(89),
        expiresAt: at(179),
      })
      expect(outcome.approval.id.startsWith(`${before.name}.`)).toBe(true)
    })
    it('the QR before the one shown now, until its own end', async () => {
      const { login: before, shown } = await waiting()
      const next = viewed(before, { challenge: 'c', pairing: await pairing(at(165)) }, at(75))
      const by = { means: 'qr', digest: shown.secretDigest, practitionerId: CAMILLE.id } as const
      expect(paired(next, by, seed(), at(89), LIFETIMES).outcome).toHaveProperty('approval')
      expect(paired(next, by, seed(), at(90), LIFETIMES).outcome).toBe('expired')
    })
    it('an approval that ends with the login at the latest', async () => {
      const { login: before } = await waiting()
      const late = await pairing(at(640))
      const next = viewed(before, { challenge: 'c', pairing: late }, at(570))
      const { outcome } = paired(
        next,
        { means: 'qr', digest: late.secretDigest, practitionerId: CAMILLE.id },
        seed(),
        at(570),
        LIFETIMES,
      )
      expect(outcome).toMatchObject({ approval: { expiresAt: at(600) } })
    })
  })

  describe('refuses', () => {
    it('a second phone, the same one included', async () => {
      const { login: before, shown } = await waiting()
      const by = { means: 'qr', digest: shown.secretDigest, practitionerId: CAMILLE.id } as const
      const once = paired(before, by, seed(), NOW, LIFETIMES).login
      expect(paired(once, by, seed(), NOW, LIFETIMES).outcome).toBe('already-paired')
      expect(paired(once, { ...by, practitionerId: SOMEONE_ELSE.id }, seed(), NOW, LIFETIMES).outcome).toBe(
        'already-paired',
      )
    })
    it('a secret in place of a code, and the reverse', async () => {
      const { login: before, shown } = await waiting()
      for (const by of [
        { means: 'qr', digest: shown.codeDigest },
        { means: 'code', digest: shown.secretDigest },
      ] as const)
        expect(paired(before, { ...by, practitionerId: CAMILLE.id }, seed(), NOW, LIFETIMES).outcome).toBe(
          'unknown',
        )
    })
    it('an old QR', async () => {
      const { login: before, shown } = await waiting()
      const by = { means: 'qr', digest: shown.secretDigest, practitionerId: CAMILLE.id } as const
      expect(paired(before, by, seed(), at(90), LIFETIMES).outcome).toBe('expired')
    })
    it.each([
      ['of another login', (_: Login) => login()],
      ['of a login given up', (before: Login) => cancelled(before, NOW)],
      ['of a login that asked anew', (before: Login) => ringing(before).login],
    ])('a QR %s', async (_, change) => {
      const { login: before, shown } = await waiting()
      const by = { means: 'qr', digest: shown.secretDigest, practitionerId: CAMILLE.id } as const
      expect(['unknown', 'already-paired']).toContain(
        paired(change(before), by, seed(), NOW, LIFETIMES).outcome,
      )
    })
  })
})

describe('asking the phone', () => {
  it('rings a bonded one: the request is there at once, and says that the browser is trusted', () => {
    const { login: after, approval } = ringing()
    expect(stateOf(after).status).toBe('on-phone')
    expect(nextEnd(after)).toBe(at(90))
    expect(JSON.parse(approval.context)).toMatchObject({ bonded: true })
  })

  describe('refuses', () => {
    const fresh = () => ({ ...seed(), practitionerId: CAMILLE.id, code: code() })
    it('EAP ACR Values 1.0 §2: when only phishing-resistant means may answer', async () => {
      const before = login({ phishingResistant: true })
      expect(rang(before, fresh(), NOW, LIFETIMES).outcome).toBe('not-allowed')
      expect(askedForPairing(before, { pairing: await pairing(), code: CODE }, NOW).outcome).toBe(
        'not-allowed',
      )
    })
    it('a sixth time', async () => {
      let now = login()
      for (let i = 0; i < 5; i++) now = (await waiting(now)).login
      expect(askedForPairing(now, { pairing: await pairing(), code: CODE }, NOW).outcome).toBe(
        'too-many-attempts',
      )
      expect(rang(now, fresh(), NOW, LIFETIMES).outcome).toBe('too-many-attempts')
    })
    it.each(['82', NONE])(
      'to ring again after the phone said %s; it may still come by QR',
      async (choice) => {
        const { login: before, approval } = ringing()
        const after = decide(before, approval.id, choice).login
        expect(rang(after, fresh(), NOW, LIFETIMES).outcome).toBe('not-ringable')
        await waiting(after)
      },
    )
    it.each([
      ['given up', () => cancelled(login(), NOW)],
      ['proved', () => decide(ringing().login, '', '').login],
      ['collected', () => collected(cancelled(login(), NOW), BROWSER, NOW).login],
    ])('when the login is %s', (status, before) => {
      const { login: ring, approval } = ringing()
      const now = status === 'proved' ? decide(ring, approval.id, '47').login : before()
      expect(rang(now, fresh(), NOW, LIFETIMES).outcome).toBe('closed')
    })
  })
})

describe('a decision', () => {
  it.each([
    ['47', 'approved', 'proved'],
    ['82', 'wrong-code', 'wrong-code'],
    ['15', 'wrong-code', 'wrong-code'],
    [NONE, 'denied', 'denied'],
  ])('of %s is %s', (choice, outcome, status) => {
    const { login: before, approval } = ringing()
    const step = decide(before, approval.id, choice, at(89))
    expect(step.outcome).toBe(outcome)
    expect(stateOf(step.login).status).toBe(status)
  })

  it('waits for that professional only', () => {
    const { login: before, approval } = ringing()
    expect(waitingApproval(before, approval.id, CAMILLE.id, NOW)).toEqual(approval)
    expect(waitingApproval(before, approval.id, SOMEONE_ELSE.id, NOW)).toBeUndefined()
    expect(waitingApproval(before, `${before.name}.other`, CAMILLE.id, NOW)).toBeUndefined()
    expect(waitingApproval(before, approval.id, CAMILLE.id, at(90))).toBeUndefined()
  })

  describe('refuses', () => {
    it('another professional, and leaves the request to the right one', () => {
      const { login: before, approval } = ringing()
      const step = decide(before, approval.id, '47', NOW, SOMEONE_ELSE)
      expect(step.outcome).toBe('gone')
      expect(step.login).toBe(before)
    })
    it.each(['47', '82', NONE])('to decide again after %s', (first) => {
      const { login: before, approval } = ringing()
      const once = decide(before, approval.id, first).login
      for (const choice of ['47', '82', NONE]) {
        const step = decide(once, approval.id, choice)
        expect(step.outcome).toBe('already-decided')
        expect(step.login).toBe(once)
      }
    })
    it('after 90 seconds: the request has expired, and says so', () => {
      const { login: before, approval } = ringing()
      const step = decide(before, approval.id, '47', at(90))
      expect(step.outcome).toBe('expired')
      expect(stateOf(step.login).status).toBe('request-expired')
      expect(stateOf(passed(before, at(90))).status).toBe('request-expired')
      expect(passed(before, at(89))).toBe(before)
    })
    it('an approval replaced by a later one', () => {
      const { login: before, approval } = ringing()
      const again = ringing(before)
      expect(decide(again.login, approval.id, '47').outcome).toBe('gone')
      expect(decide(again.login, again.approval.id, '47').outcome).toBe('approved')
    })
    it('anything after a passkey came first', () => {
      const { login: before, approval } = ringing()
      const seen = viewed(before, { challenge: 'c', pairing: undefined }, NOW)
      const proved = provedByPasskey(
        seen,
        { challenge: 'c', authentication: authentication(), known: KNOWN },
        NOW,
      ).login
      expect(decide(proved, approval.id, NONE).outcome).toBe('gone')
      expect(stateOf(proved).status).toBe('proved')
    })
  })
})

describe('ending a request from outside', () => {
  it.each([
    ['two-at-once', 'two-at-once'],
    ['device-revoked', 'denied'],
  ] as const)('%s shows as %s, and nobody can approve it', (reason, status) => {
    const { login: before, approval } = ringing()
    const after = approvalCancelled(before, approval.id, reason, NOW)
    expect(stateOf(after).status).toBe(status)
    expect(decide(after, approval.id, '47').outcome).toBe('already-decided')
  })
  it('leaves another request alone', () => {
    const { login: before } = ringing()
    expect(approvalCancelled(before, `${before.name}.other`, 'two-at-once', NOW)).toBe(before)
  })
  it('does not undo an approval', () => {
    const { login: before, approval } = ringing()
    const approved = decide(before, approval.id, '47').login
    expect(approvalCancelled(approved, approval.id, 'two-at-once', NOW)).toBe(approved)
  })
})
