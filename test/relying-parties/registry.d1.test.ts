import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { digest } from '../../src/kernel/digest.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import { register } from '../../src/relying-parties/registration.ts'
import { d1RelyingParties } from '../../src/relying-parties/registry.d1.ts'

const RULES = { deployment: 'sandbox', statementKeys: undefined } as const

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
    RULES,
    systemEntropy,
    instant(0),
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
    const { party } = await register(
      { redirect_uris: ['https://dossier.example/cb'] },
      RULES,
      systemEntropy,
      instant(0),
    )
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

describe('APIs', () => {
  const api = async (audience: string) => {
    const serment_api = { audience, scopes: ['patient.read'] }
    const metadata = { redirect_uris: ['https://dossier.example/cb'], serment_api }
    return (await register(metadata, RULES, systemEntropy, instant(0))).party
  }

  it('are found by their audience, the second time without asking', async () => {
    const party = await api('https://api.example/a')
    await isolate().registry.register(party, await digest('token'))
    const { registry, asked } = isolate()
    expect(await registry.findApi('https://api.example/a')).toEqual(party)
    const before = asked.times
    expect(await registry.findApi('https://api.example/a')).toEqual(party)
    expect(asked.times).toBe(before)
    expect(await registry.findApi('https://api.example/')).toBeUndefined()
  })

  it('attack: have an audience to themselves, at registration and afterwards', async () => {
    const { registry } = isolate()
    expect(await registry.register(await api('https://api.example/b'), await digest('1'))).toBe('entered')
    expect(await registry.register(await api('https://api.example/b'), await digest('2'))).toBe(
      'audience-taken',
    )
    const other = await api('https://api.example/c')
    expect(await registry.register(other, await digest('3'))).toBe('entered')
    const taking = { ...other, metadata: (await api('https://api.example/b')).metadata }
    expect(await registry.replace(taking)).toBe('audience-taken')
    expect((await isolate().registry.findApi('https://api.example/b'))?.clientId).not.toBe(other.clientId)
  })

  it('are not found by an audience that they gave up', async () => {
    const party = await api('https://api.example/d')
    const { registry } = isolate()
    await registry.register(party, await digest('token'))
    await registry.findApi('https://api.example/d')
    await registry.replace({ ...party, metadata: (await api('https://api.example/e')).metadata })
    expect(await registry.findApi('https://api.example/d')).toBeUndefined()
    expect((await registry.findApi('https://api.example/e'))?.clientId).toBe(party.clientId)
  })
})

describe('management', () => {
  it('keeps the digest of the token, the instant, and what an operator decided', async () => {
    const { party } = await register(
      { redirect_uris: ['https://dossier.example/cb'] },
      RULES,
      systemEntropy,
      instant(0),
    )
    const { registry } = isolate()
    const token = await digest('token')
    await registry.register(party, token)
    expect(await registry.managed(party.clientId)).toEqual({
      party,
      token,
      registeredAt: instant(1_800_000_000),
    })
    await suspend(party.clientId)
    await registry.replace({ ...party, name: 'Autre' })
    expect(await registry.managed(party.clientId)).toMatchObject({
      token,
      party: { name: 'Autre', status: 'suspended' },
    })
    await registry.remove(party.clientId)
    expect(await registry.managed(party.clientId)).toBeUndefined()
    expect(await registry.find(party.clientId)).toBeUndefined()
  })
})
