import { useState } from 'preact/hooks'
import type { Taking } from '../api.ts'
import { useApp } from '../context.ts'
import { Field } from '../field.tsx'
import { typedCode, typedOpening } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'

/** The characters that a computer shows beside its QR code: for a blind user, or a camera that is not to be had. */
export function TypeCode<T>({ take, onTaken, opening = false, other }: Taking<T>) {
  const { t, heed } = useApp()
  const { help, wrong: wrongly } = opening ? t.card : t.type
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<string | undefined>()
  const [problem, setProblem] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    const typed = opening ? typedOpening(code) : typedCode(code)
    setProblem(undefined)
    setWrong(typed === undefined ? wrongly : undefined)
    if (typed === undefined) return
    setBusy(true)
    const answer = await take({ code: typed })
    setBusy(false)
    if ('value' in answer) return onTaken(answer.value)
    if (opening || !heed(answer.refused)) setProblem(t.refusals[answer.refused])
  }

  return (
    <Screen title={t.type.title} back={!opening}>
      <form onSubmit={submit} noValidate>
        {problem === undefined ? null : (
          <Problem>
            <p>{problem}</p>
          </Problem>
        )}
        <Field
          id="code"
          label={t.type.label}
          help={help}
          problem={wrong}
          value={code}
          onValue={setCode}
          class="typed"
          maxLength={20}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
        />
        <button type="submit" class="button" aria-disabled={busy}>
          {t.type.next}
        </button>
        {busy ? <Working text={t.loading} /> : null}
      </form>
      <p class="after">{other}</p>
    </Screen>
  )
}
