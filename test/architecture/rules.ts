import { CAPABILITIES, EDGES, ENTRIES, FOLDER_PACKAGES, MACHINE, PACKAGES } from './layers.ts'
import { folderOf, importsOf, inSrc, packageOf, type Sources, suffixOf, withoutComments } from './sources.ts'

/** A rule of the house. `find` answers one line for each place where a source breaks it. */
export interface Rule {
  readonly title: string
  readonly because: string
  find(sources: Sources): readonly string[]
}

const isEntry = (path: string): boolean => ENTRIES.includes(inSrc(path) ?? '')

/** Runs `look` over the files of src/ that are not entries, with what they import. */
const eachFile = (
  sources: Sources,
  look: (
    path: string,
    imports: ReturnType<typeof importsOf>,
    source: string,
  ) => readonly (string | undefined)[],
): string[] =>
  Object.entries(sources)
    .filter(([path]) => inSrc(path) !== undefined && !isEntry(path) && /\.tsx?$/.test(path))
    .flatMap(([path, source]) => look(path, importsOf(path, source), source))
    .filter((line) => line !== undefined)

const ours = (imports: ReturnType<typeof importsOf>) =>
  imports.flatMap(({ path }) => (path === undefined ? [] : [path]))

export const RULES: readonly Rule[] = [
  {
    title: 'every source lives in a folder of the edges table',
    because: 'a folder that the table does not know has no direction',
    find: (sources) =>
      eachFile(sources, (path) => [
        folderOf(path) === undefined ? `${path} is in no known folder` : undefined,
      ]),
  },
  {
    title: 'imports point along the edges',
    because: 'what is below can be read, tested and changed without what is above',
    find: (sources) =>
      eachFile(sources, (path, imports) => {
        const from = folderOf(path)
        return ours(imports).map((target) => {
          const to = folderOf(target)
          const allowed =
            from !== undefined && to !== undefined && (from === to || (EDGES[from] ?? []).includes(to))
          return allowed ? undefined : `${path} imports ${target}`
        })
      }),
  },
  {
    title: 'production never imports the sandbox',
    because: 'robots and an open outbox in a production bundle would be a way in',
    find: (sources) =>
      Object.entries(sources).flatMap(([path, source]) =>
        path.startsWith('src/') && !path.startsWith('src/sandbox/')
          ? ours(importsOf(path, source))
              .filter((target) => target.startsWith('src/sandbox/'))
              .map((target) => `${path} imports ${target}`)
          : [],
      ),
  },
  {
    title: 'no module reaches itself',
    because: 'in a circle nothing can be understood, or loaded, first',
    find: cycles,
  },
  {
    title: 'an adapter is imported by its own folder or by the entries only',
    because: 'capabilities meet at ports; which adapter stands behind one is decided in compose.ts',
    find: (sources) =>
      eachFile(sources, (path, imports) =>
        ours(imports).map((target) => {
          const suffix = suffixOf(target)
          if (suffix === '' || suffix === 'd' || folderOf(target) === folderOf(path)) return undefined
          // A read join may name the tables of a lower folder: one query instead of three.
          if (suffix === 'table' && suffixOf(path) === 'd1') return undefined
          // The sandbox's own kind of an object extends production's of the same name.
          if (suffix === 'object' && path === target.replace('/mire/', '/sandbox/')) return undefined
          return `${path} imports ${target}`
        }),
      ),
  },
  {
    title: 'each suffix has its packages',
    because: 'where Hono, drizzle or the Workers runtime may be is told by the name of a file',
    find: (sources) =>
      eachFile(sources, (path, imports) => {
        const known = PACKAGES[suffixOf(path)]
        if (known === undefined) return [`${path} has a suffix that src/README.md does not know`]
        const allowed = [...known, ...(FOLDER_PACKAGES[folderOf(path) ?? ''] ?? [])]
        return imports.map(({ specifier, path: target }) =>
          target === undefined && !allowed.includes(packageOf(specifier))
            ? `${path} imports ${specifier}`
            : undefined,
        )
      }),
  },
  {
    title: 'http/ is for routes and pages',
    because: 'domain code that knows cookies or headers cannot be tested without them',
    find: (sources) =>
      eachFile(sources, (path, imports) =>
        ours(imports).map((target) =>
          folderOf(target) === 'http' &&
          folderOf(path) !== 'http' &&
          !['routes', 'page'].includes(suffixOf(path))
            ? `${path} imports ${target}`
            : undefined,
        ),
      ),
  },
  {
    title: 'pure files do not ask the machine',
    because: 'time, chance and the network are arguments, so that a test can choose them',
    find: (sources) =>
      eachFile(sources, (path, _imports, source) => {
        if (suffixOf(path) !== '' || (inSrc(path) ?? '') in MACHINE) return []
        const text = withoutComments(source)
        return ASKING.map(([what, pattern]) => (pattern.test(text) ? `${path} uses ${what}` : undefined))
      }),
  },
  {
    title: 'routes do not read bindings',
    because: 'a routes file is a function of its needs, so that a test can give it others',
    find: (sources) =>
      eachFile(sources, (path, _imports, source) =>
        ['routes', 'page'].includes(suffixOf(path)) &&
        /\bc(?:ontext)?\.env\b|\bHono<\s*\{\s*Bindings/.test(withoutComments(source))
          ? [`${path} reads env`]
          : [],
      ),
  },
  {
    title: 'web/ imports contracts only',
    because: 'a browser must not be able to receive what is not meant for it',
    find: (sources) =>
      Object.entries(sources).flatMap(([path, source]) =>
        path.startsWith('web/')
          ? ours(importsOf(path, source))
              .filter((target) => target.startsWith('src/') && !target.endsWith('/contract.ts'))
              .map((target) => `${path} imports ${target}`)
          : [],
      ),
  },
  {
    title: 'no drawer for what has no place',
    because: 'utils, helpers, common and shared grow until everything depends on them',
    find: (sources) =>
      Object.keys(sources).filter((path) =>
        path.split(/[/.]/).some((part) => /^(utils?|helpers?|common|shared|misc|lib)$/.test(part)),
      ),
  },
  {
    title: 'no barrels',
    because: 'an import names the file where a thing is',
    find: (sources) =>
      Object.keys(sources).filter((path) => path.startsWith('src/') && /(^|\/)index\.tsx?$/.test(path)),
  },
  {
    title: 'every capability says what it owns',
    because: 'its README is where decisions, and what was rejected, are found',
    find: (sources) =>
      CAPABILITIES.map((folder) => `src/${folder}/README.md`).filter(
        (path) => !((sources[path] ?? '').length > 0),
      ),
  },
]

const ASKING: readonly (readonly [string, RegExp])[] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date()', /\bnew Date\(\s*\)/],
  ['Math.random', /\bMath\.random\b/],
  ['crypto.getRandomValues', /\bcrypto\.(?:getRandomValues|randomUUID)\b/],
  ['fetch', /(?<![.\w])fetch\s*\(/],
  ['setTimeout', /(?<![.\w])(?:setTimeout|setInterval)\s*\(/],
]

function cycles(sources: Sources): readonly string[] {
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    state.set(path, 'open')
    for (const target of ours(importsOf(path, sources[path] ?? '')))
      if (target in sources) visit(target, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of Object.keys(sources)) if (/\.tsx?$/.test(path)) visit(path, [])
  return found
}
