import { Act, MirePage, type MireProps } from './mire.page.tsx'
import { sharedData, words } from './words.ts'

const List = ({ view, language }: Pick<MireProps, 'view' | 'language'>) => (
  <ul>
    {sharedData(view.scope, language).map((line) => (
      <li>{line}</li>
    ))}
  </ul>
)

/** What the service gets, for whoever asks before choosing. */
export const Shared = ({ view, language }: Pick<MireProps, 'view' | 'language'>) => (
  <details class="shared">
    <summary>{words[language].shared}</summary>
    <List view={view} language={language} />
    <p class="quiet">{words[language].nothingElse}</p>
  </details>
)

const Disclosure = ({ name, view, language }: Pick<MireProps, 'name' | 'view' | 'language'>) => {
  const text = words[language]
  return (
    <>
      <p>{text.disclosureLead}</p>
      <List view={view} language={language} />
      <p class="quiet">{text.nothingElse}</p>
      <p class="quiet">{text.disclosureOnce}</p>
      <div class="actions">
        <Act action={`/login/${name}/acknowledge`} className="button">
          {text.goOn}
        </Act>
        <Act action={`/login/${name}/cancel`} className="button quiet">
          {text.decline}
        </Act>
      </div>
    </>
  )
}

/** Waiting in the page of the ways: the script shows it when a passkey has answered, without another round trip. */
export const HiddenDisclosure = (props: Pick<MireProps, 'name' | 'view' | 'language'>) => (
  <section id="disclosure" hidden>
    <h2>{words[props.language].disclosureTitle(props.view.clientName)}</h2>
    <Disclosure {...props} />
  </section>
)

/** The first sign-in to a service: what it gets, before it gets it. */
export function DisclosurePage(props: MireProps) {
  const title = words[props.language].disclosureTitle(props.view.clientName)
  return (
    <MirePage {...props} title={title}>
      <h1>{title}</h1>
      <Disclosure name={props.name} view={props.view} language={props.language} />
    </MirePage>
  )
}
