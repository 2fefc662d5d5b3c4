import { useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { useApp } from '../context.ts'
import { Field } from '../field.tsx'
import type { ApprovalRequest } from '../messages.ts'
import { typedCode } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'

/** The eight characters that the mire shows beside its QR code: for a blind user, or a camera that is not to be had. */
export function TypeCode({
  phone,
  onPaired,
}: {
  phone: Phone
  onPaired: (request: ApprovalRequest) => void
}) {
  const { t, heed } = useApp()
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<string | undefined>()
  const [problem, setProblem] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    const typed = typedCode(code)
    setProblem(undefined)
    setWrong(typed === undefined ? t.type.wrong : undefined)
    if (typed === undefined) return
    setBusy(true)
    const answer = await phone.pair({ code: typed })
    setBusy(false)
    if ('value' in answer) return onPaired(answer.value)
    if (!heed(answer.refused)) setProblem(t.refusals[answer.refused])
  }

  return (
    <Screen title={t.type.title} back>
      <form onSubmit={submit} noValidate>
        {problem === undefined ? null : (
          <Problem>
            <p>{problem}</p>
          </Problem>
        )}
        <Field
          id="code"
          label={t.type.label}
          help={t.type.help}
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
      <p class="after">
        <a href="#/scan">{t.home.scan}</a>
      </p>
    </Screen>
  )
}
