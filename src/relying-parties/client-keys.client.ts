import type { JSONWebKeySet } from 'jose'
import type { Clock, Instant } from '../kernel/instant.ts'
import { fetchableJwksUri, publishedJwks } from '../protocol/oauth/client-jwks.ts'
import type { ClientKeySet, ClientKeys } from './client-keys.ts'

/** Seconds: a copy is believed for `FRESH`, and for `STALE` while its place does not answer. */
const FRESH = 300
const STALE = 900
/** Seconds between two fetches that an unknown `kid` asks for, and between two after a failure. */
const PATIENCE = 60
const AFTER_FAILURE = 10
/** Milliseconds for the whole answer, and bytes of it. */
const LONGEST_WAIT = 3_000
const MOST_BYTES = 64 * 1024
/** Sets kept in one isolate; the oldest leaves first. */
const MOST = 200

interface Kept {
  readonly set: ClientKeySet
  /** When `set` was fetched. */
  readonly at: Instant
  /** When somebody last tried. */
  readonly triedAt: Instant
}

export interface ClientKeysNeeds {
  readonly clock: Clock
  /** Keeps work going behind an answer (`waitUntil`). It must not throw. */
  readonly defer: (work: Promise<unknown>) => void
  /** The network. It must lead to public addresses only (`global_fetch_strictly_public`). */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * The keys of relying parties, fetched where they are published. What a stranger registered decides where we go: https,
 * port 443, a public name, no redirect, three seconds, 64 kB, no more often than above. Callers that come meanwhile
 * wait for the same answer.
 */
export function fetchedClientKeys({ clock, defer, fetch }: ClientKeysNeeds): ClientKeys {
  const kept = new Map<string, Kept>()
  const underway = new Map<string, Promise<ClientKeySet>>()

  const load = async (uri: string): Promise<ClientKeySet> => {
    const set = await fetchSet(fetch, uri)
    const now = clock()
    const before = kept.get(uri)
    const old = before !== undefined && 'jwks' in before.set && now - before.at < STALE ? before : undefined
    const entry: Kept =
      'jwks' in set || old === undefined ? { set, at: now, triedAt: now } : { ...old, triedAt: now }
    kept.delete(uri)
    kept.set(uri, entry)
    const oldest = kept.keys().next()
    if (kept.size > MOST && !oldest.done) kept.delete(oldest.value)
    underway.delete(uri)
    return entry.set
  }

  return {
    async of({ metadata }, kid) {
      if (metadata.jwks !== undefined) return { jwks: metadata.jwks as JSONWebKeySet }
      const uri = metadata.jwks_uri
      if (uri === undefined) return { unavailable: 'no keys registered' }
      const now = clock()
      const entry = kept.get(uri)
      if (entry !== undefined && !isDue(entry, kid, now)) return entry.set
      const waiting = underway.get(uri)
      if (waiting !== undefined) return waiting
      const loading = load(uri)
      underway.set(uri, loading)
      // Others wait on this request's fetch: it must end even if this request's client goes away.
      defer(loading)
      return loading
    },
  }
}

function isDue({ set, at, triedAt }: Kept, kid: string | undefined, now: Instant): boolean {
  if (!('jwks' in set)) return now - triedAt >= AFTER_FAILURE
  if (now - at >= FRESH) return now - triedAt >= AFTER_FAILURE
  const unknown = kid !== undefined && !set.jwks.keys.some((key) => key.kid === kid)
  return unknown && now - triedAt >= PATIENCE
}

async function fetchSet(fetch: ClientKeysNeeds['fetch'], uri: string): Promise<ClientKeySet> {
  try {
    const response = await fetch(fetchableJwksUri(uri), {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST_WAIT),
    })
    if (response.status !== 200) {
      defuse(response)
      return { unavailable: `jwks_uri answered ${response.status}` }
    }
    const text = await bounded(response)
    if (text === undefined) return { unavailable: 'jwks_uri answered too much' }
    const jwks = publishedJwks(JSON.parse(text))
    return jwks === undefined ? { unavailable: 'jwks_uri is no key set' } : { jwks: jwks as JSONWebKeySet }
  } catch (error) {
    return { unavailable: `jwks_uri: ${error instanceof Error ? error.name : 'failed'}` }
  }
}

/** The body as text, `undefined` once it is longer than `MOST_BYTES`; the rest is not read. */
async function bounded(response: Response): Promise<string | undefined> {
  if (Number(response.headers.get('content-length') ?? 0) > MOST_BYTES) {
    defuse(response)
    return undefined
  }
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** A body that is not read keeps its connection: it is given up. */
function defuse(response: Response): void {
  response.body?.cancel().catch(() => undefined)
}
