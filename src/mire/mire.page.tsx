import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { Page } from '../http/page.tsx'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Language } from '../kernel/language.ts'
import type { PublicKeyCredentialRequestOptionsJSON } from '../protocol/webauthn/assertion.ts'
import type { LoginView } from './interactions.ts'
import { words } from './words.ts'

/** What every page of the mire is made from. */
export interface MireProps {
  readonly name: ObjectName
  readonly view: LoginView
  readonly language: Language
  readonly product: string
  readonly nonce: string | undefined
  /** Path of this page without `lang`. */
  readonly path: string
}

/**
 * The frame of a login's page: who asks, and for the script, in `#login`, what it goes on from. `refresh` is for
 * browsers without script: seconds after which a waiting page asks again by itself.
 */
export function MirePage({
  name,
  view,
  language,
  product,
  nonce,
  path,
  title,
  options,
  refresh,
  children,
}: MireProps & {
  readonly title: string
  readonly options?: PublicKeyCredentialRequestOptionsJSON
  readonly refresh?: number
  readonly children: Child
}) {
  const login = { name, state: view.state, language, options, expiresAt: view.until }
  return (
    <Page title={title} language={language} product={product} nonce={nonce} path={path} script="/mire.js">
      <div id="login" data-login={JSON.stringify(login)} hidden></div>
      {refresh === undefined
        ? null
        : // As text: Hono moves a `meta` element into the head, out of its `noscript`.
          raw(`<noscript><meta http-equiv="refresh" content="${refresh}"></noscript>`)}
      {children}
    </Page>
  )
}

/** The service's name as the heading, under what is being done. */
export const ServiceHeading = ({ view, language }: Pick<MireProps, 'view' | 'language'>) => (
  <h1>
    <span class="lead">{words[language].signInTo} </span>
    {view.clientName}
  </h1>
)

/** One button that posts to a path of this login. */
export const Act = ({
  action,
  className,
  children,
}: {
  action: string
  className: string
  children: Child
}) => (
  <form method="post" action={action}>
    <button type="submit" class={className}>
      {children}
    </button>
  </form>
)
