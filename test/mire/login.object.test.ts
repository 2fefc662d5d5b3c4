import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { digest } from '../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import type { ObjectName } from '../../src/kernel/identifiers.ts'
import { instant, systemClock } from '../../src/kernel/instant.ts'
import type { Login } from '../../src/mire/login.ts'
import { authentication, CAMILLE, KNOWN, OTHER_BROWSER, REQUEST, SOMEONE_ELSE } from './logins.ts'
import { mire } from './mire.ts'

const { begins, needs, approvals, acquaintances, logins, trail } = mire()
const { interactions } = needs
const stubOf = (name: ObjectName) => env.LOGIN.getByName(name)

/** Moves a login into the past, by moving what it is into the past. */
const longAgo = (name: ObjectName, seconds: number) =>
  runInDurableObject(stubOf(name), (_, state) => {
    const login = state.storage.kv.get<Login>('login')
    if (login === undefined) throw new Error('no login')
    const earlier = (at: number) => instant(at - seconds)
    const { phase } = login
    state.storage.kv.put('login', {
      ...login,
      expiresAt: earlier(login.expiresAt),
      phase:
        phase.status === 'on-phone'
          ? { ...phase, approval: { ...phase.approval, expiresAt: earlier(phase.approval.expiresAt) } }
          : phase,
    })
  })

async function viewed(visitor: { name: ObjectName; browser: Parameters<typeof interactions.view>[1] }) {
  const seen = await interactions.view(visitor.name, visitor.browser)
  if ('absent' in seen) throw new Error(seen.absent)
  return seen.view
}

async function scanned(visitor: Awaited<ReturnType<typeof begins>>) {
  await interactions.askPhone(visitor.name, visitor.browser, undefined)
  const view = await viewed(visitor)
  if (view.pairing === undefined) throw new Error('no QR')
  return { view, qr: view.pairing.text, code: view.pairing.code }
}

const by = (practitioner = CAMILLE) => ({
  practitioner,
  amr: ['pop', 'user', 'swk', 'mfa', 'mca'],
  hardware: false,
})

