import { useState } from 'preact/hooks'
import { takeCard } from '../api.ts'
import { useApp } from '../context.ts'
import type { CardTaken, Refused } from '../messages.ts'
import { Problem, Screen } from '../shell.tsx'
import { Scan } from './scan.tsx'
import { TypeCode } from './type-code.tsx'

interface Needs {
  readonly because: Refused | undefined
  readonly onTaken: (taken: CardTaken) => void
  readonly onBack: () => void
}

/** Activation by card: the card is shown at a computer, which then shows what this phone reads. */
export function ByCard({ because, onTaken, onBack }: Needs) {
  const { t } = useApp()
  const [way, setWay] = useState<'how' | 'scan' | 'type'>('how')
  const taking = { take: takeCard, onTaken, opening: true }
  const button = (to: 'scan' | 'type', look: string) => (
    <button type="button" class={look} onClick={() => setWay(to)}>
      {t.home[to]}
    </button>
  )
  if (way === 'scan') return <Scan {...taking} other={button('type', 'button secondary')} />
  if (way === 'type') return <TypeCode {...taking} other={button('scan', 'button secondary')} />
  return (
    <Screen title={t.card.title}>
      {because === undefined ? null : (
        <Problem>
          <p>{t.refusals[because]}</p>
        </Problem>
      )}
      <p class="lead">{t.card.lead}</p>
      <ol class="steps">
        <li>
          {t.card.open} <strong>{`${location.host}/activation`}</strong>
        </li>
        {t.card.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div class="actions">
        {button('scan', 'button wide')}
        {button('type', 'button secondary')}
        <button type="button" class="button quiet" onClick={onBack}>
          {t.back}
        </button>
      </div>
    </Screen>
  )
}
