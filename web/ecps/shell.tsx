import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from './context.ts'

/** Header, one column, and the place where the loss of the network is said. */
export function Shell(props: { onLanguage: () => void; children: ComponentChildren }) {
  const { t, language, online } = useApp()
  const other = language === 'fr' ? 'en' : 'fr'
  return (
    <>
      <header class="masthead">
        <span class="brand">
          <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path
              d="M21.2 6.2A11 11 0 1 0 25.8 10.8"
              fill="none"
              stroke="currentColor"
              stroke-width="3.2"
              stroke-linecap="round"
            />
          </svg>
          {__PRODUCT__} · e-CPS
        </span>
        <button type="button" class="language" lang={other} onClick={props.onLanguage}>
          <span aria-hidden="true">{other.toUpperCase()}</span>
          <span class="visually-hidden">{t.otherLanguage}</span>
        </button>
      </header>
      <div class="banner" role="status">
        {online ? null : <p>{t.offline}</p>}
      </div>
      <main class="page">{props.children}</main>
    </>
  )
}

const OUTCOMES = { good: '✓', shut: '✕', over: '…' } as const

let first = true

/** One screen: one title, which takes the focus when the screen replaces another, and names the window. */
export function Screen(props: {
  title: string
  heading?: ComponentChildren
  /** How something ended, as a drawing above the title that says it. */
  outcome?: keyof typeof OUTCOMES
  back?: boolean
  children: ComponentChildren
}) {
  const { t } = useApp()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${props.title} · ${__PRODUCT__}`
  }, [props.title])
  useEffect(() => {
    if (first) first = false
    else heading.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [])
  return (
    <>
      {props.back === true ? (
        <a class="back" href="#/">
          {t.back}
        </a>
      ) : null}
      {props.outcome === undefined ? null : (
        <div class={`outcome ${props.outcome}`} aria-hidden="true">
          {OUTCOMES[props.outcome]}
        </div>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {props.heading ?? props.title}
      </h1>
      {props.children}
    </>
  )
}

/** What went wrong, said at once. */
export const Problem = ({ children }: { children: ComponentChildren }) => (
  <div class="notice refusal" role="alert">
    {children}
  </div>
)

/** What a lone button click is doing: words that turn up while it works. */
export const Working = ({ text }: { text: string }) => (
  <p class="waiting" role="status">
    {text}
  </p>
)