describe('a login in its object', () => {
  it('begins, is viewed, proved and collected: one call each', async () => {
    const visitor = await begins()
    const { challenge } = await viewed(visitor)
    const proof = { challenge, authentication: authentication(), known: KNOWN }
    expect(await interactions.prove(visitor.name, visitor.browser, proof)).toMatchObject({
      outcome: 'proved',
      clientId: 'dossier-demo',
    })
    expect(await interactions.prove(visitor.name, visitor.browser, proof)).toEqual({ outcome: 'closed' })
    expect(await logins.collect(visitor.name, visitor.browser)).toMatchObject({
      outcome: 'proved',
      authentication: { practitioner: CAMILLE },
    })
    expect(await logins.collect(visitor.name, visitor.browser)).toEqual({ outcome: 'gone' })
  })

  it('fifty answers with one challenge: one is proved', async () => {
    const visitor = await begins()
    const { challenge } = await viewed(visitor)
    const proof = { challenge, authentication: authentication(), known: KNOWN }
    const all = await Promise.all(
      Array.from({ length: 50 }, () => interactions.prove(visitor.name, visitor.browser, proof)),
    )
    expect(all.filter((each) => 'outcome' in each && each.outcome === 'proved')).toHaveLength(1)
  })

  it('fifty collections: one takes', async () => {
    const visitor = await begins()
    const { challenge } = await viewed(visitor)
    await interactions.prove(visitor.name, visitor.browser, {
      challenge,
      authentication: authentication(),
      known: KNOWN,
    })
    const all = await Promise.all(
      Array.from({ length: 50 }, () => logins.collect(visitor.name, visitor.browser)),
    )
    expect(all.filter(({ outcome }) => outcome === 'proved')).toHaveLength(1)
  })

  it('survives eviction between any two steps', async () => {
    const visitor = await begins()
    await evictDurableObject(stubOf(visitor.name))
    const { qr } = await scanned(visitor)
    await evictDurableObject(stubOf(visitor.name))
    const paired = await approvals.pair({ qr }, CAMILLE.id)
    if ('refused' in paired) throw new Error(paired.refused)
    await evictDurableObject(stubOf(visitor.name))
    expect(await approvals.decide(paired.approval.id, paired.approval.code, by())).toEqual({
      outcome: 'approved',
    })
    await evictDurableObject(stubOf(visitor.name))
    expect(await interactions.look(visitor.name, visitor.browser)).toMatchObject({
      state: { status: 'proved', disclose: true },
    })
  })

  describe('refuses', () => {
    it('another browser, everywhere', async () => {
      const { name } = await begins()
      const absent = { absent: 'other-browser' }
      expect(await interactions.view(name, OTHER_BROWSER)).toEqual(absent)
      expect(await interactions.look(name, OTHER_BROWSER)).toEqual(absent)
      expect(
        await interactions.prove(name, OTHER_BROWSER, {
          challenge: '',
          authentication: authentication(),
          known: {},
        }),
      ).toEqual(absent)
      expect(await interactions.askPhone(name, OTHER_BROWSER, CAMILLE.id)).toEqual(absent)
      expect(await interactions.anotherWay(name, OTHER_BROWSER)).toEqual(absent)
      expect(await interactions.acknowledge(name, OTHER_BROWSER)).toEqual(absent)
      expect(await interactions.cancel(name, OTHER_BROWSER)).toEqual(absent)
      expect(await logins.collect(name, OTHER_BROWSER)).toEqual({ outcome: 'other-browser' })
      expect((await interactions.live(name, OTHER_BROWSER)).status).toBe(403)
    })
    it('a name that nobody began', async () => {
      const name = newObjectName(systemEntropy)
      expect(await interactions.view(name, OTHER_BROWSER)).toEqual({ absent: 'gone' })
      expect(await logins.collect(name, OTHER_BROWSER)).toEqual({ outcome: 'gone' })
      expect((await interactions.live(name, OTHER_BROWSER)).status).toBe(410)
    })
    it('the challenge of another login', async () => {
      const [one, other] = [await begins(), await begins()]
      const { challenge } = await viewed(other)
      await viewed(one)
      const proof = { challenge, authentication: authentication(), known: KNOWN }
      expect(await interactions.prove(one.name, one.browser, proof)).toEqual({ outcome: 'spent' })
      expect(await interactions.prove(other.name, other.browser, proof)).toMatchObject({ outcome: 'proved' })
    })
  })
})

