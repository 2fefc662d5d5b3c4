import { describe, expect, it } from 'vitest'
import { endOf, whyNoLonger } from '../../web/ecps/time-left.ts'

describe('the end of a request', () => {
  it('is counted from the server’s clock, however wrong the phone’s is', () =>
    expect(endOf({ expiresAt: 1_090, now: 1_000 }, 5_000_000)).toBe(5_090_000))
})

describe('a request that left the list has', () => {
  const end = 5_090_000
  it.each([
    ['expired, when its time is over', end + 1, 'request-expired'],
    ['expired, when the server’s second ended before ours', end - 1_500, 'request-expired'],
    ['gone, when there was time left', end - 30_000, 'request-gone'],
  ])('%s', (_when, here, why) => expect(whyNoLonger(end, here)).toBe(why))

  it('gone, when this phone never saw it', () => expect(whyNoLonger(0, 1)).toBe('request-gone'))
})
