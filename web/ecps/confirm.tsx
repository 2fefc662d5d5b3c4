import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface Needs {
  /** What will happen, and to whom. */
  readonly children: ComponentChildren
  readonly yes: string
  readonly no: string
  readonly busy?: boolean
  readonly onYes: () => void
  readonly onNo: () => void
}

/** Asks again before something is taken away. It takes the focus, and gives it back to what was there before. */
export function Confirm({ children, yes, no, busy = false, onYes, onNo }: Needs) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    box.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <div class="notice caution" role="alert" tabIndex={-1} ref={box}>
      {children}
      <div class="actions">
        <button type="button" class="button refusal" aria-disabled={busy} onClick={onYes}>
          {yes}
        </button>
        <button type="button" class="button secondary" onClick={onNo}>
          {no}
        </button>
      </div>
    </div>
  )
}
