import { parse } from '../shape.ts'
import { isLoginState, type LoginState } from './messages.ts'

const POLL_EVERY = 2_000
/** `WebSocket.OPEN`, also where a policy took the name `WebSocket` itself away. */
const OPEN = 1
/** A login lasts ten minutes; a page left open does not ask for ever. */
const GIVE_UP_AFTER = 11 * 60_000

const GONE: LoginState = { status: 'gone', disclose: false, next: '' }

/** Whether the server can be reached and still knows this login. */
export async function answers(path: string): Promise<boolean> {
  try {
    return (await fetch(`${path}/state`)).ok
  } catch {
    return false
  }
}

/**
 * Follows a login until told to stop: by WebSocket, and by asking every two seconds (while the page is seen) where
 * none speaks: there are proxies that take the connection and let nothing through. A page that comes back to sight
 * asks at once, because telephones and browsers freeze timers.
 */
export function follow(
  path: string,
  onState: (state: LoginState) => void,
  onSilence: () => void,
): () => void {
  const started = Date.now()
  let stopped = false
  let socket: WebSocket | undefined
  let heard = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = (state: LoginState | undefined) => {
    if (!stopped && state !== undefined) onState(state)
  }

  async function poll(): Promise<void> {
    try {
      const response = await fetch(`${path}/state`)
      const body: unknown = await response.json().catch(() => undefined)
      if (isLoginState(body)) tell(body)
      else if (response.status === 404 || response.status === 410) tell(GONE)
    } catch {
      if (!stopped) onSilence()
    }
  }

  function pollSoon(): void {
    clearTimeout(timer)
    if (stopped || Date.now() - started > GIVE_UP_AFTER) return
    timer = setTimeout(async () => {
      const told = heard && socket?.readyState === OPEN
      if (!told && document.visibilityState === 'visible') await poll()
      pollSoon()
    }, POLL_EVERY)
  }

  function listen(): void {
    heard = false
    try {
      socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${path}/live`)
      socket.addEventListener('message', (event) => {
        heard = true
        tell(parse(String(event.data), isLoginState))
      })
    } catch {
      socket = undefined
    }
  }

  const onSight = () => {
    if (stopped || document.visibilityState !== 'visible') return
    if (socket === undefined || socket.readyState > OPEN) listen()
    void poll()
  }

  document.addEventListener('visibilitychange', onSight)
  addEventListener('pageshow', onSight)
  listen()
  pollSoon()

  return () => {
    stopped = true
    clearTimeout(timer)
    socket?.close()
    document.removeEventListener('visibilitychange', onSight)
    removeEventListener('pageshow', onSight)
  }
}
