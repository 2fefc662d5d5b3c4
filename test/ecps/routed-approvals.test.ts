import { describe, expect, it } from 'vitest'
import type { Approvals } from '../../src/ecps/approvals.ts'
import { routedApprovals } from '../../src/ecps/routed-approvals.ts'
import { PractitionerId } from '../../src/kernel/identifiers.ts'

/** Approvals that only write down what they are asked. */
function recorder(name: string, log: string[]): Approvals {
  return {
    pair: async () => {
      log.push(`${name} pair`)
      return { refused: 'unknown' }
    },
    find: async (id) => void log.push(`${name} find ${id}`),
    decide: async (id) => {
      log.push(`${name} decide ${id}`)
      return { refused: 'gone' }
    },
    cancel: async (id) => void log.push(`${name} cancel ${id}`),
  }
}

describe('routes an approval to where it waits', () => {
  const me = PractitionerId.parse('899700900012')
  it.each([
    ['ciba:a.b', 'services'],
    ['a.b', 'logins'],
    ['ciba.b', 'logins'],
    ['', 'logins'],
  ])('%j to the %s', async (id, place) => {
    const log: string[] = []
    const routed = routedApprovals(recorder('logins', log), { 'ciba:': recorder('services', log) })
    await routed.find(id, me)
    await routed.decide(id, 'none', {} as never)
    await routed.cancel(id, 'two-at-once')
    expect(log).toEqual([`${place} find ${id}`, `${place} decide ${id}`, `${place} cancel ${id}`])
  })
  it('pairs with logins only', async () => {
    const log: string[] = []
    await routedApprovals(recorder('logins', log), { 'ciba:': recorder('services', log) }).pair(
      { qr: 'ciba:x' },
      me,
    )
    expect(log).toEqual(['logins pair'])
  })
})
