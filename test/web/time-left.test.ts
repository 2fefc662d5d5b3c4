import { describe, expect, it } from 'vitest'
import { endOf, whyNoLonger } from '../../web/ecps/time-left.ts'

describe('the end of a request', () => {
  it('is counted from the server’s clock, however wrong the phone’s is', () =>
    expect(endOf({ expiresAt: 1_090, now: 1_000 }, 5_000_000)).toBe(5_090_000))
})

describe('a request that left the list has', () => {
  const shown = { end: 5_090_000, openedAt: 5_000_000, twiceAt: 0 }
  it.each([
    ['expired, when its time is over', shown, 5_090_001, 'request-expired'],
    ['expired, when the server’s second ended before ours', shown, 5_088_500, 'request-expired'],
    ['gone, when there was time left', shown, 5_060_000, 'request-gone'],
    ['gone, when this phone never saw it', { ...shown, end: 0 }, 5_060_000, 'request-gone'],
    ['met another, when the server said so', { ...shown, twiceAt: 5_010_000 }, 5_010_050, 'two-at-once'],
    ['nothing to do with two others earlier', { ...shown, twiceAt: 4_000_000 }, 5_010_050, 'request-gone'],
  ])('%s', (_when, vanished, here, why) => expect(whyNoLonger(vanished, here)).toBe(why))
})
