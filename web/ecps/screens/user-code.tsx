import { useEffect, useRef, useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { useApp } from '../context.ts'
import { Field } from '../field.tsx'
import { typedUserCode } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'

interface Needs {
  readonly phone: Phone
  readonly has: boolean
  readonly onChanged: (has: boolean) => void
}

/**
 * The code that a service gives beside the number of whom it asks for (CIBA Core 1.0 §7.1 `user_code`). It is shown as
 * it is typed: it is there to be told to services, and a code that was mistyped unseen would only lock them out.
 */
export function UserCode({ phone, has, onChanged }: Needs) {
  const { t, heed } = useApp()
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<string | undefined>()
  const [problem, setProblem] = useState<string | undefined>()
  const [said, setSaid] = useState('')
  const [busy, setBusy] = useState(false)
  const done = useRef<HTMLParagraphElement>(null)

  // The button that removes goes with the code; the news takes its place.
  useEffect(() => {
    if (said !== '') done.current?.focus()
  }, [said])

  async function change(to: string | null): Promise<void> {
    if (busy) return
    setBusy(true)
    setWrong(undefined)
    setProblem(undefined)
    setSaid('')
    const answer = await phone.setUserCode(to)
    setBusy(false)
    if ('refused' in answer) {
      if (!heed(answer.refused)) setProblem(t.refusals[answer.refused])
      return
    }
    setCode('')
    setSaid(answer.value.userCode ? t.userCode.saved : t.userCode.removed)
    onChanged(answer.value.userCode)
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    const typed = typedUserCode(code)
    if (typed !== undefined) return void change(typed)
    setSaid('')
    setProblem(undefined)
    setWrong(t.userCode.wrong)
  }

  return (
    <Screen title={t.userCode.title} back>
      <p>{t.userCode.lead}</p>
      <p ref={done} tabIndex={-1} role="status" class={said === '' ? 'visually-hidden' : 'notice'}>
        {said}
      </p>
      <form onSubmit={submit} noValidate>
        {problem === undefined ? null : (
          <Problem>
            <p>{problem}</p>
          </Problem>
        )}
        <Field
          id="user-code"
          label={t.userCode.label}
          help={t.userCode.help}
          problem={wrong}
          value={code}
          onValue={setCode}
          class="typed"
          maxLength={20}
          inputMode="numeric"
          autocomplete="off"
        />
        <div class="actions">
          <button type="submit" class="button" aria-disabled={busy}>
            {t.userCode.save}
          </button>
          {has ? (
            <button
              type="button"
              class="button secondary"
              aria-disabled={busy}
              onClick={() => void change(null)}
            >
              {t.userCode.remove}
            </button>
          ) : null}
        </div>
        {busy ? <Working text={t.loading} /> : null}
      </form>
    </Screen>
  )
}
