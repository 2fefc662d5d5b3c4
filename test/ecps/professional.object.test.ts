import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { objectPhones, objectProfessionals } from '../../src/ecps/professional.object.ts'
import { MAX_MISSES } from '../../src/ecps/professional.ts'
import { professionalName } from '../../src/ecps/professional-name.ts'
import { addressed, newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { DeviceId } from '../../src/kernel/identifiers.ts'
import { instant, after as later, systemClock } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { randomToken } from '../actors/phone.ts'

const name = professionalName(env.NAMING_KEY)
const namespace = env.PROFESSIONAL
const professionals = objectProfessionals({ namespace, name, entropy: systemEntropy })
const phones = objectPhones({ namespace, name })
const device = DeviceId.parse('d'.repeat(43))

const proof = () => ({ jti: randomToken(), iat: systemClock() })
let count = 0
const someone = () => `8100000000${(count++).toString().padStart(2, '0')}`
const request = (practitionerId: string, loginName: string = newObjectName(systemEntropy)) => ({
  practitionerId,
  loginName,
  approval: `${loginName}.${randomToken()}`,
  service: 'Dossier Démo',
  expiresAt: later(systemClock(), 90),
})

const open = (ticket: string) =>
  professionals.connect(
    new Request('http://localhost:8787/ecps/api/live', {
      headers: { upgrade: 'websocket', 'sec-websocket-protocol': `serment.live, ${ticket}` },
    }),
  )

/** A socket that is listened to, and what came on it. */
async function listening(id: string) {
  const issued = await professionals.ticket(id, proof(), device)
  if ('refused' in issued) throw new Error(issued.refused)
  const response = await open(issued.ticket)
  const socket = response.webSocket
  if (socket === null) throw new Error(`no socket: ${response.status}`)
  const heard: unknown[] = []
  const waiters: (() => void)[] = []
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code))
  })
  socket.addEventListener('message', ({ data }) => {
    heard.push(typeof data === 'string' && data.startsWith('{') ? JSON.parse(data) : data)
    for (const wake of waiters.splice(0)) wake()
  })
  socket.accept()
  const next = async () => {
    while (heard.length === 0) await new Promise<void>((resolve) => waiters.push(resolve))
    return heard.shift()
  }
  return { socket, response, next, closed, ticket: issued.ticket }
}

describe('names', () => {
  it('are an HMAC: stable, and not to be guessed without the key', async () => {
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode('sandbox-only-object-naming-key!!'),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode('810000000001'))
    const expected = btoa(String.fromCharCode(...new Uint8Array(mac).slice(0, 16)))
    const given = await name('810000000001')
    expect(given).toBe(expected.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
    expect(await name('810000000002')).not.toBe(given)
    expect(await professionalName('A'.repeat(43))('810000000001')).not.toBe(given)
  })
})

