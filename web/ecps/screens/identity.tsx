import { useState } from 'preact/hooks'
import { beginActivation } from '../api.ts'
import { useApp } from '../context.ts'
import { Field } from '../field.tsx'
import type { Refused } from '../messages.ts'
import { typedNationalId } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'
import type { Pending } from '../vault.ts'

interface Needs {
  readonly because: Refused | undefined
  readonly onBegun: (begun: Pending, nationalId: string) => void
}

export function Identity({ because, onBegun }: Needs) {
  const { t } = useApp()
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState<string | undefined>()
  const [refused, setRefused] = useState<Refused | undefined>(because)
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    const nationalId = typedNationalId(typed)
    setRefused(undefined)
    setWrong(nationalId === undefined ? t.identity.wrong : undefined)
    if (nationalId === undefined) return
    setBusy(true)
    const answer = await beginActivation(nationalId)
    setBusy(false)
    if ('refused' in answer) return setRefused(answer.refused)
    const { activation, expiresIn } = answer.value
    onBegun(
      { activation, until: Date.now() + expiresIn * 1000, registration: undefined, displayName: undefined },
      nationalId,
    )
  }

  return (
    <Screen title={t.identity.title}>
      <form onSubmit={submit} noValidate>
        {refused === undefined ? null : (
          <Problem>
            <p>{t.refusals[refused]}</p>
          </Problem>
        )}
        <Field
          id="national-id"
          label={t.identity.label}
          help={t.identity.help}
          problem={wrong}
          value={typed}
          onValue={setTyped}
          maxLength={64}
          autocomplete="username"
          spellcheck={false}
        />
        <button type="submit" class="button wide" aria-disabled={busy}>
          {t.identity.next}
        </button>
        {busy ? <Working text={t.loading} /> : null}
      </form>
    </Screen>
  )
}
