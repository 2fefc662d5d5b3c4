import { useEffect, useRef, useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { Confirm } from '../confirm.tsx'
import { useApp } from '../context.ts'
import type { Device } from '../messages.ts'
import { Problem, Screen, Working } from '../shell.tsx'
import { day } from '../wording.ts'

/** The devices that can approve, and taking that from one. */
export function Devices({ phone, onThisRemoved }: { phone: Phone; onThisRemoved: () => void }) {
  const { t, heed } = useApp()
  const [devices, setDevices] = useState<readonly Device[] | undefined>()
  const [asking, setAsking] = useState<string | undefined>()
  const [problem, setProblem] = useState<string | undefined>()
  const [said, setSaid] = useState('')
  const [busy, setBusy] = useState(false)
  const done = useRef<HTMLParagraphElement>(null)

  // The button that was pressed is gone with its device; the news takes its place.
  useEffect(() => {
    if (said !== '') done.current?.focus()
  }, [said])

  useEffect(() => {
    void phone.devices().then((answer) => {
      if ('value' in answer) setDevices(answer.value.devices)
      else if (!heed(answer.refused)) setProblem(t.refusals[answer.refused])
    })
  }, [phone, heed, t])

  async function remove(device: Device): Promise<void> {
    if (busy) return
    setBusy(true)
    const answer = await phone.revoke(device.id)
    setBusy(false)
    if (device.current && ('value' in answer || answer.refused === 'device-revoked')) return onThisRemoved()
    if ('refused' in answer) {
      if (!heed(answer.refused)) setProblem(t.refusals[answer.refused])
      return
    }
    setProblem(undefined)
    setDevices(answer.value.devices)
    setAsking(undefined)
    setSaid(t.devices.removed)
  }

  return (
    <Screen title={t.devices.title} back>
      <p class="lead">{t.devices.lead}</p>
      {problem === undefined ? null : (
        <Problem>
          <p>{problem}</p>
        </Problem>
      )}
      <p ref={done} tabIndex={-1} role="status" class={said === '' ? 'visually-hidden' : 'notice'}>
        {said}
      </p>
      {devices === undefined && problem === undefined ? <Working text={t.loading} /> : null}
      <ul class="rows">
        {devices?.map((device) => (
          <li key={device.id}>
            <Facts device={device} />
            <button
              type="button"
              class="button secondary"
              aria-expanded={asking === device.id}
              onClick={() => setAsking(asking === device.id ? undefined : device.id)}
            >
              {t.devices.remove}
              <span class="visually-hidden"> {device.name}</span>
            </button>
            {asking === device.id ? (
              <Confirm
                yes={t.devices.confirm}
                no={t.devices.keep}
                busy={busy}
                onYes={() => remove(device)}
                onNo={() => setAsking(undefined)}
              >
                <p>{t.devices.sure(device.name)}</p>
                {device.current ? <p>{t.devices.sureHere}</p> : null}
              </Confirm>
            ) : null}
          </li>
        ))}
      </ul>
    </Screen>
  )
}

function Facts({ device }: { device: Device }) {
  const { t, language } = useApp()
  return (
    <>
      <h2>
        {device.name}
        {device.current ? <span class="tag">{t.devices.current}</span> : null}
      </h2>
      <p class="quiet">
        {device.passkeyKind === 'synced' ? t.devices.synced : t.devices.bound}
        <br />
        {t.devices.since(day(device.createdAt, language), device.activationMode)}
        <br />
        {device.lastUsedAt === null ? t.devices.never : t.devices.used(day(device.lastUsedAt, language))}
        <br />
        {t.devices.until(day(device.expiresAt, language))}
      </p>
    </>
  )
}
