import { Page } from '../http/page.tsx'
import type { Language } from '../kernel/language.ts'
import type { CardRefusal } from './refusal.ts'
import { words } from './words.ts'

interface RefusalProps {
  readonly refused: CardRefusal
  readonly language: Language
  readonly product: string
  readonly path: string
  /** This page under the card host's other name. */
  readonly anotherCard: string | undefined
  /** Back to whoever awaits the card. */
  readonly anotherWay: string | undefined
}

/** Where another card would end as this one did. */
const NOT_THE_CARD: readonly CardRefusal[] = ['link-expired', 'unchecked']

/** Why a card opened nothing, and what to do next. */
export function RefusalPage({ refused, language, product, path, anotherCard, anotherWay }: RefusalProps) {
  const text = words[language]
  const { title, happened, todo } = text.refusals[refused]
  const offersCard = !NOT_THE_CARD.includes(refused)
  return (
    <Page title={title} language={language} product={product} nonce={undefined} path={path}>
      <h1>
        <span class="lead">{text.lead}</span>
        {title}
      </h1>
      <p>{happened}</p>
      <p class="notice">{todo}</p>
      <div class="actions">
        {offersCard && anotherCard !== undefined ? (
          <a class="button" href={anotherCard}>
            {refused === 'no-certificate' ? text.again : text.anotherCard}
          </a>
        ) : null}
        {refused !== 'link-expired' && anotherWay !== undefined ? (
          <a class={offersCard && anotherCard !== undefined ? 'button quiet' : 'button'} href={anotherWay}>
            {text.anotherWay}
          </a>
        ) : null}
      </div>
      {offersCard && anotherCard === undefined ? <p class="quiet">{text.closeFirst}</p> : null}
    </Page>
  )
}
