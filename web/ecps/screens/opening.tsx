import { useApp } from '../context.ts'
import type { Refused } from '../messages.ts'
import { Problem, Screen, Working } from '../shell.tsx'

export function Opening() {
  const { t } = useApp()
  return (
    <Screen title="e-CPS">
      <Working text={t.loading} />
    </Screen>
  )
}

/** Opened without an answer, and without anything kept to show. */
export function Unreachable({ because, onRetry }: { because: Refused; onRetry: () => void }) {
  const { t } = useApp()
  return (
    <Screen title={t.unreachable.title}>
      <Problem>
        <p>{t.refusals[because]}</p>
      </Problem>
      <p>{t.unreachable.lead}</p>
      <div class="actions">
        <button type="button" class="button" onClick={onRetry}>
          {t.retry}
        </button>
      </div>
    </Screen>
  )
}
