import { useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { useApp } from '../context.ts'
import { Problem, Screen, Working } from '../shell.tsx'

/** Ends every session, after saying what that touches. Also where "it wasn't me" leads. */
export function SignOut({ phone, notMe }: { phone: Phone; notMe: boolean }) {
  const { t, heed } = useApp()
  const [ended, setEnded] = useState<number | undefined>()
  const [problem, setProblem] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)

  async function signOut(): Promise<void> {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    const answer = await phone.signOutEverywhere()
    setBusy(false)
    if ('value' in answer) setEnded(answer.value.ended)
    else if (!heed(answer.refused)) setProblem(t.refusals[answer.refused])
  }

  if (ended !== undefined) {
    return (
      <Screen key="done" title={t.signOut.doneTitle} outcome="good">
        <p role="status">{t.signOut.done(ended)}</p>
        <div class="actions">
          <a class="button" href="#/">
            {t.result.home}
          </a>
          <a class="button secondary" href="#/devices">
            {t.devices.title}
          </a>
        </div>
      </Screen>
    )
  }
  return (
    <Screen key="asking" title={t.signOut.title} back>
      {notMe ? <p class="notice caution">{t.signOut.notMe}</p> : null}
      <p>{t.signOut.lead}</p>
      {problem === undefined ? null : (
        <Problem>
          <p>{problem}</p>
        </Problem>
      )}
      <div class="actions">
        <button type="button" class="button refusal" aria-disabled={busy} onClick={signOut}>
          {t.signOut.confirm}
        </button>
        <a class="button secondary" href="#/">
          {t.cancel}
        </a>
      </div>
      {busy ? <Working text={t.loading} /> : null}
    </Screen>
  )
}
