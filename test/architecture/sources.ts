import { EDGES } from './layers.ts'

/** Sources by path from the root of the repository (`src/kernel/brand.ts`). */
export type Sources = Readonly<Record<string, string>>

/** One import: the specifier, and the path it leads to when it is one of ours. */
export interface Import {
  readonly specifier: string
  readonly path: string | undefined
}

const IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|[\n;])\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** Every module that a source names: import, export from, dynamic import, import type. */
export function importsOf(path: string, source: string): readonly Import[] {
  return [...withoutComments(source).matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    return {
      specifier,
      path: specifier.startsWith('.') ? resolve(path, specifier.split('?')[0] ?? '') : undefined,
    }
  })
}

function resolve(from: string, relative: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Line and block comments out; texts stay. Good enough for sources that a formatter wrote. */
export const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1')

/** The path under src/, or `undefined`. */
export const inSrc = (path: string): string | undefined =>
  path.startsWith('src/') ? path.slice('src/'.length) : undefined

/** The folder of the edges table that a file of src/ belongs to: the longest that matches. */
export function folderOf(path: string): string | undefined {
  const folders = Object.keys(EDGES).filter((folder) => path.startsWith(`src/${folder}/`))
  return folders.sort((a, b) => b.length - a.length)[0]
}

/** `routes` of `mire.routes.tsx`; `''` when the name has no suffix. */
export const suffixOf = (path: string): string => path.match(/\.([a-z0-9]+)\.tsx?$/)?.[1] ?? ''

/** `@scope/name` or `name` of a package's specifier; `cloudflare:workers` as it is. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
