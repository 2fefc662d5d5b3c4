import { Page, type PageProps } from '../http/page.tsx'
import type { Language } from '../kernel/language.ts'
import { PROFESSIONS } from '../rpps/code-systems.ts'
import { cardTypeOf } from './authority/cards.ts'
import type { RosterEntry, Specials } from './roster.ts'
import { words } from './words.ts'

export interface PeoplePageProps extends Pick<PageProps, 'language' | 'product' | 'nonce'> {
  readonly people: readonly RosterEntry[]
  readonly search: string
  readonly specials: Specials
}

/** Whom one can be here. */
export function PeoplePage({ people, search, specials, ...page }: PeoplePageProps) {
  const { people: text, start, back, asJson } = words[page.language]
  return (
    <Page
      {...page}
      title={text.title}
      path={search === '' ? '/sandbox/people' : `/sandbox/people?q=${encodeURIComponent(search)}`}
    >
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <p>
        {text.cardLead} <a href="/sandbox/cards">{start.cards}</a>
      </p>
      <form method="get" action="/sandbox/people">
        <div class="field">
          <label for="q">{text.search}</label>
          <input id="q" name="q" type="search" value={search} autocomplete="off" />
        </div>
        <button class="button secondary" type="submit">
          {text.find}
        </button>
      </form>
      <h2>{text.count(people.length)}</h2>
      {people.length === 0 ? (
        <p>{text.none}</p>
      ) : (
        <ul class="cards">
          {people.map((person) => (
            <PersonCard
              person={person}
              text={text}
              special={specials(person.nationalId)?.[page.language]}
              language={page.language}
            />
          ))}
        </ul>
      )}
      <p>
        <a href="/sandbox">{back}</a> · <a href="/sandbox/people?format=json">{asJson}</a>
      </p>
    </Page>
  )
}

interface PersonCardProps {
  readonly person: RosterEntry
  readonly text: (typeof words)['fr']['people']
  readonly special: string | undefined
  readonly language: Language
}

function PersonCard({ person, text, special, language }: PersonCardProps) {
  return (
    <li>
      <h3>
        {person.givenName} {person.familyName}
      </h3>
      <p>
        <span class="visually-hidden">{text.nationalId} : </span>
        <code>{person.nationalId}</code>
      </p>
      <p>{person.professions.map((code) => PROFESSIONS[code]?.[language] ?? code).join(', ')}</p>
      {special === undefined ? null : <p>{special}</p>}
      {person.contactable ? null : <p>{text.noContact}</p>}
      <p class="quiet">
        {person.status === 'suspended' ? `${text.suspended} · ` : ''}
        {text.ecps} {person.ecps ? text.active : text.inactive}
      </p>
      {cardTypeOf(person.nationalId) === undefined ? null : (
        <form method="post" action="/sandbox/cards">
          <input type="hidden" name="nationalId" value={person.nationalId} />
          <button
            class="button secondary"
            type="submit"
            aria-label={text.cardOf(`${person.givenName} ${person.familyName}`)}
          >
            {text.card}
          </button>
        </form>
      )}
    </li>
  )
}