describe('the phone', () => {
  it.each(['qr', 'code'] as const)('is paired by %s and approves', async (means) => {
    const visitor = await begins()
    const shown = await scanned(visitor)
    const paired = await approvals.pair(
      means === 'qr' ? { qr: shown.qr } : { code: shown.code.toLowerCase() },
      CAMILLE.id,
    )
    if ('refused' in paired) throw new Error(paired.refused)
    const { approval } = paired
    expect(approval.code).toBe(shown.view.code)
    expect(await approvals.find(approval.id, CAMILLE.id)).toEqual(approval)
    expect(await approvals.find(approval.id, SOMEONE_ELSE.id)).toBeUndefined()
    expect((await viewed(visitor)).state.status).toBe('on-phone')
    expect(await approvals.decide(approval.id, approval.code, by())).toEqual({ outcome: 'approved' })
    expect(await approvals.decide(approval.id, approval.code, by())).toEqual({ refused: 'already-decided' })
    expect(await interactions.acknowledge(visitor.name, visitor.browser)).toMatchObject({
      outcome: 'acknowledged',
      practitionerId: CAMILLE.id,
    })
    expect(await logins.collect(visitor.name, visitor.browser)).toMatchObject({
      outcome: 'proved',
      authentication: {
        authMode: 'MOBILE',
        contextClass: 'eidas1',
        amr: ['pop', 'user', 'swk', 'mfa', 'mca'],
      },
    })
    expect(trail).toContainEqual(
      expect.objectContaining({
        kind: 'login.proved',
        practitionerId: CAMILLE.id,
        clientId: 'dossier-demo',
        detail: 'MOBILE',
      }),
    )
  })

  it('does not read the disclosure again', async () => {
    const visitor = await begins({ scope: 'openid contact' })
    await acquaintances.remember(CAMILLE.id, REQUEST.clientId, 'openid contact', systemClock())
    const paired = await approvals.pair({ qr: (await scanned(visitor)).qr }, CAMILLE.id)
    if ('refused' in paired) throw new Error(paired.refused)
    await approvals.decide(paired.approval.id, paired.approval.code, by())
    expect(await interactions.look(visitor.name, visitor.browser)).toMatchObject({
      state: { status: 'proved', disclose: false },
    })
  })

  it('fifty phones at one QR: one is paired', async () => {
    const { qr } = await scanned(await begins())
    const all = await Promise.all(Array.from({ length: 50 }, () => approvals.pair({ qr }, CAMILLE.id)))
    expect(all.filter((each) => 'approval' in each)).toHaveLength(1)
  })

  it('a typed code resolves once, whoever typed it', async () => {
    const { code } = await scanned(await begins())
    const all = await Promise.all(Array.from({ length: 10 }, () => approvals.pair({ code }, CAMILLE.id)))
    expect(all.filter((each) => 'approval' in each)).toHaveLength(1)
    expect(await approvals.pair({ code }, CAMILLE.id)).toEqual({ refused: 'already-paired' })
  })

  describe('refuses', () => {
    it.each([
      ['a QR of something else', { qr: 'https://serment.example/' }],
      ['a code that nobody shows', { code: 'ZZZZ-ZZZZ' }],
      ['a code that cannot be one', { code: 'OOOO-1111' }],
      [
        'a QR of a login that is not',
        { qr: `SERMENT1:${newObjectName(systemEntropy)}.abcdefghijklmnopqrstuv` },
      ],
    ])('%s', async (_, what) => {
      expect(await approvals.pair(what, CAMILLE.id)).toEqual({ refused: 'unknown' })
    })
    it('a code after its end, and forgets it later', async () => {
      const { code } = await scanned(await begins())
      const pairing = env.PAIRING.getByName(await digest(code))
      await runInDurableObject(pairing, (_, state) => {
        const claim = state.storage.kv.get<object>('claim')
        state.storage.kv.put('claim', { ...claim, expiresAt: instant(0) })
      })
      expect(await approvals.pair({ code }, CAMILLE.id)).toEqual({ refused: 'expired' })
      expect(await runDurableObjectAlarm(pairing)).toBe(true)
      expect(await approvals.pair({ code }, CAMILLE.id)).toEqual({ refused: 'unknown' })
    })
    it('a code that stands for another login already', async () => {
      const pairing = env.PAIRING.getByName(await digest('a code'))
      const [one, other] = [newObjectName(systemEntropy), newObjectName(systemEntropy)]
      expect(await pairing.claim('login', one, instant(systemClock() + 90))).toBe(true)
      expect(await pairing.claim('login', other, instant(systemClock() + 90))).toBe(false)
      expect(await pairing.resolve('activation')).toEqual({ refused: 'unknown' })
      expect(await pairing.resolve('login')).toEqual({ name: one })
    })
    it.each(['nonsense', `${newObjectName(systemEntropy)}.abcdefghijklmnopqrstuv`])(
      'to decide %s',
      async (id) => {
        expect(await approvals.find(id, CAMILLE.id)).toBeUndefined()
        expect(await approvals.decide(id, '47', by())).toEqual({ refused: 'gone' })
        await approvals.cancel(id, 'two-at-once')
      },
    )
    it('a decision of another professional', async () => {
      const paired = await approvals.pair({ qr: (await scanned(await begins())).qr }, CAMILLE.id)
      if ('refused' in paired) throw new Error(paired.refused)
      expect(await approvals.decide(paired.approval.id, paired.approval.code, by(SOMEONE_ELSE))).toEqual({
        refused: 'gone',
      })
      expect(await approvals.decide(paired.approval.id, paired.approval.code, by())).toEqual({
        outcome: 'approved',
      })
    })
  })
})

