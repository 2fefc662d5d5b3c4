import { useState } from 'preact/hooks'
import { Confirm } from '../confirm.tsx'
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
      <div class="actions">
        <button
          type="button"
          class="button secondary"
          aria-expanded={asking}
          onClick={() => setAsking(!asking)}
        >
          {t.help.again}
        </button>
      </div>
      {asking ? (
        <Confirm yes={t.help.sure} no={t.cancel} onYes={onAgain} onNo={() => setAsking(false)}>
          <p>{t.help.againLead}</p>
        </Confirm>
      ) : null}
    </Screen>
  )
}
