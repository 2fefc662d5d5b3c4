import type { HeldBy, Requirement, Specification } from '../test/requirements/requirement.ts'
import type { Report } from './test-counts.ts'

/** The tests that a requirement names; none when it is not held. */
export const testsOf = (requirement: Requirement): readonly HeldBy[] =>
  'heldBy' in requirement ? requirement.heldBy : []

/** `RFC 7636 §4.6`, `RFC 7636 app. B`. */
export const cited = (id: string, section: string): string =>
  /^\d/.test(section) ? `${id} §${section}` : `${id} ${section}`

const PLACE = /%[sdifjo#]|\$\{[^}]*\}|\$[a-z_][\w.]*/gi

/** Whether a full name, as a run reports it, has the part of a title that a requirement names. */
function has(fullName: string, part: string): boolean {
  const literals = part.split(PLACE).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(literals.join('.*'), 's').test(fullName)
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
