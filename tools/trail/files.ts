import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import type { Head } from '../../src/audit/chain.ts'

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })
const End = z.object({ seq: z.number().int().min(0), hash: z.string().length(43) })

/** The longest last line that is read of a file. */
const LONGEST = 65_536

/** A key set from a file or from where a deployment publishes it; or what is wrong with it. */
export async function publishedKeys(where: string): Promise<JSONWebKeySet | string> {
  const text = /^https?:\/\//.test(where) ? await fetched(where) : read(where)
  const parsed = Keys.safeParse(jsonOf(text ?? ''))
  return parsed.success ? parsed.data : `${where} gives no key set`
}

/** The head that an earlier export ended with; or what is wrong with the file. The file is not read as a whole. */
export function witnessIn(path: string): Head | string {
  if (!existsSync(path)) return `${path}: no such file`
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, LONGEST))
    readSync(file, buffer, 0, buffer.length, size - buffer.length)
    const line = buffer.toString('utf8').trimEnd().split('\n').at(-1)
    const parsed = End.safeParse(jsonOf(line ?? ''))
    return parsed.success ? parsed.data : `${path} does not end with the head of a trail`
  } finally {
    closeSync(file)
  }
}

const read = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

async function fetched(url: string): Promise<string | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
  return answer?.ok === true ? answer.text() : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
