import type { HeldBy, Requirement, Specification } from '../test/requirements/requirement.ts'
import { testsOf } from './requirements-held.ts'

const INTRODUCTION = `# What each specification demands, and the test that holds it

Written by \`npm run docs:conformance\` from \`test/requirements/\`; \`npm test\` fails when this page is not current, or
when a test named here did not run and pass. Each line is a MUST, MUST NOT, REQUIRED or SHALL that bears on a provider,
in our words. Where no test holds one, the line says **not held**, and why.
`

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
/** As GitHub makes the anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
const headingOf = ({ id, title }: Specification): string => `${id}: ${title}`

function counts(requirements: readonly Requirement[]) {
  const held = requirements.filter((requirement) => testsOf(requirement).length > 0).length
  return { held, notHeld: requirements.length - held }
}

/** The tests, under a link to the file that has them. */
function tests(heldBy: readonly HeldBy[]): string {
  const files = [...new Set(heldBy.map(({ file }) => file))]
  return files
    .map((file) => {
      const names = heldBy.flatMap((each) => (each.file === file ? [cell(each.test)] : []))
      return `[${file.replace(/^test\/(conformance\/)?/, '')}](../${file}): ${names.join('; ')}`
    })
    .join('<br>')
}

const answer = (requirement: Requirement): string =>
  'heldBy' in requirement ? tests(requirement.heldBy) : `**not held**: ${cell(requirement.notHeld)}`

function section(specification: Specification): string {
  const { address, bearing, requirements } = specification
  return [
    `## ${headingOf(specification)}`,
    '',
    `<${address}>`,
    '',
    `Bears on a provider: ${bearing}`,
    '',
    row('section', 'what must hold', 'test'),
    row('---', '---', '---'),
    ...requirements.map((each) => row(each.section, cell(each.must), answer(each))),
  ].join('\n')
}

/** `docs/conformance.md`, whole. */
export function conformanceTable(specifications: readonly Specification[]): string {
  const all = counts(specifications.flatMap(({ requirements }) => requirements))
  const summary = [
    row('specification', 'held', 'not held'),
    row('---', '--:', '--:'),
    ...specifications.map((each) => {
      const { held, notHeld } = counts(each.requirements)
      return row(`[${headingOf(each)}](#${anchor(headingOf(each))})`, held, notHeld)
    }),
    row('together', all.held, all.notHeld),
  ].join('\n')
  return `${[INTRODUCTION, summary, ...specifications.map((each) => `\n${section(each)}`)].join('\n')}\n`
}