describe('the ends', () => {
  it('of a request: the alarm says that it expired, and the login goes on', async () => {
    const visitor = await begins()
    const asked = await interactions.askPhone(visitor.name, visitor.browser, CAMILLE.id)
    if (!('outcome' in asked) || asked.outcome !== 'ringing') throw new Error('not ringing')
    await longAgo(visitor.name, 95)
    expect(await runDurableObjectAlarm(stubOf(visitor.name))).toBe(true)
    expect(await interactions.look(visitor.name, visitor.browser)).toMatchObject({
      state: { status: 'request-expired' },
    })
    expect(await approvals.decide(asked.approval.id, asked.approval.code, by())).toEqual({
      refused: 'expired',
    })
    const end = await runInDurableObject(stubOf(visitor.name), (_, state) => state.storage.getAlarm())
    expect(end).toBeGreaterThan(Date.now())
  })

  it('of a login: the alarm forgets everything', async () => {
    const visitor = await begins()
    await longAgo(visitor.name, 601)
    expect(await interactions.view(visitor.name, visitor.browser)).toEqual({ absent: 'gone' })
    expect(await runDurableObjectAlarm(stubOf(visitor.name))).toBe(true)
    const left = await runInDurableObject(stubOf(visitor.name), (_, state) => state.storage.kv.get('login'))
    expect(left).toBeUndefined()
    expect(await runDurableObjectAlarm(stubOf(visitor.name))).toBe(false)
  })

  it('of a request: an alarm that comes too early changes nothing', async () => {
    const visitor = await begins()
    await interactions.askPhone(visitor.name, visitor.browser, CAMILLE.id)
    expect(await runDurableObjectAlarm(stubOf(visitor.name))).toBe(true)
    expect(await interactions.look(visitor.name, visitor.browser)).toMatchObject({
      state: { status: 'on-phone' },
    })
  })
})

describe('the page’s WebSocket', () => {
  async function open(visitor: Awaited<ReturnType<typeof begins>>) {
    const { status, webSocket } = await interactions.live(visitor.name, visitor.browser)
    if (webSocket === null) throw new Error(`no socket: ${status}`)
    const received: string[] = []
    const closed: number[] = []
    let wake = () => {}
    webSocket.addEventListener('message', ({ data }) => {
      received.push(typeof data === 'string' && data.startsWith('{') ? JSON.parse(data).status : String(data))
      wake()
    })
    webSocket.addEventListener('close', ({ code }) => {
      closed.push(code)
      wake()
    })
    webSocket.accept()
    const until = async (done: () => boolean) => {
      while (!done())
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    return { webSocket, received, closed, until }
  }

  it('says the state at once, then each change', async () => {
    const visitor = await begins()
    const { received, until } = await open(visitor)
    const { qr } = await scanned(visitor)
    const paired = await approvals.pair({ qr }, CAMILLE.id)
    if ('refused' in paired) throw new Error(paired.refused)
    await approvals.decide(paired.approval.id, 'none', by())
    await until(() => received.length >= 4)
    expect(received).toEqual(['choosing', 'waiting', 'on-phone', 'denied'])
  })

  it('goes on after eviction, and answers ping without waking', async () => {
    const visitor = await begins()
    const { webSocket, received, until } = await open(visitor)
    await until(() => received.length === 1)
    await evictDurableObject(stubOf(visitor.name), { webSockets: 'hibernate' })
    webSocket.send('ping')
    await until(() => received.length === 2)
    await interactions.askPhone(visitor.name, visitor.browser, CAMILLE.id)
    await until(() => received.length === 3)
    expect(received).toEqual(['choosing', 'pong', 'on-phone'])
  })

  it('is told the end, and closed', async () => {
    const visitor = await begins()
    const { received, closed, until } = await open(visitor)
    await longAgo(visitor.name, 601)
    await runDurableObjectAlarm(stubOf(visitor.name))
    await until(() => closed.length > 0)
    expect(received).toEqual(['choosing', 'gone'])
    expect(closed).toEqual([1000])
  })

  it('has four lines at most: the oldest gives way', async () => {
    const visitor = await begins()
    const first = await open(visitor)
    for (let i = 0; i < 4; i++) await open(visitor)
    await first.until(() => first.closed.length > 0)
    expect(first.closed).toEqual([1013])
  })

  it('refuses what is not one', async () => {
    const { name } = await begins()
    expect((await stubOf(name).fetch('https://login.invalid/live')).status).toBe(426)
  })
})
