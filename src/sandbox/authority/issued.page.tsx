import { Page, type PageProps } from '../../http/page.tsx'
import type { Instant } from '../../kernel/instant.ts'
import type { HandedOut } from './authority.ts'
import { type CardWords, words } from './words.ts'

export interface IssuedPageProps extends Pick<PageProps, 'language' | 'product' | 'nonce'> {
  readonly cards: readonly HandedOut[]
  readonly now: Instant
}

/** Everything that was handed out, with a button that revokes. */
export function IssuedPage({ cards, now, ...page }: IssuedPageProps) {
  const { revoke: text } = words[page.language]
  return (
    <Page {...page} title={text.title} path="/sandbox/cards/issued">
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {cards.length === 0 ? <p class="notice">{text.empty}</p> : <h2>{text.all}</h2>}
      <ul class="cards">
        {cards.map((card) => (
          <li>
            <h3>{card.label}</h3>
            <p>{stateOf(card, now, text)}</p>
            <p class="quiet">
              {text.handedOut} {minute(card.issuedAt)} · {card.authority}
              <br />
              {text.number} <code>{card.serial}</code>
            </p>
            {card.revokedAt === undefined ? (
              <form method="post" action="/sandbox/authority/revoke">
                <input type="hidden" name="serial" value={card.serial} />
                <button class="button secondary" type="submit" aria-label={text.declareFor(card.label)}>
                  {text.declare}
                </button>
              </form>
            ) : null}
          </li>
        ))}
      </ul>
      <p>
        <a href="/sandbox/cards">{text.back}</a>
      </p>
    </Page>
  )
}

function stateOf({ revokedAt, notAfter }: HandedOut, now: Instant, text: CardWords['revoke']): string {
  if (revokedAt !== undefined) return text.revoked(minute(revokedAt))
  return notAfter < now ? text.expired(day(notAfter)) : text.until(day(notAfter))
}

const day = (at: Instant): string => new Date(at * 1000).toISOString().slice(0, 10)
const minute = (at: Instant): string =>
  `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
