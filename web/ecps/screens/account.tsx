import { useApp } from '../context.ts'
import type { Me } from '../messages.ts'
import { Screen } from '../shell.tsx'
import { day } from '../wording.ts'

/** Who this phone speaks for, until when, and what it keeps. */
export function Account({ me }: { me: Me }) {
  const { t, language } = useApp()
  return (
    <Screen title={t.account.title} back>
      <dl class="facts">
        <dt>{t.account.name}</dt>
        <dd>{me.displayName}</dd>
        <dt>{t.account.id}</dt>
        <dd>{me.nationalId}</dd>
        <dt>{t.account.device}</dt>
        <dd>{me.device.name}</dd>
        <dt>{t.account.until}</dt>
        <dd>{day(me.device.expiresAt, language)}</dd>
        <dt>{t.userCode.short}</dt>
        <dd>{me.userCode === true ? t.userCode.some : t.userCode.none}</dd>
      </dl>
      <div class="actions">
        <a class="button secondary" href="#/user-code">
          {me.userCode === true ? t.userCode.change : t.userCode.choose}
        </a>
      </div>
      <h2>{t.account.kept}</h2>
      <p>{t.account.keptLead}</p>
      <div class="actions">
        <a class="button secondary" href="#/devices">
          {t.devices.title}
        </a>
      </div>
    </Screen>
  )
}
