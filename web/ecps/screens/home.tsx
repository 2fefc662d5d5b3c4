import { useApp } from '../context.ts'
import { type ApprovalRequest, contextOf, type Me, type ShownContext } from '../messages.ts'
import { Screen, Working } from '../shell.tsx'
import type { Waiting } from '../waiting.ts'
import { clockTime, placeName } from '../wording.ts'

/** What waits for an answer; when nothing does, how to fetch a request from a computer. */
export function Home({ me, waiting }: { me: Me; waiting: Waiting | undefined }) {
  const { t, online } = useApp()
  const requests = waiting?.requests ?? []
  return (
    <Screen title={t.home.title}>
      <p class="lead">{me.displayName}</p>
      {waiting === undefined && online ? <Working text={t.loading} /> : null}
      {waiting !== undefined && requests.length === 0 ? (
        <div class="calm">
          <p class="calm-title">{t.home.none}</p>
          <p class="quiet">{t.home.noneHelp}</p>
        </div>
      ) : null}
      <ul class="ways" role="status">
        {requests.map((request) => (
          <li key={request.id}>
            <Row request={request} />
          </li>
        ))}
      </ul>
      <div class="pair">
        <a class="button" href="#/scan">
          {t.home.scan}
        </a>
        <a class="button secondary" href="#/code">
          {t.home.type}
        </a>
      </div>
      <nav class="links" aria-label={t.home.more}>
        <a href="#/sign-ins">{t.signIns.title}</a>
        <a href="#/devices">{t.devices.title}</a>
        <a href="#/account">{t.account.title}</a>
        <a href="#/sign-out">{t.signOut.title}</a>
        <a href="#/help">{t.help.link}</a>
      </nav>
    </Screen>
  )
}

function Row({ request }: { request: ApprovalRequest }) {
  const { t, language } = useApp()
  const context = contextOf(request)
  const from = ({ askedBy, place }: ShownContext) =>
    askedBy === 'service' ? t.request.byService : placeName(place, language) || t.request.nowhere
  return (
    <a class="way primary" href={`#/request/${request.id}`}>
      <span>{context === undefined ? t.home.see : t.request.title(context.service)}</span>
      <small>
        {context === undefined
          ? t.home.waiting
          : `${from(context)} · ${clockTime(context.askedAt, language)}`}
      </small>
    </a>
  )
}