describe('requests', () => {
  it('wait, are answered by id, and stop waiting when decided', async () => {
    const id = someone()
    const asked = request(id)
    expect(await phones.announce(asked)).toEqual({ outcome: 'listed', live: false })
    expect(await professionals.pending(id, proof())).toEqual({ waiting: [asked.approval] })
    const decided = { approval: asked.approval, outcome: 'approved', service: 's', place: NOWHERE } as const
    await professionals.settled(id, proof(), decided)
    expect(await professionals.pending(id, proof())).toEqual({ waiting: [] })
  })

  it('of two professionals never meet', async () => {
    const [one, two] = [someone(), someone()]
    await phones.announce(request(one))
    expect(await phones.announce(request(two))).toEqual({ outcome: 'listed', live: false })
    expect(await professionals.pending(two, proof())).toMatchObject({ waiting: [expect.any(String)] })
  })

  it('two at once end each other, also when the phone fetched the second', async () => {
    const id = someone()
    const first = request(id)
    await phones.announce(first)
    const approval = addressed(newObjectName(systemEntropy), randomToken())
    const paired = { approval, service: 's', expiresAt: later(systemClock(), 90) }
    expect(await professionals.paired(id, proof(), paired)).toEqual({
      outcome: 'two-at-once',
      cancel: [first.approval, approval],
    })
    expect(await professionals.pending(id, proof())).toEqual({ waiting: [] })
  })

  it('of ten at once, whatever the order, none or one is left', async () => {
    const id = someone()
    const answers = await Promise.all(Array.from({ length: 10 }, () => phones.announce(request(id))))
    const cancelled = answers.flatMap((answer) => ('cancel' in answer ? answer.cancel : []))
    expect(new Set(cancelled).size).toBe(10)
    expect(await professionals.pending(id, proof())).toEqual({ waiting: [] })
  })

  it('withdrawn ones are not the first of two', async () => {
    const id = someone()
    const first = request(id)
    await phones.announce(first)
    await phones.withdraw({ practitionerId: id, approval: first.approval })
    expect(await phones.announce(request(id))).toMatchObject({ outcome: 'listed' })
  })

  it('drop by alarm when they expire', async () => {
    const id = someone()
    await phones.announce({ ...request(id), expiresAt: later(systemClock(), 1) })
    const stub = namespace.getByName(await name(id))
    const at = await runInDurableObject(stub, (_, state) => state.storage.getAlarm())
    expect(at).toBeGreaterThan(0)
    await expect.poll(() => professionals.pending(id, proof()), { timeout: 4000 }).toEqual({ waiting: [] })
  })

  it('two refusals close the push channel, not the phone’s own pairing', async () => {
    const id = someone()
    for (const outcome of ['wrong-code', 'denied'] as const) {
      const decided = { approval: 'x', outcome, service: 's', place: NOWHERE }
      await professionals.settled(id, proof(), decided)
    }
    expect(await phones.announce(request(id))).toEqual({ outcome: 'closed' })
    const approval = addressed(newObjectName(systemEntropy), randomToken())
    const paired = { approval, service: 's', expiresAt: later(systemClock(), 90) }
    expect(await professionals.paired(id, proof(), paired)).toEqual({ outcome: 'listed' })
  })
})

describe('proofs', () => {
  it('RFC9449-11.1 one of ten concurrent uses is taken', async () => {
    const id = someone()
    const used = proof()
    const answers = await Promise.all(Array.from({ length: 10 }, () => professionals.admit(id, used)))
    expect(answers.filter((answer) => 'admitted' in answer)).toHaveLength(1)
    expect(answers.filter((answer) => 'refused' in answer && answer.refused === 'replayed')).toHaveLength(9)
  })

  it('are remembered over an eviction', async () => {
    const id = someone()
    const used = proof()
    await professionals.admit(id, used)
    await evictDurableObject(namespace.getByName(await name(id)))
    expect(await professionals.pending(id, used)).toEqual({ refused: 'replayed' })
  })

  it('a replay does none of the work', async () => {
    const id = someone()
    const asked = request(id)
    await phones.announce(asked)
    const used = proof()
    await professionals.admit(id, used)
    expect(await professionals.deviceRevoked(id, used, device)).toEqual({ refused: 'replayed' })
    expect(await professionals.pending(id, proof())).toEqual({ waiting: [asked.approval] })
  })

  it('codes that lead nowhere are counted', async () => {
    const id = someone()
    for (let i = 0; i < MAX_MISSES; i++)
      expect(await professionals.missed(id, proof())).toEqual({ counted: true })
    expect(await professionals.missed(id, proof())).toEqual({ refused: 'too-many' })
  })
})

