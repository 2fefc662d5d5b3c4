import { useApp } from '../context.ts'
import type { Refused } from '../messages.ts'
import { Problem, Screen } from '../shell.tsx'

/** The server no longer accepts this phone: why, what still works, and the way back. */
export function Ended({ because, onAgain }: { because: Refused; onAgain: () => void }) {
  const { t } = useApp()
  return (
    <Screen title={t.ended.title}>
      <Problem>
        <p>{t.refusals[because]}</p>
      </Problem>
      {because === 'suspended' ? null : (
        <>
          <p>{t.ended.lead}</p>
          <div class="actions">
            <button type="button" class="button" onClick={onAgain}>
              {t.ended.again}
            </button>
          </div>
        </>
      )}
    </Screen>
  )
}
