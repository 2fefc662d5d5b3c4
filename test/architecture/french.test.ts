import { describe, expect, it } from 'vitest'
import { sharedData } from '../../src/mire/words.ts'

const modules = import.meta.glob<Record<string, unknown>>(
  ['../../src/**/words.ts', '../../web/**/words.ts', '!../../web/dist/**'],
  { eager: true },
)

/** Every text of a dictionary with its path; a text that is made is made with 2. */
function texts(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return texts(value(2, 2, 2), path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => texts(one, `${path}/${name}`))
}

/** Characters of GSM 03.38 only, or the message would cost three times as much: it has no such space. */
const SMS = '../../src/notifications/words.ts/codeSms'

const french = Object.entries(modules).flatMap(([path, module]) =>
  Object.values(module).flatMap((exported) =>
    typeof exported === 'object' && exported !== null && 'fr' in exported ? texts(exported.fr, path) : [],
  ),
)

describe('French texts', () => {
  it('are found in every dictionary', () => {
    const files = new Set(french.map(([path]) => path.slice(0, path.indexOf('.ts/'))))
    expect(files.size).toBe(Object.keys(modules).length)
    expect(files.size).toBeGreaterThan(9)
  })

  it('never let : ; ? ! » begin a line, nor « end one', () => {
    const told = [
      ...french.filter(([path]) => path !== SMS),
      ['sharedData', sharedData('other', 'fr').join()],
    ]
    expect(told.filter(([, text]) => /[^\S\u00a0\u202f][:;?!»]|«[^\S\u00a0\u202f]/.test(text ?? ''))).toEqual(
      [],
    )
  })

  it('have that space', () => {
    expect(french.filter(([path, text]) => path !== SMS && /[^\s][?!»]|«\S/.test(text))).toEqual([])
  })

  it('have typographic apostrophes', () => {
    expect(french.filter(([path, text]) => path !== SMS && /\p{L}'\p{L}/u.test(text))).toEqual([])
  })
})
