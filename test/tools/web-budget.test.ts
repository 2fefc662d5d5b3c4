import { beforeAll, expect, test } from 'vitest'
import { builtBundle } from '../../tools/bundle.ts'
import { budgets } from '../../web/budgets.ts'

beforeAll(async () => {
  await builtBundle('sandbox')
})

// The list is web/budgets.ts; what it holds is checked too, so that it cannot become empty.
test('what a person fetches is within its budgets', () => {
  const all = budgets()
  expect(all.map(({ what }) => what)).toEqual(expect.arrayContaining(['mire, script', 'e-CPS app, script']))
  expect(all.filter(({ size, limit }) => size > limit || size === 0)).toEqual([])
})
