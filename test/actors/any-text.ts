import fc from 'fast-check'

/**
 * Any text: UTF-16 of any units, lone surrogates included. The `binary` unit of fast-check sorts out every code point
 * there is before it makes its first text, which takes seconds where several files do it at once.
 */
export const anyText = (maxLength = 80): fc.Arbitrary<string> =>
  fc.uint16Array({ maxLength }).map((units) => String.fromCharCode(...units))
