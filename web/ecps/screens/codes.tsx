import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useState } from 'preact/hooks'
import { beginActivation, giveCodes } from '../api.ts'
import { useApp } from '../context.ts'
import { Field } from '../field.tsx'
import type { Refused } from '../messages.ts'
import { receivedCode } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'
import type { Pending } from '../vault.ts'

interface Needs {
  readonly pending: Pending
  /** Unknown after the page was pushed out of memory: then new codes start from the number again. */
  readonly nationalId: string | undefined
  readonly onAgain: (begun: Pending) => void
  readonly onAccepted: (registration: PublicKeyCredentialCreationOptionsJSON) => void
  readonly onOver: (because?: Refused) => void
}

const OVER: readonly Refused[] = ['activation-expired', 'too-many-attempts']

export function Codes({ pending, nationalId, onAgain, onAccepted, onOver }: Needs) {
  const { t } = useApp()
  const [email, setEmail] = useState('')
  const [sms, setSms] = useState('')
  const [missing, setMissing] = useState<'email' | 'sms' | undefined>()
  const [problem, setProblem] = useState<string | undefined>()
  const [said, setSaid] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    const emailCode = receivedCode(email)
    const smsCode = receivedCode(sms)
    setProblem(undefined)
    setSaid('')
    setMissing(emailCode === '' ? 'email' : smsCode === '' ? 'sms' : undefined)
    if (emailCode === '' || smsCode === '') return
    setBusy(true)
    const answer = await giveCodes(pending.activation, emailCode, smsCode)
    setBusy(false)
    if ('value' in answer) return onAccepted(answer.value.registration)
    if (OVER.includes(answer.refused)) return onOver(answer.refused)
    const left = answer.attemptsLeft === undefined ? '' : ` ${t.codes.left(answer.attemptsLeft)}`
    setProblem(`${t.refusals[answer.refused]}${left}`)
  }

  async function again(): Promise<void> {
    if (nationalId === undefined) return onOver()
    setBusy(true)
    const answer = await beginActivation(nationalId)
    setBusy(false)
    if ('refused' in answer) return setProblem(t.refusals[answer.refused])
    const { activation, expiresIn } = answer.value
    setProblem(undefined)
    setEmail('')
    setSms('')
    setSaid(t.codes.sentAgain)
    onAgain({
      activation,
      until: Date.now() + expiresIn * 1000,
      registration: undefined,
      displayName: undefined,
    })
  }

  const code = { maxLength: 20, inputMode: 'numeric', autocomplete: 'one-time-code', class: 'typed' } as const
  return (
    <Screen title={t.codes.title}>
      <p>{t.codes.lead}</p>
      <p role="status" class={said === '' ? 'visually-hidden' : 'notice'}>
        {said}
      </p>
      <form onSubmit={submit} noValidate>
        {problem === undefined ? null : (
          <Problem>
            <p>{problem}</p>
          </Problem>
        )}
        <Field
          {...code}
          id="email-code"
          label={t.codes.email}
          problem={missing === 'email' ? t.codes.missing : undefined}
          value={email}
          onValue={setEmail}
        />
        <Field
          {...code}
          id="sms-code"
          label={t.codes.sms}
          problem={missing === 'sms' ? t.codes.missing : undefined}
          value={sms}
          onValue={setSms}
        />
        <button type="submit" class="button wide" aria-disabled={busy}>
          {t.codes.next}
        </button>
        {busy ? <Working text={t.loading} /> : null}
      </form>
      <details>
        <summary>{t.codes.nothing}</summary>
        <p>{t.codes.nothingHelp}</p>
        <button type="button" class="button secondary" onClick={again}>
          {t.codes.again}
        </button>
      </details>
    </Screen>
  )
}
