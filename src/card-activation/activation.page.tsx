import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { Page } from '../http/page.tsx'
import { Qr } from '../http/qr.tsx'
import type { Language } from '../kernel/language.ts'
import { shownPairingCode } from '../mire/pairing-code.ts'
import type { DeskView } from './desks.ts'
import { type CardTrouble, words } from './words.ts'

/** What every page of an activation is made from. */
export interface DeskProps {
  readonly language: Language
  readonly product: string
  readonly nonce: string | undefined
  /** Path of this page without `lang`. */
  readonly path: string
}

/** Seconds between two views of a waiting page that has no script. */
const ASK_AGAIN = 4

/** What the script goes on from, in `#activation`. */
interface ForScript {
  readonly path: string
  readonly status: DeskView['status']
  /** When the QR ends, in seconds since 1970. */
  readonly until?: number | undefined
}

function DeskPage({
  title,
  language,
  product,
  nonce,
  path,
  script,
  waits = false,
  children,
}: DeskProps & {
  readonly title: string
  readonly script: ForScript
  readonly waits?: boolean
  readonly children: Child
}) {
  return (
    <Page title={title} language={language} product={product} nonce={nonce} path={path} script="/mire.js">
      <div id="activation" data-activation={JSON.stringify({ ...script, language })} hidden></div>
      {/* As text: Hono moves a `meta` element into the head, out of its `noscript`. */}
      {waits ? raw(`<noscript><meta http-equiv="refresh" content="${ASK_AGAIN}"></noscript>`) : null}
      {children}
    </Page>
  )
}

/** What is about to happen, and the button that asks for the card. */
export function StartPage(props: DeskProps & { readonly trouble: CardTrouble | undefined }) {
  const { language, trouble } = props
  const text = words[language]
  return (
    <DeskPage {...props} title={text.title} script={{ path: '/activation', status: 'card' }}>
      <h1>{text.title}</h1>
      {trouble === 'silent' ? (
        <div class="notice refusal" role="alert">
          <h2>{text.silent}</h2>
          <ul>
            {text.silentThen.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {trouble === 'spent' ? (
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
      <div class="actions">
        {/* After a silence without the script's hand: whoever is there may need to see the browser's own words. */}
        <form method="post" action="/activation" id={trouble === 'silent' ? undefined : 'card'}>
          <button type="submit" class="button">
            {text.start}
          </button>
        </form>
      </div>
      <p class="quiet">
        <a href="/ecps/">{text.withCodes}</a>
      </p>
      <p id="status" role="status" class="quiet"></p>
    </DeskPage>
  )
}

/** Where cards are not accepted: said, rather than left out. */
export function ClosedPage({ language, product, nonce, path }: DeskProps) {
  const text = words[language]
  return (
    <Page title={text.closedTitle} language={language} product={product} nonce={nonce} path={path}>
      <h1>{text.closedTitle}</h1>
      <p>{text.closed}</p>
      <p class="actions">
        <a class="button" href="/ecps/">
          {text.withCodes}
        </a>
      </p>
    </Page>
  )
}

const Whose = ({ language, displayName }: { language: Language; displayName: string }) => (
  <h1>
    <span class="lead">{words[language].of} </span>
    {displayName}
  </h1>
)

/** Whose card it is, and what their phone scans or types. */
export function ShownPage({
  view: { displayName, pairing },
  app,
  ...props
}: DeskProps & { readonly view: Extract<DeskView, { status: 'shown' }>; readonly app: string }) {
  const { language, path } = props
  const text = words[language]
  const script = { path, status: 'shown', until: pairing?.until } as const
  const [before, after] = text.openApp.split('{app}')
  return (
    <DeskPage {...props} title={text.title} script={script} waits>
      <Whose language={language} displayName={displayName} />
      <ol class="steps">
        <li>
          {before}
          <strong>{app}</strong>
          {after}
        </li>
        {pairing === undefined ? null : (
          <li>
            <p>{text.scan}</p>
            <div class="qr">
              <Qr text={pairing.text} label={text.qr} />
            </div>
            <p>
              {text.orType} <span class="pairing-code">{shownPairingCode(pairing.code)}</span>
              <span class="visually-hidden"> {text.spelled([...pairing.code].join(' '))}</span>
            </p>
          </li>
        )}
        <li>{text.create}</li>
      </ol>
      <p id="status" role="status" class="waiting">
        {text.waiting}
      </p>
      <p class="notice caution">{text.onlyYours}</p>
      <div class="actions">
        <a class="button quiet" href="/activation">
          {text.anotherCard}
        </a>
      </div>
    </DeskPage>
  )
}

/** A phone has it: whether it is the right one, only the person knows. */
export function TakenPage({
  view: { displayName, finishing },
  ...props
}: DeskProps & { readonly view: Extract<DeskView, { status: 'taken' }> }) {
  const { language, path } = props
  const text = words[language]
  return (
    <DeskPage {...props} title={text.takenTitle} script={{ path, status: 'taken' }} waits>
      <Whose language={language} displayName={displayName} />
      <h2>{text.takenTitle}</h2>
      <p>{finishing ? text.finishing : text.takenLead}</p>
      <p id="status" role="status" class="waiting">
        {text.waiting}
      </p>
      {finishing ? null : (
        <>
          <p class="notice caution">{text.notMine}</p>
          <div class="actions">
            <form method="post" action={`${path}/another`}>
              <button type="submit" class="button secondary">
                {text.anotherCode}
              </button>
            </form>
          </div>
        </>
      )}
    </DeskPage>
  )
}

/** Which phone it was. */
export function DonePage({
  view: { displayName, device },
  ...props
}: DeskProps & { readonly view: Extract<DeskView, { status: 'done' }> }) {
  const { language, path } = props
  const text = words[language]
  return (
    <DeskPage {...props} title={text.doneTitle} script={{ path, status: 'done' }}>
      <h1>
        <span class="lead">{displayName} </span>
        {text.doneTitle}
      </h1>
      <p>
        <strong>{text.device(device)}</strong>
      </p>
      <p>{text.next}</p>
      <p class="notice caution">{text.notThatOne}</p>
      <div class="actions">
        <a class="button quiet" href="/activation">
          {text.anotherPhone}
        </a>
      </div>
    </DeskPage>
  )
}
