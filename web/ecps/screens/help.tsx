import { useState } from 'preact/hooks'
import { useApp } from '../context.ts'
import { Screen } from '../shell.tsx'

/** "My passkey does not work" always leads to another way, and at the end to a new start. */
export function Help({ onAgain }: { onAgain: () => void }) {
  const { t } = useApp()
  const [asking, setAsking] = useState(false)
  return (
    <Screen title={t.help.title} back>
      <p>{t.help.lead}</p>
      <ol class="steps">
        {t.help.ways.map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ol>
      {asking ? (
        <div class="notice caution" role="alert">
          <p>{t.help.againLead}</p>
          <div class="actions">
            <button type="button" class="button refusal" onClick={onAgain}>
              {t.help.sure}
            </button>
            <button type="button" class="button secondary" onClick={() => setAsking(false)}>
              {t.cancel}
            </button>
          </div>
        </div>
      ) : (
        <div class="actions">
          <button type="button" class="button secondary" onClick={() => setAsking(true)}>
            {t.help.again}
          </button>
        </div>
      )}
    </Screen>
  )
}
