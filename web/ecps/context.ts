import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useState } from 'preact/hooks'
import type { Language } from './language.ts'
import type { Refused } from './messages.ts'
import { type Words, words } from './words.ts'

export interface AppState {
  readonly t: Words
  readonly language: Language
  readonly online: boolean
  readonly go: (path: string) => void
  /** Whether a refusal ends this phone's e-CPS; the app then shows it instead of the screen. */
  readonly heed: (refused: Refused) => boolean
}

export const AppContext = createContext<AppState>({
  t: words.fr,
  language: 'fr',
  online: true,
  go: () => {},
  heed: () => false,
})

export const useApp = (): AppState => useContext(AppContext)

const SCREENS = [
  'home',
  'request',
  'scan',
  'code',
  'devices',
  'sign-ins',
  'sign-out',
  'help',
  'account',
  'user-code',
] as const

/** Where the app is: the fragment of its address, so that going back is the phone's own gesture. */
export interface Route {
  readonly name: (typeof SCREENS)[number]
  readonly rest: string
}

export function routeOf(hash: string): Route {
  const [first = '', ...rest] = hash.replace(/^#\/?/, '').split('/')
  return { name: SCREENS.find((name) => name === first) ?? 'home', rest: rest.join('/') }
}

export function useRoute(): [Route, (path: string) => void] {
  const [route, setRoute] = useState(() => routeOf(location.hash))
  useEffect(() => {
    const update = () => setRoute(routeOf(location.hash))
    addEventListener('hashchange', update)
    return () => removeEventListener('hashchange', update)
  }, [])
  const go = useCallback((path: string) => {
    location.hash = `#/${path}`
  }, [])
  return [route, go]
}
