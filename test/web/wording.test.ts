import { describe, expect, it } from 'vitest'
import { languageOf } from '../../web/ecps/language.ts'
import { clockTime, day, deviceGuess, isAbroad, placeName, wantsHomeScreen } from '../../web/ecps/wording.ts'

describe('a place in words', () => {
  it.each([
    [{ city: 'Lyon', country: 'FR', network: 'Orange' }, 'Lyon, Orange', false],
    [{ city: '', country: 'FR', network: 'Orange' }, 'France, Orange', false],
    [{ city: 'Saint-Denis', country: 'RE', network: '' }, 'Saint-Denis (La Réunion)', false],
    [{ city: 'Varsovie', country: 'PL', network: 'Hébergeur' }, 'Varsovie (Pologne), Hébergeur', true],
    [{ city: '', country: 'PL', network: '' }, 'Pologne', true],
    [{ city: 'Nulle-Part', country: '!!', network: '' }, 'Nulle-Part (!!)', true],
    [{ city: '', country: '', network: '' }, '', false],
  ])('%j', (place, words, abroad) => {
    expect(placeName(place, 'fr')).toBe(words)
    expect(isAbroad(place)).toBe(abroad)
  })

  it('is in the language of the app', () => {
    expect(placeName({ city: 'Warsaw', country: 'PL', network: '' }, 'en')).toBe('Warsaw (Poland)')
  })
})

describe('an instant in words', () => {
  it('is seconds, not milliseconds', () => {
    expect(day(1_800_000_000, 'fr')).toBe('15 janvier 2027')
    expect(day(1_800_000_000, 'en')).toBe('15 January 2027')
    expect(clockTime(1_800_000_000, 'fr')).toMatch(/^\d\d:\d\d$/)
  })
})

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15'
const ANDROID = 'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36'

describe('a device', () => {
  it.each([
    [IPHONE, 5, 'iPhone'],
    [MAC, 5, 'iPad'],
    [MAC, 0, 'Mac'],
    [ANDROID, 5, 'Téléphone Android'],
    ['', 0, 'Mon téléphone'],
  ])('%s with %d touches is first called %s', (agent, touches, name) => {
    expect(deviceGuess(agent, touches, 'fr')).toBe(name)
  })

  it('of Apple, in Safari, is first put on the home screen: the installed app has storage of its own', () => {
    expect(wantsHomeScreen(IPHONE, 5, false)).toBe(true)
    expect(wantsHomeScreen(MAC, 5, false)).toBe(true)
    expect(wantsHomeScreen(IPHONE, 5, true)).toBe(false)
    expect(wantsHomeScreen(MAC, 0, false)).toBe(false)
    expect(wantsHomeScreen(ANDROID, 5, false)).toBe(false)
  })
})

describe('the language', () => {
  it.each([
    [null, ['en-GB', 'fr'], 'en'],
    ['fr', ['en-GB'], 'fr'],
    ['xx', ['de', 'en'], 'en'],
    [null, ['de'], 'fr'],
    [null, [], 'fr'],
  ])('chosen %j, browser %j: %s', (chosen, tags, language) => {
    expect(languageOf(chosen, tags)).toBe(language)
  })
})
