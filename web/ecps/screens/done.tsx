import { useState } from 'preact/hooks'
import { useApp } from '../context.ts'
import { installOffer } from '../install.ts'
import { Screen } from '../shell.tsx'

/** Activated: what to do next time, and the one piece of advice that matters before a phone is lost. */
export function Done({ onNext }: { onNext: () => void }) {
  const { t } = useApp()
  const [offer, setOffer] = useState(installOffer)
  return (
    <Screen title={t.done.title} outcome="good">
      <p>{t.done.lead}</p>
      <p class="notice">{t.done.advice}</p>
      <div class="actions">
        <button type="button" class="button" onClick={onNext}>
          {t.done.next}
        </button>
        {offer === undefined ? null : (
          <button
            type="button"
            class="button secondary"
            onClick={async () => {
              await offer()
              setOffer(undefined)
            }}
          >
            {t.done.install}
          </button>
        )}
      </div>
    </Screen>
  )
}