describe('sessions', () => {
  it('opened ones are listed and live until ended', async () => {
    const id = someone()
    const session = newObjectName(systemEntropy)
    const opened = {
      practitionerId: id,
      session,
      service: 'Dossier Démo',
      at: systemClock(),
      place: { city: 'Lyon', country: 'FR', network: 'Réseau Démo' },
      means: 'PASSKEY',
    } as const
    await professionals.sessionOpened(opened)
    expect(await professionals.sessions(id, proof())).toEqual({ sessions: [session] })
    expect(await professionals.signIns(id, proof())).toMatchObject({ signIns: [{ live: true, session }] })
    await professionals.sessionsEnded(id, [session])
    expect(await professionals.sessions(id, proof())).toEqual({ sessions: [] })
    expect(await professionals.signIns(id, proof())).toMatchObject({ signIns: [{ live: false, session }] })
  })
})

describe('the live socket', () => {
  it('says what changed, and that the app is there', async () => {
    const id = someone()
    const phone = await listening(id)
    expect(phone.response.status).toBe(101)
    expect(phone.response.headers.get('sec-websocket-protocol')).toBe('serment.live')
    expect(await phones.announce(request(id))).toEqual({ outcome: 'listed', live: true })
    expect(await phone.next()).toEqual({ type: 'requests-changed' })
    await professionals.sessionsEnded(id, ['none'])
    await professionals.sessionOpened({
      practitionerId: id,
      session: 's',
      service: 's',
      at: systemClock(),
      place: NOWHERE,
      means: 'MOBILE',
    })
    expect(await phone.next()).toEqual({ type: 'sign-ins-changed' })
    phone.socket.close(1000)
  })

  it('says that two requests met before it says that they are gone', async () => {
    const id = someone()
    await phones.announce(request(id))
    const phone = await listening(id)
    await phones.announce(request(id))
    expect(await phone.next()).toEqual({ type: 'two-at-once' })
    expect(await phone.next()).toEqual({ type: 'requests-changed' })
    phone.socket.close(1000)
  })

  it('hears after hibernation', async () => {
    const id = someone()
    const phone = await listening(id)
    await evictDurableObject(namespace.getByName(await name(id)), { webSockets: 'hibernate' })
    await phones.announce(request(id))
    expect(await phone.next()).toEqual({ type: 'requests-changed' })
    phone.socket.close(1000)
  })

  it('answers a ping without waking', async () => {
    const phone = await listening(someone())
    phone.socket.send('ping')
    expect(await phone.next()).toBe('pong')
    phone.socket.close(1000)
  })

  it('closes when its device is revoked', async () => {
    const id = someone()
    const phone = await listening(id)
    await professionals.deviceRevoked(id, proof(), device)
    expect(await phone.closed).toBe(4001)
  })

  it('is opened once a ticket', async () => {
    const phone = await listening(someone())
    expect((await open(phone.ticket)).status).toBe(401)
    phone.socket.close(1000)
  })

  it.each([
    ['no ticket', ''],
    ['no such ticket', addressed(newObjectName(systemEntropy), 'x'.repeat(43))],
    ['a ticket and more', `${addressed(newObjectName(systemEntropy), 'x'.repeat(43))}, more`],
  ])('refuses %s', async (_, ticket) => {
    expect((await open(ticket)).status).toBe(401)
  })

  it('refuses the ticket of one person at the object of another', async () => {
    const [one, two] = [someone(), someone()]
    const issued = await professionals.ticket(one, proof(), device)
    if ('refused' in issued) throw new Error(issued.refused)
    const moved = `${await name(two)}.${issued.ticket.split('.')[1]}`
    expect((await open(moved)).status).toBe(401)
  })
})

describe('what is kept', () => {
  it('nothing of a number that nobody has, an hour later', async () => {
    const id = someone()
    await professionals.activationBegun(id)
    const stub = namespace.getByName(await name(id))
    await runInDurableObject(stub, (_, state) => state.storage.kv.put('activations', [instant(0)]))
    await evictDurableObject(stub)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    const left = await runInDurableObject(stub, (_, state) => [...state.storage.kv.list()])
    expect(left).toEqual([])
  })
})
