import { describe, expect, it } from 'vitest'
import { shownName } from '../../src/rpps/shown-name.ts'

describe('a name as people read it', () => {
  it.each([
    ['CAMILLE', 'AUBRAC', 'Camille AUBRAC'],
    ['JEAN-BAPTISTE', "D'AIGUEBÉLINE", "Jean-Baptiste D'AIGUEBÉLINE"],
    ['ÉLÉONORE ÎLE', 'ŒUVRARD', 'Éléonore Île ŒUVRARD'],
    ['', 'SEUL', 'SEUL'],
  ])('%j %j is %j', (given, family, shown) => {
    expect(shownName(given, family)).toBe(shown)
  })
})
