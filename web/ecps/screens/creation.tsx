import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'
import { useState } from 'preact/hooks'
import { finishActivation } from '../api.ts'
import { useApp } from '../context.ts'
import { type DeviceKey, newDeviceKey } from '../device-proof.ts'
import { Field } from '../field.tsx'
import type { Refused } from '../messages.ts'
import { createPasskey } from '../passkey.ts'
import { Problem, Screen, Working } from '../shell.tsx'
import { forgetPending, keep } from '../vault.ts'
import { deviceGuess } from '../wording.ts'

interface Needs {
  readonly activation: string
  readonly registration: PublicKeyCredentialCreationOptionsJSON
  /** Whose e-CPS it becomes, said where a card said it. */
  readonly displayName: string | undefined
  readonly onCreated: () => void
  readonly onOver: (because?: Refused) => void
}

/** The two keys of an e-CPS: the passkey, then the device key that signs the call which enrols both. */
export function Creation({ activation, registration, displayName, onCreated, onOver }: Needs) {
  const { t, language } = useApp()
  const [name, setName] = useState(() => deviceGuess(navigator.userAgent, navigator.maxTouchPoints, language))
  const [problem, setProblem] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)
  /** Made once: an answer lost on the way does not cost a second passkey. */
  const [made, setMade] = useState<{ attestation: RegistrationResponseJSON; key: DeviceKey } | undefined>()

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    const both = made ?? (await makeBoth())
    if (both !== undefined) await enrol(both)
    setBusy(false)
  }

  async function makeBoth(): Promise<{ attestation: RegistrationResponseJSON; key: DeviceKey } | undefined> {
    const created = await createPasskey(registration)
    if ('failed' in created) {
      setProblem(t.passkey[created.failed])
      return undefined
    }
    const both = { attestation: created.attestation, key: await newDeviceKey() }
    setMade(both)
    return both
  }

  async function enrol({
    attestation,
    key,
  }: {
    attestation: RegistrationResponseJSON
    key: DeviceKey
  }): Promise<void> {
    const transports = attestation.response.transports ?? []
    // Kept before it is known to the server: if the answer is lost, opening the app again finds out.
    await keep({ key, transports, me: undefined })
    const answer = await finishActivation(key, activation, attestation, name.trim().slice(0, 60) || 'e-CPS')
    if ('refused' in answer) {
      if (answer.refused === 'activation-expired') return onOver(answer.refused)
      if (answer.refused === 'invalid-passkey') setMade(undefined)
      return setProblem(t.refusals[answer.refused])
    }
    await keep({ key, transports, me: answer.value })
    await forgetPending()
    await navigator.storage?.persist?.().catch(() => false)
    onCreated()
  }

  return (
    <Screen title={t.creation.title}>
      {displayName === undefined ? null : <p class="notice">{t.card.whose(displayName)}</p>}
      <p class="lead">{t.creation.lead}</p>
      <form onSubmit={create} noValidate>
        {problem === undefined ? null : (
          <Problem>
            <p>{problem}</p>
          </Problem>
        )}
        <Field
          id="device-name"
          label={t.creation.name}
          help={t.creation.nameHelp}
          problem={undefined}
          value={name}
          onValue={setName}
          maxLength={60}
          autocomplete="off"
        />
        <button type="submit" class="button wide" aria-disabled={busy}>
          {made === undefined ? t.creation.create : t.retry}
        </button>
        {busy ? <Working text={made === undefined ? t.loading : t.creation.finishing} /> : null}
      </form>
      <details>
        <summary>{t.creation.stuck}</summary>
        <p>{t.passkey['already-here']}</p>
        <p>{t.passkey.unsupported}</p>
        <button type="button" class="button secondary" onClick={() => onOver()}>
          {displayName === undefined ? t.codes.again : t.card.again}
        </button>
      </details>
    </Screen>
  )
}
