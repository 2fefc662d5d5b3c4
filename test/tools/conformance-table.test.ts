import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conformanceTable } from '../../tools/conformance-page.ts'
import { ROOT } from '../../tools/places.ts'
import { cited, couldName, testsOf, unproved } from '../../tools/requirements-held.ts'
import type { Report } from '../../tools/test-counts.ts'
import type { Specification } from '../requirements/requirement.ts'
import { SPECIFICATIONS } from '../requirements/specifications.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('docs/conformance.md', () => {
  test('is what "npm run docs:conformance" writes', () => {
    expect(read('docs/conformance.md')).toBe(conformanceTable(SPECIFICATIONS))
  })

  test('names only tests that are there', () => {
    const wrong = SPECIFICATIONS.flatMap(({ id, requirements }) =>
      requirements.flatMap((requirement) =>
        testsOf(requirement)
          .filter((held) => !existsSync(join(ROOT, held.file)) || !couldName(read(held.file), held.test))
          .map((held) => `${cited(id, requirement.section)}: "${held.test}" of ${held.file}`),
      ),
    )
    expect(wrong).toEqual([])
  })

  test('covers every specification of test/requirements once', () => {
    const files = readdirSync(join(ROOT, 'test/requirements')).filter(
      (name) => !['requirement.ts', 'specifications.ts'].includes(name),
    )
    expect(new Set(SPECIFICATIONS.map(({ id }) => id)).size).toBe(SPECIFICATIONS.length)
    expect(SPECIFICATIONS).toHaveLength(files.length)
  })

  test.each(SPECIFICATIONS.map((each) => [each.id, each.folders] as const))(
    '%s has its folder of tests, which hold it',
    (_, folders) => {
      for (const folder of folders) {
        const path = join(ROOT, 'test/conformance', folder)
        expect(statSync(path).isDirectory()).toBe(true)
        expect(readdirSync(path).some((name) => name.endsWith('.test.ts'))).toBe(true)
      }
    },
  )

  test('no test of a specification lies outside a folder', () => {
    const loose = readdirSync(join(ROOT, 'test/conformance')).filter((name) => name.endsWith('.test.ts'))
    expect(loose).toEqual([])
  })
})

describe('a source could have a test of this name', () => {
  const source = `it('a title', …) it(\`module-with-\${how}\`, …) it(\`\${a}: \${b}\`, …) ['what it shows']`
  test.each([
    ['a title', true],
    ['title: what it shows', true],
    ['module-with-header', true],
    ['another', false],
    ['another: what it shows', false],
    ['module-without-header', false],
  ])('%s: %s', (title, could) => expect(couldName(source, title)).toBe(could))
})

describe('a run proves what is named', () => {
  const naming = (...tests: string[]): readonly Specification[] => [
    {
      id: 'RFC 0',
      title: 'A title',
      address: 'https://www.rfc-editor.org/',
      folders: ['rfc0'],
      bearing: 'All of it.',
      requirements: [
        ...tests.map((name) => ({
          section: '1',
          must: 'It is so',
          heldBy: [{ file: 'test/a.test.ts', test: name }] as const,
        })),
        { section: 'app. B', must: 'So is this | that', notHeld: 'nobody asked' },
      ],
    },
  ]
  const ran = (...tests: [string, string][]): readonly Report[] => [
    {
      numTotalTests: tests.length,
      numPassedTests: tests.length,
      testResults: [
        {
          name: '/somewhere/test/a.test.ts',
          status: 'passed',
          assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
        },
        {
          name: '/somewhere/test/b.test.ts',
          status: 'passed',
          assertionResults: [{ fullName: 'elsewhere', status: 'passed' }],
        },
      ],
    },
  ]

  test.each([
    ['a title', 'a (title)'],
    ['a title with places', 'of %s, by $name.first: (%d)'],
    ['nothing but what is not held'],
  ])('%s', (_, ...tests) => {
    const reports = ran(['group a (title)', 'passed'], ['group of x, by y: (3)', 'passed'])
    expect(unproved(naming(...tests), reports)).toEqual([])
  })

  test.each([
    ['it did not run', 'another', 'did not run'],
    ['it ran in another file', 'elsewhere', 'did not run'],
    ['it failed', 'fails', 'did not pass'],
    ['one row of it was left out', 'row %d', 'did not pass'],
  ])('or says that %s', (_, name, why) => {
    const reports = ran(['fails', 'failed'], ['row 1', 'passed'], ['row 2', 'skipped'])
    expect(unproved(naming(name), reports)).toEqual([`RFC 0 §1: "${name}" of test/a.test.ts ${why}`])
    expect(unproved(naming(name), [])).toEqual([`RFC 0 §1: "${name}" of test/a.test.ts did not run`])
  })

  test('the page tells what is held by what, and what is not', () => {
    const page = conformanceTable(naming('a title'))
    expect(page).toContain('| 1 | It is so | [a.test.ts](../test/a.test.ts): a title |')
    expect(page).toContain('| app. B | So is this \\| that | **not held**: nobody asked |')
    expect(page).toContain('| [RFC 0: A title](#rfc-0-a-title) | 1 | 1 |')
  })
})
