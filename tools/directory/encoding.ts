export type Encoding = 'utf-8' | 'windows-1252'

/** How much of a file is looked at, once something in it is not ASCII. */
const HEAD = 256 * 1024

/**
 * Bytes → text. The extracts are in UTF-8, and copies of them in Latin-1 are met; no byte order mark says which. What
 * the first characters beyond ASCII are decides for the whole file, by majority, so that one damaged name in UTF-8 does
 * not turn all the others into nonsense: that line alone is rejected, for what is no UTF-8 decodes as U+FFFD.
 */
export async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  const head: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true })
      continue
    }
    head.push(chunk)
    length += chunk.length
    if (length < HEAD) continue
    const all = Buffer.concat(head)
    decoder = new TextDecoder(encodingOf(all))
    yield decoder.decode(all, { stream: true })
  }
  const all = decoder === undefined ? Buffer.concat(head) : undefined
  decoder ??= new TextDecoder(encodingOf(all ?? Buffer.alloc(0)))
  yield decoder.decode(all)
}

/** The header has accents already: 256 KiB are more than is needed. */
export function encodingOf(head: Uint8Array): Encoding {
  const text = new TextDecoder('utf-8').decode(head, { stream: true })
  const damaged = text.match(/\ufffd/g)?.length ?? 0
  const right = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0
  return damaged > right ? 'windows-1252' : 'utf-8'
}
