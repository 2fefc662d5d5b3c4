import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SPECIFICATIONS } from '../test/requirements/specifications.ts'
import { chromiumPath, NoChromium } from './chromium.ts'
import { type Ended, runPackage } from './command.ts'
import { migrationsAreCurrent } from './migrations-current.ts'
import { BUILT, ROOT } from './places.ts'
import { unproved } from './requirements-held.ts'
import { add, type Counts, countsOf, NONE, reportIn } from './test-counts.ts'

// npm test: everything that says whether the project works, in order, with one line each and the output of what failed.

const RESULTS = join(ROOT, 'test', 'results')

interface Step {
  readonly name: string
  run(): Promise<{ counts: Counts; output: string }>
}

/** A command that passes or fails as one. */
const check = (name: string, command: () => Promise<Ended>): Step => ({
  name,
  async run() {
    const ended = await command()
    return {
      counts: ended.code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
      output: ended.output,
    }
  },
})

/** A vitest configuration, each of whose tests counts. */
const suite = (
  name: string,
  config: string,
  environment: () => Promise<Record<string, string>> = async () => ({}),
): Step => ({
  name,
  async run() {
    const file = join(RESULTS, `${name}.json`)
    const variables = await environment()
    const once = async () => {
      rmSync(file, { force: true })
      const ended = await runPackage(
        'vitest',
        ['run', '--config', config, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
        variables,
      )
      return { ended, counts: countsOf(reportIn(file), ended.code === 0) }
    }
    let { ended, counts } = await once()
    if (diedInTeardown(ended, file)) {
      console.log('  the runtime crashed after its tests had passed (workerd issue 6763): once more')
      ;({ ended, counts } = await once())
    }
    return { counts, output: ended.output }
  },
})

/**
 * workerd issue 6763: a crash while a test file is torn down, with every test passed. Nothing else is ever tried twice:
 * a test that fails and then passes is a fault in the test or in the code.
 */
function diedInTeardown(ended: Ended, file: string): boolean {
  if (ended.code === 0) return false
  const report = reportIn(file)
  const allPassed = report === undefined || report.numPassedTests === report.numTotalTests
  const crashed = ended.signal !== null || /SIGSEGV|Segmentation fault|signal 11/i.test(ended.output)
  return allPassed && crashed && !/AssertionError|FAIL /.test(ended.output)
}

/** Every test that `docs/conformance.md` names ran in the suites before this step, and passed. */
const requirements = (name: string): Step => ({
  name,
  async run() {
    const reports = ['workers', 'node'].flatMap((each) => reportIn(join(RESULTS, `${each}.json`)) ?? [])
    const lines = unproved(SPECIFICATIONS, reports)
    return {
      counts: lines.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
      output: lines.join('\n'),
    }
  },
})

const typeCheck = (project: string) =>
  check(`types of ${project}`, () => runPackage('tsc', ['-p', project], {}, 'typescript'))

async function withBrowser(): Promise<Record<string, string>> {
  try {
    return { CHROME_PATH: await chromiumPath((step) => console.log(`  ${step}`)) }
  } catch (error) {
    // The journeys then fail one by one, and are counted.
    if (error instanceof NoChromium) console.log(`  ${error.message}`)
    else throw error
    return {}
  }
}

const STEPS: readonly Step[] = [
  check('web build', () =>
    runPackage('vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn']),
  ),
  typeCheck('tsconfig.json'),
  typeCheck('web/tsconfig.json'),
  typeCheck('tools/tsconfig.json'),
  check('lint and format', () =>
    runPackage('biome', ['check', '--error-on-warnings', '.'], {}, '@biomejs/biome'),
  ),
  check('migrations are current', migrationsAreCurrent),
  suite('workers', 'test/vitest.config.ts'),
  suite('node', 'test/vitest.node.config.ts', withBrowser),
  requirements('what docs/conformance.md says ran'),
]

async function main(): Promise<void> {
  mkdirSync(RESULTS, { recursive: true })
  mkdirSync(BUILT, { recursive: true })
  let total = NONE
  for (const step of STEPS) {
    const began = Date.now()
    const { counts, output } = await step.run()
    total = add(total, counts)
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    const detail =
      counts.passed + counts.failed > 1 ? `  ${counts.passed} passed, ${counts.failed} failed` : ''
    console.log(`${counts.failed === 0 ? '✓' : '✗'} ${step.name.padEnd(28)}${seconds.padStart(6)} s${detail}`)
    if (counts.failed > 0) console.log(output.trimEnd())
  }
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

main().catch((error: unknown) => {
  console.error(error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
})
