import { CONFIRM, NONE } from '../ecps/approval.ts'
import { Page } from '../http/page.tsx'
import type { Language } from '../kernel/language.ts'
import type { WaitingRequest } from './answer.ts'
import { type End, words } from './words.ts'

/** What every one of these pages is made from. None has a script. */
export interface RequestsProps {
  readonly language: Language
  readonly product: string
  readonly nonce: string | undefined
  /** Path of this page without `lang`; left out after a POST. */
  readonly path?: string
}

/** What is about to happen, and the button that asks for the card. */
export function StartPage({ isSpent, ...props }: RequestsProps & { readonly isSpent: boolean }) {
  const text = words[props.language]
  return (
    <Page {...props} title={text.title}>
      <h1>{text.title}</h1>
      {isSpent ? (
        <div class="notice caution" role="alert">
          <p>{text.spent}</p>
        </div>
      ) : null}
      <p class="lead">{text.lead}</p>
      <ol>
        {text.steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <form method="post" action="/requests" class="actions">
        <button type="submit" class="button">
          {text.start}
        </button>
      </form>
    </Page>
  )
}

/** Where cards are not accepted: said, rather than left out. */
export function ClosedPage(props: RequestsProps) {
  const text = words[props.language]
  return (
    <Page {...props} title={text.closedTitle}>
      <h1>{text.closedTitle}</h1>
      <p>{text.closed}</p>
    </Page>
  )
}

/** Whose card it is, and what waits for it. */
export function WaitingPage({
  displayName,
  requests,
  at,
  ...props
}: RequestsProps & {
  readonly displayName: string
  readonly requests: readonly WaitingRequest[]
  /** Path of this visit. */
  readonly at: string
}) {
  const text = words[props.language]
  return (
    <Page {...props} title={text.title}>
      <h1>
        <span class="lead">{text.of} </span>
        {displayName}
      </h1>
      {requests.length === 0 ? (
        <>
          <p class="lead">{text.nothing}</p>
          <p>{text.nothingThen}</p>
          <p class="actions">
            <a class="button" href={at}>
              {text.lookAgain}
            </a>
          </p>
        </>
      ) : (
        requests.map((request) => <Request request={request} at={at} language={props.language} />)
      )}
    </Page>
  )
}

function Request({
  request: { id, service, message, values },
  at,
  language,
}: {
  readonly request: WaitingRequest
  readonly at: string
  readonly language: Language
}) {
  const text = words[language]
  return (
    <section>
      <dl class="facts">
        <dt>{text.service}</dt>
        <dd>{service}</dd>
        <dt>{text.from}</dt>
        <dd>{text.fromServer}</dd>
        {message === undefined ? null : (
          <>
            <dt>{text.message}</dt>
            <dd>{message}</dd>
          </>
        )}
      </dl>
      <p class="notice caution">{text.careful}</p>
      <form method="post" action={at}>
        <input type="hidden" name="approval" value={id} />
        {message === undefined ? <h2>{text.pick}</h2> : null}
        <div class="actions">
          {values.map((value) => (
            <button
              type="submit"
              class={value === CONFIRM ? 'button' : 'button secondary'}
              name="choice"
              value={value}
              {...(value === CONFIRM ? {} : { 'aria-label': text.value(value) })}
            >
              {value === CONFIRM ? text.confirm : value}
            </button>
          ))}
          <button type="submit" class="button refusal" name="choice" value={NONE}>
            {message === undefined ? text.none : text.notMine}
          </button>
        </div>
      </form>
    </section>
  )
}

/** What became of it: the rest happens in the program of the service. */
export function EndPage({
  end,
  service,
  ...props
}: RequestsProps & { readonly end: End; readonly service: string }) {
  const text = words[props.language]
  const { title, after } = text.ends[end]
  return (
    <Page {...props} title={title}>
      <h1>{title}</h1>
      <p class="lead">{after(service)}</p>
      <p class="actions">
        <a class="button quiet" href="/requests">
          {text.again}
        </a>
      </p>
    </Page>
  )
}
