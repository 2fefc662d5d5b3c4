import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Phone, phone as phoneOf } from './api.ts'
import { AppContext, type Route, useRoute } from './context.ts'
import { type Language, languageOf } from './language.ts'
import { stayInTouch } from './live.ts'
import type { ApprovalRequest, Me, Refused } from './messages.ts'
import { Account } from './screens/account.tsx'
import { Activation } from './screens/activation.tsx'
import { Devices } from './screens/devices.tsx'
import { Ended } from './screens/ended.tsx'
import { Help } from './screens/help.tsx'
import { Home } from './screens/home.tsx'
import { Opening, Unreachable } from './screens/opening.tsx'
import { Request } from './screens/request.tsx'
import { Scan } from './screens/scan.tsx'
import { SignIns } from './screens/sign-ins.tsx'
import { SignOut } from './screens/sign-out.tsx'
import { TypeCode } from './screens/type-code.tsx'
import { UserCode } from './screens/user-code.tsx'
import { Shell } from './shell.tsx'
import { forgetAll, type Kept, keep, kept } from './vault.ts'
import type { Waiting } from './waiting.ts'
import { words } from './words.ts'

/** What this phone is. `ended` had an e-CPS that the server no longer accepts. */
type Life =
  | { readonly is: 'opening' }
  | { readonly is: 'new' }
  | { readonly is: 'unreachable'; readonly because: Refused }
  | { readonly is: 'ended'; readonly because: Refused }
  | { readonly is: 'active'; readonly me: Me; readonly device: Kept; readonly phone: Phone }

const ENDS: readonly Refused[] = ['unknown-device', 'device-revoked', 'device-expired', 'suspended']

export function App() {
  const [language, setLanguage] = useState<Language>(() =>
    languageOf(localStorage.getItem('language'), navigator.languages),
  )
  const [life, setLife] = useState<Life>({ is: 'opening' })
  const [waiting, setWaiting] = useState<Waiting | undefined>()
  const [signInsChanged, setSignInsChanged] = useState(0)
  const [online, setOnline] = useState(navigator.onLine)
  const [route, go] = useRoute()
  const opened = useRef(new Set<string>())
  const twiceAt = useRef(0)

  const open = useCallback(async (): Promise<void> => {
    const device = await kept()
    if (device === undefined) return setLife({ is: 'new' })
    const phone = phoneOf(device.key)
    const answer = await phone.me()
    if ('value' in answer) {
      await keep({ ...device, me: answer.value })
      return setLife({ is: 'active', me: answer.value, device, phone })
    }
    if (ENDS.includes(answer.refused)) {
      // A key whose activation never ended is not a phone that lost anything.
      return setLife(device.me === undefined ? { is: 'new' } : { is: 'ended', because: answer.refused })
    }
    if (answer.refused === 'offline' && device.me !== undefined) {
      setOnline(false)
      return setLife({ is: 'active', me: device.me, device, phone })
    }
    return setLife({ is: 'unreachable', because: answer.refused })
  }, [])

  useEffect(() => {
    void open()
  }, [open])

  useLayoutEffect(() => {
    document.documentElement.lang = language
  }, [language])

  useEffect(() => {
    const update = () => setOnline(navigator.onLine)
    addEventListener('online', update)
    addEventListener('offline', update)
    return () => {
      removeEventListener('online', update)
      removeEventListener('offline', update)
    }
  }, [])

  /** An answer of the server may say that this phone's time is over: the whole app then says so. */
  const heed = useCallback((refused: Refused): boolean => {
    const over = ENDS.includes(refused)
    if (over) setLife({ is: 'ended', because: refused })
    return over
  }, [])

  const phone = life.is === 'active' ? life.phone : undefined

  useEffect(() => {
    if (phone === undefined) return undefined
    return stayInTouch(phone, async (type) => {
      if (type === 'sign-ins-changed') return setSignInsChanged((count) => count + 1)
      const askedAt = Date.now()
      // The list that tells what is left comes right after.
      if (type === 'two-at-once') {
        twiceAt.current = askedAt
        return
      }
      const answer = await phone.requests()
      setOnline(!('refused' in answer && answer.refused === 'offline'))
      if ('refused' in answer) return void heed(answer.refused)
      setWaiting((before) =>
        before !== undefined && before.askedAt > askedAt
          ? before
          : { requests: answer.value.requests, askedAt, twiceAt: twiceAt.current },
      )
    })
  }, [phone, heed])

  // A request that comes while the list is shown opens by itself, once: its buttons wait half a second.
  useEffect(() => {
    const [only, second] = waiting?.requests ?? []
    if (route.name !== 'home' || only === undefined || second !== undefined || opened.current.has(only.id))
      return
    opened.current.add(only.id)
    go(`request/${only.id}`)
  }, [waiting, route, go])

  const show = useCallback(
    (request: ApprovalRequest) => {
      opened.current.add(request.id)
      setWaiting((before) => ({
        requests: [...(before?.requests ?? []).filter((one) => one.id !== request.id), request],
        askedAt: Date.now(),
        twiceAt: twiceAt.current,
      }))
      go(`request/${request.id}`)
    },
    [go],
  )

  const switchLanguage = () => {
    const other = language === 'fr' ? 'en' : 'fr'
    localStorage.setItem('language', other)
    setLanguage(other)
  }

  const startAgain = useCallback(async () => {
    await forgetAll()
    go('')
    setWaiting(undefined)
    setLife({ is: 'new' })
  }, [go])

  const t = words[language]

  function screen() {
    switch (life.is) {
      case 'opening':
        return <Opening />
      case 'new':
        return <Activation onDone={open} />
      case 'unreachable':
        return <Unreachable because={life.because} onRetry={open} />
      case 'ended':
        return <Ended because={life.because} onAgain={startAgain} />
      case 'active':
        return page(life, route)
    }
  }

  function page({ me, device, phone }: Extract<Life, { is: 'active' }>, { name, rest }: Route) {
    switch (name) {
      case 'request': {
        return <Request key={rest} id={rest} me={me} device={device} phone={phone} waiting={waiting} />
      }
      case 'scan':
        return (
          <Scan
            take={phone.pair}
            onTaken={show}
            other={
              <a class="button secondary" href="#/code">
                {t.home.type}
              </a>
            }
          />
        )
      case 'code':
        return <TypeCode take={phone.pair} onTaken={show} other={<a href="#/scan">{t.home.scan}</a>} />
      case 'devices':
        return (
          <Devices phone={phone} onThisRemoved={() => setLife({ is: 'ended', because: 'device-revoked' })} />
        )
      case 'sign-ins':
        return <SignIns phone={phone} changed={signInsChanged} />
      case 'sign-out':
        return <SignOut phone={phone} notMe={rest === 'not-me'} />
      case 'help':
        return <Help onAgain={startAgain} />
      case 'account':
        return <Account me={me} />
      case 'user-code':
        return (
          <UserCode
            phone={phone}
            has={me.userCode === true}
            onChanged={(userCode) => {
              const changed = { ...me, userCode }
              setLife({ is: 'active', me: changed, device, phone })
              void keep({ ...device, me: changed })
            }}
          />
        )
      default:
        return <Home me={me} waiting={waiting} />
    }
  }

  return (
    <AppContext.Provider value={{ t, language, online, go, heed }}>
      <Shell onLanguage={switchLanguage}>{screen()}</Shell>
    </AppContext.Provider>
  )
}
