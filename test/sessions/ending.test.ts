import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { ObjectName } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import { endingSessions } from '../../src/sessions/ending.ts'

const [first, second, third] = ['a', 'b', 'c'].map((letter) => ObjectName.parse(letter.repeat(22)))

/** Sessions of which these cannot be reached, and these are over. */
function desk(unreachable: readonly (string | undefined)[], over: readonly (string | undefined)[] = []) {
  const trail: AuditEvent[] = []
  const told: string[] = []
  const end = endingSessions({
    sessions: {
      end: async (name) => {
        if (unreachable.includes(name)) throw new Error('object reset')
        return over.includes(name) ? undefined : { practitionerId: 'p', session: name, services: [] }
      },
    },
    trail: { record: (event) => trail.push(event) },
    clock: () => instant(1_000),
    tellServices: ({ session }) => told.push(session),
  })
  return { end, trail, told }
}
const names = [first, second, third].map(String)

describe('ends every session that it is given', () => {
  it('counts those that lived, and tells their services', async () => {
    const { end, told, trail } = desk([], [second])
    expect(await end('p', names, 'card blocked')).toBe(2)
    expect(told).toEqual([first, third])
    expect(trail.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual([
      'session.ended card blocked',
      'session.ended card blocked',
    ])
  })
  it('attack: one that cannot be reached keeps no other open, and the caller learns of it', async () => {
    const { end, told } = desk([first])
    await expect(end('p', names, 'card blocked')).rejects.toThrow('object reset')
    expect(told).toEqual([second, third])
  })
  it('passes by what is no name', async () => {
    expect(await desk([]).end('p', ['not a name'], 'card blocked')).toBe(0)
  })
})
