import { useApp } from '../context.ts'
import type { Decided, Refused, ShownContext } from '../messages.ts'
import { Screen } from '../shell.tsx'
import { placeName } from '../wording.ts'

/** Decided, or why it could not be. */
export type Ending = Decided['outcome'] | Refused

/** How a request ended, what that means, and what to do if it was not you. */
export function Result({ ending, context }: { ending: Ending; context: ShownContext | undefined }) {
  const { t, language } = useApp()
  const { title, lead } = useSaid(ending, context?.askedBy === 'service')
  const good = ending === 'approved'
  const refused = ending === 'denied' || ending === 'wrong-code'
  const place = context === undefined ? '' : placeName(context.place, language)
  return (
    <Screen title={title} outcome={good ? 'good' : refused ? 'shut' : 'over'}>
      {context === undefined ? null : (
        <p class="lead">{place === '' ? context.service : `${context.service} · ${place}`}</p>
      )}
      <p>{lead}</p>
      {good || refused || ending === 'already-decided' ? null : <p class="quiet">{t.result.caution}</p>}
      <div class="actions">
        <a class="button" href="#/">
          {t.result.home}
        </a>
        {good ? (
          <a class="button refusal" href="#/sign-out/not-me">
            {t.result.notMe}
          </a>
        ) : null}
      </div>
      <p class="after">
        <a href="#/sign-ins">{t.signIns.title}</a>
        {good || refused ? null : <a href="#/help">{t.help.link}</a>}
      </p>
    </Screen>
  )
}

function useSaid(ending: Ending, byService: boolean): { title: string; lead: string } {
  const { t } = useApp()
  switch (ending) {
    case 'approved':
      return { title: t.result.approved, lead: byService ? t.result.approvedService : t.result.approvedLead }
    case 'wrong-code':
      return { title: t.result.wrong, lead: byService ? t.result.wrongService : t.result.wrongLead }
    case 'denied':
      return { title: t.result.denied, lead: t.result.deniedLead }
    case 'request-expired':
      return { title: t.result.expired, lead: t.result.again }
    case 'request-gone':
      return { title: t.result.gone, lead: t.result.again }
    case 'two-at-once':
      return { title: t.result.twice, lead: `${t.refusals['two-at-once']} ${t.result.again}` }
    case 'already-decided':
      return { title: t.result.already, lead: t.refusals['already-decided'] }
    default:
      return { title: t.result.problem, lead: t.refusals[ending] }
  }
}
