import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../src/kernel/fault.ts'
import { NationalId } from '../../src/kernel/identifiers.ts'
import { d1Directory } from '../../src/rpps/directory.d1.ts'

describe('what is said of a fault', () => {
  it('is the database’s own word, without the values of the query', async () => {
    const broken = env.DB.withSession()
    const failing = { prepare: () => broken.prepare('SELECT * FROM no_such_table') } as unknown as D1Database
    const number = '899700900012'
    const thrown = await d1Directory(failing)
      .byNationalId(NationalId.parse(number))
      .catch((error: unknown) => error)
    expect(String(thrown)).toContain(number)
    expect(faultOf(thrown)).toContain('no such table')
    expect(faultOf(thrown)).not.toContain(number)
  })

  it('is nothing of a query whose cause is not known', () => {
    const thrown = Object.assign(new Error('Failed query: … params: 899700900012'), { params: [] })
    expect(faultOf(thrown)).toBe('Error')
  })

  it.each([undefined, null, 'text with a number', { message: 'x' }])('of %j: nothing of it', (thrown) => {
    expect(faultOf(thrown)).toBe('not an error')
  })

  it('ends, however errors point at each other', () => {
    const [one, two] = [new Error('one'), new Error('two')]
    one.cause = two
    two.cause = one
    expect(faultOf(one)).toMatch(/^Error: (one|two)$/)
  })
})
