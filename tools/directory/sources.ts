import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { type Entry, openPromise } from 'yauzl'

/** A text to be read: a file, or one inside a zip. */
export interface Source {
  readonly name: string
  /** Where its rejected lines go. */
  readonly rejects: string
  /** Bytes, as they will be read. */
  readonly size: number
  readonly open: () => Promise<AsyncIterable<Uint8Array>>
}

export type Sources =
  | { readonly sources: readonly Source[]; readonly close: () => void }
  | { readonly refused: string }

/** Registers compress six to ten times. Beyond this it is no register, and only reading it would cost anything. */
const LARGEST_RATIO = 100
/** Below this, bytes: nothing that a ratio could make dangerous. */
const SMALL = 10_000_000

const PIECE = 256 * 1024

/** The texts of a file: itself, or what is in it when it is a zip, in the order of the archive, never unpacked to disk. */
export async function sourcesOf(path: string): Promise<Sources> {
  if (!/\.zip$/i.test(path)) {
    const open = async () => createReadStream(path, { highWaterMark: PIECE })
    const source = { name: basename(path), rejects: `${path}.rejected`, size: statSync(path).size, open }
    return { sources: [source], close: () => {} }
  }
  try {
    return await sourcesOfZip(path)
  } catch (error) {
    return { refused: `${path}: ${error instanceof Error ? error.message : error}` }
  }
}

async function sourcesOfZip(path: string): Promise<Sources> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  const sources: Source[] = []
  const refuse = (why: string): Sources => {
    zip.close()
    return { refused: `${path}: ${why}` }
  }
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    // A folder ends with a slash; anything but a text is none of ours.
    if (/\.(?:txt|csv)$/i.test(entry.fileName)) entries.push(entry)
    if (entries.length > 100) return refuse('more than a hundred texts in it')
  }
  for (const entry of entries) {
    if (entry.uncompressedSize > SMALL && entry.uncompressedSize > entry.compressedSize * LARGEST_RATIO) {
      return refuse(`${entry.fileName} is compressed more than ${LARGEST_RATIO} times: no extract is`)
    }
    const name = basename(entry.fileName)
    sources.push({
      name,
      rejects: `${path}.${name}.rejected`,
      size: entry.uncompressedSize,
      open: () => zip.openReadStreamPromise(entry),
    })
  }
  return sources.length === 0 ? refuse('no text in it') : { sources, close: () => zip.close() }
}
