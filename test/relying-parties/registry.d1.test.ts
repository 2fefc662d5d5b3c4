import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import { register } from '../../src/relying-parties/registration.ts'
import { d1RelyingParties } from '../../src/relying-parties/registry.d1.ts'

/** The registry of one isolate, its clock, what it left for later, and how often it asked. */
function isolate() {
  const time = { now: 1_800_000_000 }
  const later: Promise<unknown>[] = []
  const asked = { times: 0 }
  const database = new Proxy(env.DB, {
    get(target, key) {
      if (key === 'prepare') {
        asked.times++
        return target.prepare.bind(target)
      }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const registry = d1RelyingParties({
    database,
    clock: () => instant(time.now),
    defer: (work) => void later.push(work),
  })
  return { registry, time, later, asked }
}

async function registered() {
  const { party } = await register(
    { redirect_uris: ['https://dossier.example/cb'], client_name: 'Démo' },
    systemEntropy,
  )
  await isolate().registry.add(party)
  return party
}
const suspend = (id: string) =>
  env.DB.prepare("UPDATE relying_party SET status = 'suspended' WHERE client_id = ?").bind(id).run()

describe('grants', () => {
  it('what was added, in any isolate', async () => {
    const party = await registered()
    expect(await isolate().registry.find(party.clientId)).toEqual(party)
  })

  it('for a quarter of a minute without asking again', async () => {
    const party = await registered()
    const { registry, time, asked, later } = isolate()
    await registry.find(party.clientId)
    const before = asked.times
    time.now += 14
    await registry.find(party.clientId)
    expect(asked.times).toBe(before)
    expect(later).toEqual([])
  })

  it('then at once still, while the new entry is fetched behind the answer', async () => {
    const party = await registered()
    const { registry, time, later } = isolate()
    await registry.find(party.clientId)
    await suspend(party.clientId)
    time.now += 15
    expect((await registry.find(party.clientId))?.status).toBe('active')
    expect((await registry.find(party.clientId))?.status).toBe('active')
    await Promise.all(later)
    expect((await registry.find(party.clientId))?.status).toBe('suspended')
  })

  it('a client registered after it was asked for in vain', async () => {
    const { party } = await register({ redirect_uris: ['https://dossier.example/cb'] }, systemEntropy)
    const { registry } = isolate()
    expect(await registry.find(party.clientId)).toBeUndefined()
    await isolate().registry.add(party)
    expect(await registry.find(party.clientId)).toEqual(party)
  })
})

describe('refuses', () => {
  it('an entry older than a minute is never used', async () => {
    const party = await registered()
    const { registry, time } = isolate()
    await registry.find(party.clientId)
    await suspend(party.clientId)
    time.now += 60
    expect((await registry.find(party.clientId))?.status).toBe('suspended')
  })

  it('a client that was removed', async () => {
    const party = await registered()
    const { registry, time, later } = isolate()
    await registry.find(party.clientId)
    await env.DB.prepare('DELETE FROM relying_party WHERE client_id = ?').bind(party.clientId).run()
    time.now += 15
    await registry.find(party.clientId)
    await Promise.all(later)
    expect(await registry.find(party.clientId)).toBeUndefined()
  })

  it('an unknown client', async () => {
    expect(await isolate().registry.find(ClientId.parse('unknown'))).toBeUndefined()
  })

  it('the same client twice', async () => {
    const party = await registered()
    await expect(isolate().registry.add(party)).rejects.toThrow()
  })
})
