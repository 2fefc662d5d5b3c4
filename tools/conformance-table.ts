import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SPECIFICATIONS } from '../test/requirements/specifications.ts'
import { conformanceTable } from './conformance-page.ts'
import { ROOT } from './places.ts'

// npm run docs:conformance

writeFileSync(join(ROOT, 'docs', 'conformance.md'), conformanceTable(SPECIFICATIONS))
