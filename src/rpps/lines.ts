/** One line of a text, numbered from 1. `text` is `undefined` when it is longer than the limit: it was not kept. */
export interface NumberedLine {
  readonly number: number
  readonly text: string | undefined
}

/**
 * Cuts a stream of text into lines, holding one line at most, and of that no more than `limit` UTF-16 units. A file
 * that is not text at all (no line end anywhere) therefore costs nothing but the reading.
 */
export async function* linesOf(chunks: AsyncIterable<string>, limit: number): AsyncGenerator<NumberedLine> {
  let held = ''
  let dropping = false
  let number = 1
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const whole = !dropping && held.length + end - start <= limit
      yield { number, text: whole ? held + chunk.slice(start, end) : undefined }
      number += 1
      held = ''
      dropping = false
      start = end + 1
    }
    if (dropping || held.length + chunk.length - start > limit) {
      dropping = true
      held = ''
    } else {
      held += chunk.slice(start)
    }
  }
  if (dropping) yield { number, text: undefined }
  else if (held !== '') yield { number, text: held }
}
