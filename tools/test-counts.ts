import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** What a run came to. */
export interface Counts {
  readonly passed: number
  readonly failed: number
}

export const NONE: Counts = { passed: 0, failed: 0 }
export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
})

/** The parts of vitest's JSON report that we read. */
const Report = z.object({
  numTotalTests: z.number(),
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})
export type Report = z.infer<typeof Report>

/** The report that a run wrote, if it lived long enough to write one. */
export function reportIn(file: string): Report | undefined {
  if (!existsSync(file)) return undefined
  const parsed = Report.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  return parsed.success ? parsed.data : undefined
}

/**
 * The counts of a report. A test that did not run counts as failed, whatever the reason; so does a file that failed
 * outside its tests, and a run that ended badly although all its tests passed.
 */
export function countsOf(report: Report | undefined, ranWell: boolean): Counts {
  if (report === undefined) return { passed: 0, failed: 1 }
  const failedFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status === 'passed'),
  ).length
  const failed = report.numTotalTests - report.numPassedTests + failedFiles
  const nothingRan = report.numTotalTests === 0 && failed === 0
  return {
    passed: report.numPassedTests,
    failed: (failed === 0 && !ranWell) || nothingRan ? failed + 1 : failed,
  }
}
