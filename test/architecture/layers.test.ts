/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest'
import { EDGES } from './layers.ts'
import { RULES } from './rules.ts'
import { folderOf, importsOf, type Sources } from './sources.ts'

const globbed: Record<string, string> = {
  ...import.meta.glob<string>('../../src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>('../../src/**/README.md', { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>(['../../web/**/*.{ts,tsx}', '!../../web/dist/**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
}
const sources: Sources = Object.fromEntries(
  Object.entries(globbed).map(([path, source]) => [path.replace('../../', ''), source]),
)

const find = (title: string, files: Sources): readonly string[] => {
  const rule = RULES.find((candidate) => candidate.title === title)
  if (rule === undefined) throw new Error(`no rule "${title}"`)
  return rule.find(files)
}

describe('the edges table', () => {
  it('is in topological order: a folder names only folders before it', () => {
    const before = new Set<string>()
    for (const [folder, edges] of Object.entries(EDGES)) {
      expect(
        edges.filter((edge) => !before.has(edge)),
        folder,
      ).toEqual([])
      before.add(folder)
    }
  })

  it('names no folder that does not exist', () => {
    const paths = Object.keys(sources)
    expect(
      Object.keys(EDGES).filter((folder) => !paths.some((path) => path.startsWith(`src/${folder}/`))),
    ).toEqual([])
  })

  it('holds no edge that nobody uses', () => {
    const used = new Set(
      Object.entries(sources).flatMap(([path, source]) => {
        return importsOf(path, source).map(
          (one) => `${folderOf(path)} → ${one.path === undefined ? '' : folderOf(one.path)}`,
        )
      }),
    )
    const unused = Object.entries(EDGES)
      .flatMap(([from, edges]) => edges.map((to) => `${from} → ${to}`))
      .filter((edge) => !used.has(edge))
    expect(unused).toEqual([])
  })
})

describe('the sources', () => {
  it('are read', () => expect(Object.keys(sources).length).toBeGreaterThan(40))

  it.each(RULES.map((rule) => [rule.title, rule.because, rule] as const))(
    '%s, because %s',
    (_title, _because, rule) => {
      expect(rule.find(sources)).toEqual([])
    },
  )
})

describe('the checker finds a planted violation', () => {
  const readmes = Object.fromEntries(Object.entries(sources).filter(([path]) => path.endsWith('README.md')))
  const planted: readonly (readonly [title: string, path: string, source: string])[] = [
    ['every source lives in a folder of the edges table', 'src/odd/thing.ts', ''],
    ['imports point along the edges', 'src/kernel/a.ts', `import { x } from '../rpps/x.ts'`],
    ['imports point along the edges', 'src/kernel/a.ts', `export {\n  x,\n  y,\n} from '../rpps/x.ts'`],
    ['imports point along the edges', 'src/rpps/a.ts', `const x = await import('../mire/x.ts')`],
    ['imports point along the edges', 'src/rpps/a.ts', `import '../settings.ts'`],
    ['imports point along the edges', 'src/ecps/a.ts', `import type { Login } from '../mire/login.ts'`],
    [
      'imports point along the edges',
      'src/provider/grants/a.ts',
      `import { x } from '../authorization/x.ts'`,
    ],
    ['production never imports the sandbox', 'src/compose.ts', `import { x } from './sandbox/x.ts'`],
    [
      'production never imports the sandbox',
      'src/worker.ts',
      `export { RobotObject } from './sandbox/robot.object.ts'`,
    ],
    ['no module reaches itself', 'src/kernel/a.ts', `import { a } from './a.ts'`],
    [
      'an adapter is imported by its own folder or by the entries only',
      'src/mire/a.ts',
      `import { d1 } from '../passkeys/passkeys.d1.ts'`,
    ],
    [
      'an adapter is imported by its own folder or by the entries only',
      'src/mire/a.object.ts',
      `import { p } from '../passkeys/passkey.table.ts'`,
    ],
    [
      'an adapter is imported by its own folder or by the entries only',
      'src/sandbox/a.ts',
      `import type { L } from '../mire/login.object.ts'`,
    ],
    ['each suffix has its packages', 'src/mire/a.ts', `import { Hono } from 'hono'`],
    ['each suffix has its packages', 'src/mire/a.routes.ts', `import { eq } from 'drizzle-orm'`],
    [
      'each suffix has its packages',
      'src/mire/a.d1.ts',
      `import { DurableObject } from 'cloudflare:workers'`,
    ],
    ['each suffix has its packages', 'src/mire/a.ts', `import { env } from 'cloudflare:workers'`],
    ['each suffix has its packages', 'src/mire/a.ts', `import { readFile } from 'node:fs/promises'`],
    ['each suffix has its packages', 'src/mire/a.ts', `import { verify } from '@simplewebauthn/server'`],
    ['each suffix has its packages', 'src/mire/a.service.ts', ''],
    ['http/ is for routes and pages', 'src/mire/a.ts', `import { cookies } from '../http/cookies.ts'`],
    ['http/ is for routes and pages', 'src/mire/a.object.ts', `import { cookies } from '../http/cookies.ts'`],
    ['pure files do not ask the machine', 'src/mire/a.ts', 'const now = Date.now()'],
    ['pure files do not ask the machine', 'src/mire/a.ts', 'const now = new Date()'],
    ['pure files do not ask the machine', 'src/mire/a.ts', 'const chance = Math.random()'],
    ['pure files do not ask the machine', 'src/mire/a.ts', 'crypto.getRandomValues(bytes)'],
    ['pure files do not ask the machine', 'src/mire/a.ts', 'const answer = await fetch(url)'],
    [
      'pure files do not ask the machine',
      'src/mire/a.ts',
      'await new Promise((done) => setTimeout(done, 10))',
    ],
    ['routes do not read bindings', 'src/mire/a.routes.ts', 'const name = c.env.NAME'],
    ['routes do not read bindings', 'src/mire/a.routes.ts', 'const app = new Hono<{ Bindings: Env }>()'],
    ['web/ imports contracts only', 'web/ecps/a.ts', `import { x } from '../../src/ecps/approvals.ts'`],
    ['no drawer for what has no place', 'src/mire/utils.ts', ''],
    ['no drawer for what has no place', 'web/shared/a.ts', ''],
    ['no drawer for what has no place', 'src/mire/code.helper.ts', ''],
    ['no barrels', 'src/mire/index.ts', ''],
  ]

  it.each(planted)('%s: %s %j', (title, path, source) => {
    expect(find(title, { [path]: source })).not.toEqual([])
  })

  it('no module reaches itself, through others', () => {
    const circle = { 'src/kernel/a.ts': `import './b.ts'`, 'src/kernel/b.ts': `import { a } from './a.ts'` }
    expect(find('no module reaches itself', circle)).toEqual([
      'src/kernel/a.ts → src/kernel/b.ts → src/kernel/a.ts',
    ])
  })

  it('every capability says what it owns', () => {
    const { 'src/mire/README.md': _, ...without } = readmes
    expect(find('every capability says what it owns', without)).toContain('src/mire/README.md')
  })

  it('each rule has one', () => {
    const tested = new Set([...planted.map(([title]) => title), 'every capability says what it owns'])
    expect(RULES.map(({ title }) => title).filter((title) => !tested.has(title))).toEqual([])
  })
})

describe('the checker lets pass', () => {
  const fine: readonly (readonly [title: string, path: string, source: string])[] = [
    ['imports point along the edges', 'src/mire/a.ts', `import { x } from '../kernel/x.ts'`],
    ['imports point along the edges', 'src/mire/a.ts', `// import { x } from '../provider/grants/x.ts'`],
    [
      'an adapter is imported by its own folder or by the entries only',
      'src/mire/a.d1.ts',
      `import { p } from '../passkeys/passkey.table.ts'`,
    ],
    [
      'an adapter is imported by its own folder or by the entries only',
      'src/compose.ts',
      `import { p } from './passkeys/passkeys.d1.ts'`,
    ],
    ['each suffix has its packages', 'src/mire/a.routes.tsx', `import { getCookie } from 'hono/cookie'`],
    [
      'each suffix has its packages',
      'src/protocol/webauthn/a.ts',
      `import { verify } from '@simplewebauthn/server'`,
    ],
    [
      'pure files do not ask the machine',
      'src/mire/a.ts',
      'const when = new Date(now * 1000) // not Date.now()',
    ],
    ['pure files do not ask the machine', 'src/mire/a.object.ts', 'const now = Date.now()'],
    ['pure files do not ask the machine', 'src/mire/a.ts', 'const answer = await needs.fetch(request)'],
    ['web/ imports contracts only', 'web/ecps/a.ts', `import { Me } from '../../src/ecps/contract.ts'`],
    ['no drawer for what has no place', 'src/mire/commonly-asked.ts', ''],
  ]
  it.each(fine)('%s: %s %j', (title, path, source) => expect(find(title, { [path]: source })).toEqual([]))
})
