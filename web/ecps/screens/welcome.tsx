import { useApp } from '../context.ts'
import { Screen } from '../shell.tsx'
import { wantsHomeScreen } from '../wording.ts'

/** What the app is for. On an iPhone, installing comes first: the installed app has a storage of its own. */
export function Welcome({ onStart, onCard }: { onStart: () => void; onCard: () => void }) {
  const { t } = useApp()
  const standalone = matchMedia('(display-mode: standalone)').matches
  const install = wantsHomeScreen(navigator.userAgent, navigator.maxTouchPoints, standalone)
  return (
    <Screen title={t.welcome.title}>
      <p class="lead">{t.welcome.lead}</p>
      {install ? (
        <section class="notice">
          <h2>{t.welcome.installTitle}</h2>
          <ol class="steps">
            {t.welcome.install.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p>{t.welcome.installWhy}</p>
        </section>
      ) : (
        <ol class="steps">
          {t.welcome.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      <div class="actions">
        <button type="button" class={install ? 'button secondary' : 'button wide'} onClick={onStart}>
          {install ? t.welcome.anyway : t.welcome.start}
        </button>
        <button type="button" class="button secondary" onClick={onCard}>
          {t.card.start}
        </button>
      </div>
    </Screen>
  )
}
