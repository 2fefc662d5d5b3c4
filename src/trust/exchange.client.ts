/** The network, towards authorities: addresses that an operator entered. */
export type Outbound = (url: string, init: RequestInit) => Promise<Response>

/** A signal that ends work after this many milliseconds. A test hands over one that it ends itself. */
export type Patience = (milliseconds: number) => AbortSignal

/** What became of a request. `problem` is for the trail. */
export type Fetched =
  | {
      readonly body: Uint8Array
      readonly etag: string | undefined
      readonly lastModified: string | undefined
    }
  | 'not-modified'
  | { readonly problem: string; readonly late?: true }

export interface Wanted {
  readonly url: string
  readonly init: RequestInit
  /** Bytes of the body, at most. */
  readonly most: number
  readonly signal: AbortSignal
}

/**
 * One exchange, held to its time and to its size, whoever answers: also where the network does not heed the signal, and
 * where a body is longer than it said. No redirect is followed. Never rejects.
 */
export async function exchange(outbound: Outbound, { url, init, most, signal }: Wanted): Promise<Fetched> {
  const exchanged = async (): Promise<Fetched> => {
    const response = await outbound(url, { ...init, redirect: 'manual', signal })
    if (response.status === 304) return 'not-modified'
    if (response.status !== 200) {
      giveUp(response)
      return { problem: `answered ${response.status}` }
    }
    const body = await boundedBody(response, most, signal)
    if (body === undefined) return { problem: `answered more than ${most} bytes` }
    const { headers } = response
    return {
      body,
      etag: headers.get('etag') ?? undefined,
      lastModified: headers.get('last-modified') ?? undefined,
    }
  }
  const ended = new Promise<Fetched>((resolve) => {
    const late = () => resolve(LATE)
    if (signal.aborted) late()
    else signal.addEventListener('abort', late, { once: true })
  })
  const failed = (error: unknown): Fetched =>
    signal.aborted ? LATE : { problem: error instanceof Error ? error.name : 'failed' }
  return Promise.race([exchanged().catch(failed), ended])
}

const LATE: Fetched = { problem: 'did not answer in time', late: true }

/** How large a buffer is taken before anything has come, when nobody says how much will. */
const FIRST = 64 * 1024

/**
 * The body in one buffer, `undefined` once it is longer than `most`; the rest is not read. The buffer is of the declared
 * length, or doubles: at worst there is one half as large beside it.
 */
async function boundedBody(
  response: Response,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const declared = Number(response.headers.get('content-length') ?? FIRST)
  if (declared > most) {
    giveUp(response)
    return undefined
  }
  let buffer = new Uint8Array(Number.isSafeInteger(declared) && declared > 0 ? declared : FIRST)
  let length = 0
  for await (const chunk of response.body ?? []) {
    if (length + chunk.byteLength > most || signal.aborted) return undefined
    if (length + chunk.byteLength > buffer.length) {
      const larger = new Uint8Array(Math.min(most, Math.max(buffer.length * 2, length + chunk.byteLength)))
      larger.set(buffer.subarray(0, length))
      buffer = larger
    }
    buffer.set(chunk, length)
    length += chunk.byteLength
  }
  return buffer.subarray(0, length)
}

/** A body that is not read keeps its connection: it is given up. */
function giveUp(response: Response): void {
  response.body?.cancel().catch(() => undefined)
}
