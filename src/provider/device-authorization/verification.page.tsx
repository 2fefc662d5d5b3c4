import { Page } from '../../http/page.tsx'
import type { Language } from '../../kernel/language.ts'
import type { Place } from '../../kernel/place.ts'
import { isAbroad, placeName } from './place-name.ts'
import { shownUserCode } from './user-code.ts'
import { type CodeProblem, words } from './words.ts'

interface Props {
  readonly language: Language
  readonly product: string
}

/** Where the code is typed. `typed` is what came with the address, or was typed before (RFC 8628 §3.3, §3.3.1). */
export function EntryPage({
  language,
  product,
  typed,
  problem,
  path,
}: Props & {
  readonly typed: string
  readonly problem: CodeProblem | undefined
  readonly path: string
}) {
  const say = words[language]
  const described = problem === undefined ? 'user_code-how' : 'user_code-how user_code-problem'
  return (
    <Page title={say.enter} language={language} product={product} nonce={undefined} path={path}>
      <h1>{say.enter}</h1>
      <p class="lead">{say.enterLead}</p>
      <form method="post" action="/device">
        <div class="field">
          <label for="user_code">{say.label}</label>
          {problem === undefined ? null : (
            <p class="problem" id="user_code-problem" role="alert">
              {say.codes[problem]}
            </p>
          )}
          <input
            id="user_code"
            name="user_code"
            type="text"
            class="pairing-code"
            value={typed}
            maxlength={64}
            required
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            aria-describedby={described}
            {...(problem === undefined ? {} : { 'aria-invalid': 'true' })}
          />
          <small id="user_code-how">{say.how}</small>
        </div>
        <p class="notice caution">{say.careful}</p>
        <p class="actions">
          <button class="button" type="submit">
            {say.next}
          </button>
        </p>
      </form>
    </Page>
  )
}

/** Who is signed in in this browser, and what proves that the page was shown to this session. */
export interface ShownAs {
  readonly name: string
  readonly proof: string
}

/** Whose screen is it? Everything that lets a person see that it is not theirs (RFC 8628 §3.3, §5.4). */
export function ConfirmPage({
  language,
  product,
  code,
  service,
  minutes,
  screen,
  here,
  as,
}: Props & {
  readonly code: string
  readonly service: string
  /** Since the screen asked. */
  readonly minutes: number
  readonly screen: Place
  readonly here: Place
  readonly as: ShownAs | undefined
}) {
  const say = words[language]
  const own = placeName(here, language)
  return (
    <Page title={say.confirm} language={language} product={product} nonce={undefined}>
      <h1>{say.confirm}</h1>
      <p>
        {say.compare}
        <br />
        <strong class="pairing-code">{shownUserCode(code)}</strong>
      </p>
      <dl class="facts">
        <dt>{say.service}</dt>
        <dd>{service}</dd>
        <dt>{say.asked}</dt>
        <dd>{say.minutes(minutes)}</dd>
        <dt>{say.from}</dt>
        <dd>{placeName(screen, language) || say.nowhere}</dd>
        {own === '' ? null : (
          <>
            <dt>{say.here}</dt>
            <dd>{own}</dd>
          </>
        )}
      </dl>
      {isAbroad(screen) ? <p class="notice refusal">{say.abroad}</p> : null}
      <div class="notice caution">
        <p>{say.only}</p>
        <p>{say.consequence}</p>
      </div>
      {as === undefined ? null : <p>{say.signedInAs(as.name)}</p>}
      <form method="post" action="/device/answer">
        <input type="hidden" name="user_code" value={code} />
        {as === undefined ? null : <input type="hidden" name="proof" value={as.proof} />}
        <p class="actions">
          <button class="button" type="submit" name="answer" value="yes">
            {as === undefined ? say.yes : say.yesAs(as.name)}
          </button>
          {as === undefined ? null : (
            <button class="button secondary" type="submit" name="answer" value="other">
              {say.other}
            </button>
          )}
          <button class="button refusal" type="submit" name="answer" value="no">
            {say.no}
          </button>
        </p>
      </form>
    </Page>
  )
}

/** The end of the walk in this browser: the rest happens on the screen. */
export function EndPage({
  language,
  product,
  service,
  outcome,
}: Props & { readonly service: string; readonly outcome: 'done' | 'refused' }) {
  const say = words[language]
  const isDone = outcome === 'done'
  const title = isDone ? say.done : say.refused
  return (
    <Page title={title} language={language} product={product} nonce={undefined}>
      <h1>{title}</h1>
      <p class="lead">{isDone ? say.doneLead(service) : say.refusedLead(service)}</p>
      <p>{isDone ? say.doneThen : say.refusedThen}</p>
      {isDone ? <p class="quiet">{say.doneEnd}</p> : null}
      <p class="actions">
        <a class="button quiet" href="/device">
          {say.again}
        </a>
      </p>
    </Page>
  )
}
