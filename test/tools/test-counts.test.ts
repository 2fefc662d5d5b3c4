import { describe, expect, test } from 'vitest'
import { add, countsOf, NONE, type Report } from '../../tools/test-counts.ts'

const report = (...files: (readonly string[])[]): Report => ({
  numTotalTests: files.flat().length,
  numPassedTests: files.flat().filter((status) => status === 'passed').length,
  testResults: files.map((statuses, i) => ({
    name: `file-${i}`,
    status: statuses.length > 0 && statuses.every((status) => status !== 'failed') ? 'passed' : 'failed',
    assertionResults: statuses.map((status, n) => ({ fullName: `test ${n}`, status })),
  })),
})

describe('what a run came to', () => {
  test.each([
    ['all passed', report(['passed', 'passed'], ['passed']), true, { passed: 3, failed: 0 }],
    ['one failed', report(['passed', 'failed']), false, { passed: 1, failed: 1 }],
    [
      'one skipped: it did not run, so it failed',
      report(['passed', 'skipped']),
      true,
      { passed: 1, failed: 1 },
    ],
    ['a file that failed before its tests', report(['passed'], []), false, { passed: 1, failed: 1 }],
    ['all passed, but the run ended badly', report(['passed']), false, { passed: 1, failed: 1 }],
    ['no test at all', report(), true, { passed: 0, failed: 1 }],
    ['no report: it died', undefined, false, { passed: 0, failed: 1 }],
  ])('%s', (_, given, ranWell, expected) => {
    expect(countsOf(given, ranWell)).toEqual(expected)
  })

  test('adds up', () => {
    expect(
      [
        { passed: 2, failed: 0 },
        { passed: 1, failed: 3 },
      ].reduce(add, NONE),
    ).toEqual({ passed: 3, failed: 3 })
  })
})
