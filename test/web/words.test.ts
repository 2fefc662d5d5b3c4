import { describe, expect, it } from 'vitest'
import { words as app } from '../../web/ecps/words.ts'
import { words as mire } from '../../web/mire/words.ts'

/** Every text of a dictionary with its path; a text that is made is made with 2. */
function texts(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return texts(value(2), path)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => texts(one, `${path}/${name}`))
}

describe.each([
  ['the app', app],
  ['the mire', mire],
])('the words of %s', (_, { fr, en }) => {
  it('say something in both languages, and not the same', () => {
    const english = new Map(texts(en))
    for (const [path, text] of texts(fr)) {
      expect(text.trim(), path).not.toBe('')
      expect(english.get(path)?.trim(), path).toBeTruthy()
    }
    const same = texts(fr).filter(([path, text]) => english.get(path) === text)
    expect(same.map(([, text]) => text)).toEqual([])
  })

  it('never speak of what people do not know', () => {
    for (const [path, text] of [...texts(fr), ...texts(en)]) {
      expect(text, path).not.toMatch(
        /token|jeton|0x|authentification forte|credential|WebAuthn|session expirée/i,
      )
    }
  })
})
