import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { run } from '../../tools/command.ts'
import { ROOT } from '../../tools/places.ts'

const origin = inject('origin')
const DOCUMENT = readFileSync(join(ROOT, 'docs/authorities.md'), 'utf8')

/** The commands of the document, as a shell splits them; each calls with this Node and this sandbox. */
const COMMANDS = [...DOCUMENT.matchAll(/^node (docs\/examples\/authority\.mjs) (.+)$/gm)].map(
  ([, script = '', rest = '']) => [
    script,
    ...[...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word),
  ],
)

const called = (args: readonly string[]) => run(process.execPath, args, { ISSUER: origin })

it('docs/authorities.md: blocks, sees and lifts, as it stands there', async () => {
  const [block = [], search = []] = COMMANDS
  expect(COMMANDS).toHaveLength(2)
  const blocked = await called(block)
  expect(blocked.code, blocked.output).toBe(0)
  const { id } = JSON.parse(blocked.output) as { id: string }
  const lift = ['docs/examples/authority.mjs', 'lift', id]
  try {
    const found = await called(search)
    expect(found.output).toContain(`"id":"${id}","all_cards":true,"reason":"Perdue dans le train"`)
  } finally {
    expect(await called(lift)).toMatchObject({ code: 0, output: expect.stringContaining('{"lifted":true}') })
  }
  expect(await called(lift)).toMatchObject({ code: 1, output: expect.stringContaining('unknown_block') })
})
