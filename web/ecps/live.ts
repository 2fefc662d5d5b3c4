import { parse } from '../shape.ts'
import type { Phone } from './api.ts'
import { isLiveEvent, type LiveEvent } from './messages.ts'

const POLL_ALONE = 3_000
/** With a socket open: telephones lose sockets without a word, and a request lives 90 seconds. */
const POLL_BESIDE = 15_000
const RETRY_AT_MOST = 30_000
/** `WebSocket.OPEN`, also where a policy took the name `WebSocket` itself away. */
const OPEN = 1

/** `undefined` where the browser may open none. */
function lineWith(ticket: string): WebSocket | undefined {
  try {
    return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ecps/api/live`, ['serment.live', ticket])
  } catch {
    return undefined
  }
}

/**
 * Keeps the list of requests fresh while the app is seen: over a WebSocket, and by asking when there is none. The
 * first thing it does, and the first thing on every return to sight, is to ask. Returns how to stop.
 */
export function stayInTouch(phone: Phone, onEvent: (type: LiveEvent['type']) => void): () => void {
  let stopped = false
  let socket: WebSocket | undefined
  let opening = false
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  const seen = () => !stopped && document.visibilityState === 'visible'
  const open = () => socket?.readyState === OPEN

  function ask(): void {
    asked = Date.now()
    onEvent('requests-changed')
  }

  function retryLater(): void {
    socket = undefined
    clearTimeout(retry)
    if (!seen()) return
    const wait = Math.min(1_000 * 2 ** failures, RETRY_AT_MOST) * (0.75 + Math.random() / 2)
    failures += 1
    retry = setTimeout(connect, wait)
  }

  async function connect(): Promise<void> {
    if (!seen() || opening || socket !== undefined) return
    opening = true
    const answer = await phone.live()
    opening = false
    if (!seen() || 'refused' in answer) return retryLater()
    const made = lineWith(answer.value.ticket)
    if (made === undefined) return retryLater()
    socket = made
    made.addEventListener('open', () => {
      failures = 0
      ask()
    })
    made.addEventListener('message', (event) => {
      const message = parse(String(event.data), isLiveEvent)
      if (message !== undefined && !stopped) onEvent(message.type)
    })
    made.addEventListener('close', () => {
      if (socket === made) retryLater()
    })
  }

  function onSight(): void {
    if (!seen()) return
    ask()
    failures = 0
    if (!open()) void connect()
  }

  const timer = setInterval(() => {
    if (seen() && Date.now() - asked >= (open() ? POLL_BESIDE : POLL_ALONE)) ask()
  }, 1_000)
  document.addEventListener('visibilitychange', onSight)
  addEventListener('pageshow', onSight)
  addEventListener('online', onSight)
  onSight()

  return () => {
    stopped = true
    clearInterval(timer)
    clearTimeout(retry)
    socket?.close()
    document.removeEventListener('visibilitychange', onSight)
    removeEventListener('pageshow', onSight)
    removeEventListener('online', onSight)
  }
}
