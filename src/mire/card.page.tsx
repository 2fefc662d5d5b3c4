import { Act, MirePage, type MireProps, ServiceHeading } from './mire.page.tsx'
import { words } from './words.ts'

/** Why this page is shown instead of the next one. */
export type CardTrouble = 'silent' | 'spent'

/** How to show a card, and what to do about one that did not answer. */
export function CardPage(props: MireProps & { readonly trouble: CardTrouble | undefined }) {
  const { name, view, language, trouble } = props
  const text = words[language]
  return (
    <MirePage {...props} title={text.cardTitle}>
      <ServiceHeading view={view} language={language} />
      {trouble === 'silent' ? (
        <div class="notice refusal" role="alert">
          <h2>{text.cardSilent}</h2>
          <ul>
            {text.cardSilentThen.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {trouble === 'spent' ? (
        <div class="notice caution" role="alert">
          <p>{text.cardSpent}</p>
        </div>
      ) : null}
      <h2>{text.cardTitle}</h2>
      <ol>
        {text.cardSteps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <div class="actions">
        {/* Without the script's hand: whoever comes here may need to see the browser's own words. */}
        <Act action={`/login/${name}/card`} className="button">
          {text.cardNow}
        </Act>
        <a class="button quiet" href={`/login/${name}`}>
          {text.anotherWay}
        </a>
      </div>
      <p id="status" role="status" class="quiet"></p>
    </MirePage>
  )
}

/** Where cards are not accepted: said, rather than left out. */
export function NoCardPage(props: MireProps) {
  const text = words[props.language]
  return (
    <MirePage {...props} title={text.cardClosedTitle}>
      <h1>{text.cardClosedTitle}</h1>
      <p>{text.cardClosed}</p>
      <p class="notice">{text.cardInstead}</p>
      <p class="actions">
        <a class="button" href={`/login/${props.name}`}>
          {text.back}
        </a>
      </p>
    </MirePage>
  )
}
