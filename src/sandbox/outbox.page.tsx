import { Page, type PageProps } from '../http/page.tsx'
import type { Instant } from '../kernel/instant.ts'
import type { OutboxEntry } from './outbox.ts'
import { words } from './words.ts'

export interface OutboxPageProps extends Pick<PageProps, 'language' | 'product' | 'nonce'> {
  readonly entries: readonly OutboxEntry[]
}

/** What would have been sent. */
export function OutboxPage({ entries, ...page }: OutboxPageProps) {
  const { outbox: text, back, asJson } = words[page.language]
  return (
    <Page {...page} title={text.title} path="/sandbox/outbox">
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {entries.length === 0 ? <p class="notice">{text.empty}</p> : null}
      <ul class="cards">
        {entries.map(({ at, message }) => (
          <li>
            <p class="quiet">
              {message.channel === 'email' ? text.email : text.sms} {text.to} {message.to}
              <br />
              <time datetime={iso(at)}>{readable(at)}</time>
            </p>
            {message.subject === '' ? null : (
              <p lang={message.language}>
                <strong>{message.subject}</strong>
              </p>
            )}
            {message.body
              .split('\n')
              .map((line) => (line === '' ? null : <p lang={message.language}>{line}</p>))}
          </li>
        ))}
      </ul>
      <p class="quiet">{text.refreshed}</p>
      <p>
        <a href="/sandbox">{back}</a> · <a href="/sandbox/outbox?format=json">{asJson}</a>
      </p>
    </Page>
  )
}

const iso = (at: Instant): string => new Date(at * 1000).toISOString()
const readable = (at: Instant): string => `${iso(at).slice(0, 19).replace('T', ' ')} UTC`
