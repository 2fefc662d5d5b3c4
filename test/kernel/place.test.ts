import { expect, it } from 'vitest'
import { NOWHERE, placeWord } from '../../src/kernel/place.ts'

it.each([
  [{ city: 'Lyon', country: 'FR', network: 'Réseau Démo' }, 'Lyon, FR'],
  [{ city: '', country: 'FR', network: 'Réseau Démo' }, 'FR'],
  [{ city: 'Lyon', country: '', network: '' }, 'Lyon'],
  [NOWHERE, ''],
])('a place in a word: %j', (place, word) => expect(placeWord(place)).toBe(word))
