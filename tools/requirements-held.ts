import type { HeldBy, Requirement, Specification } from '../test/requirements/requirement.ts'
import type { Report } from './test-counts.ts'

/** The tests that a requirement names; none when it is not held. */
export const testsOf = (requirement: Requirement): readonly HeldBy[] =>
  'heldBy' in requirement ? requirement.heldBy : []

/** `RFC 7636 §4.6`, `RFC 7636 app. B`. */
export const cited = (id: string, section: string): string =>
  /^\d/.test(section) ? `${id} §${section}` : `${id} ${section}`

const PLACE = /%[sdifjo#]|\$\{[^}]*\}|\$[a-z_][\w.]*/gi

const asPattern = (literals: readonly string[]): RegExp =>
  new RegExp(literals.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'), 's')

/** Whether a full name, as a run reports it, has the part of a title that a requirement names. */
const has = (fullName: string, part: string): boolean => asPattern(part.split(PLACE)).test(fullName)

/** Characters that a template must bring itself to say anything of a title. */
const TELLING = 8

/**
 * Whether a test of this source could have this title, without running it: the title is written there, or its pieces
 * are (`module: what it shows`), or a template makes it.
 */
export function couldName(source: string, title: string): boolean {
  if (source.includes(title) || title.split(': ').every((piece) => source.includes(piece))) return true
  const templates = [...source.matchAll(/`([^`]*\$\{[^`]*)`/g)].map(([, text = '']) =>
    text.split(/\$\{[^}]*\}/),
  )
  return templates.some((literals) => literals.join('').length >= TELLING && asPattern(literals).test(title))
}

/** One line for each test that a requirement names and that did not run, or did not pass, in these reports. */
export function unproved(specifications: readonly Specification[], reports: readonly Report[]): string[] {
  const files = reports.flatMap((report) => report.testResults)
  return specifications.flatMap(({ id, requirements }) =>
    requirements.flatMap((requirement) =>
      testsOf(requirement).flatMap(({ file, test }) => {
        const ran = files
          .filter(({ name }) => name.replaceAll('\\', '/').endsWith(`/${file}`))
          .flatMap(({ assertionResults }) => assertionResults)
          .filter(({ fullName }) => has(fullName, test))
        const what = `${cited(id, requirement.section)}: "${test}" of ${file}`
        if (ran.length === 0) return [`${what} did not run`]
        return ran.every(({ status }) => status === 'passed') ? [] : [`${what} did not pass`]
      }),
    ),
  )
}
