import { FILES, VERSION } from 'virtual:shell'

/*
 * The offline shell. A page is asked of the network first, for three seconds; hashed files come from the cache, which
 * they never leave wrong; /ecps/api/* is never touched. A new version waits for the next start of the app.
 */

/** The parts of the Service Worker API (W3C) used here; its library cannot be loaded beside the DOM's. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetched extends Extendable {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
declare const clients: { claim(): Promise<void> }
declare function skipWaiting(): Promise<void>

const isExtendable = (event: Event): event is Extendable => 'waitUntil' in event
const isFetched = (event: Event): event is Fetched => 'respondWith' in event && 'request' in event

const NAME = `shell-${VERSION}`
const SHELL = '/ecps/'
const NETWORK_TIME = 3_000

async function install(): Promise<void> {
  const cache = await caches.open(NAME)
  await cache.addAll(FILES.map((file) => new Request(file, { cache: 'reload' })))
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== NAME)
  await Promise.all(old.map((name) => caches.delete(name)))
  await clients.claim()
}

async function page(request: Request): Promise<Response> {
  const shell = await caches.match(SHELL)
  const network = fetch(request)
  if (shell === undefined) return network
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(shell), NETWORK_TIME))
  return Promise.race([network, late]).catch(() => shell)
}

async function file(request: Request): Promise<Response> {
  const known = await caches.match(request)
  if (known !== undefined) return known
  const response = await fetch(request)
  if (response.ok && new URL(request.url).pathname.startsWith('/assets/')) {
    const cache = await caches.open(NAME)
    await cache.put(request, response.clone())
  }
  return response
}

addEventListener('install', (event) => {
  if (isExtendable(event)) event.waitUntil(install())
})

addEventListener('activate', (event) => {
  if (isExtendable(event)) event.waitUntil(activate())
})

addEventListener('message', (event) => {
  if (event.data === 'take-over') void skipWaiting()
})

addEventListener('fetch', (event) => {
  if (!isFetched(event)) return
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/ecps/api/')) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (FILES.includes(pathname) || pathname.startsWith('/assets/')) event.respondWith(file(request))
})
