import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import type { RejectedLine } from '../../src/rpps/import.ts'

/** How much is held before it is written, characters: a file of nothing but bad lines must not fill the memory. */
const HELD = 64 * 1024

/**
 * The lines of a file that were not taken, as `line;reason;text`, for whoever can correct them at their source. There is
 * no such file when every line was taken.
 */
export function rejectFile(path: string) {
  rmSync(path, { force: true })
  let descriptor: number | undefined
  let held = ''
  const flush = () => {
    if (held === '') return
    // What is in it is as personal as the extract: nobody else's.
    descriptor ??= openSync(path, 'w', 0o600)
    writeSync(descriptor, held)
    held = ''
  }
  return {
    add: ({ line, reason }: RejectedLine, text: string | undefined): void => {
      held += `${line};${reason};${text?.trimEnd() ?? ''}\n`
      if (held.length > HELD) flush()
    },
    close: (): void => {
      flush()
      if (descriptor !== undefined) closeSync(descriptor)
    },
  }
}
