import { Page } from '../../http/page.tsx'
import type { Language } from '../../kernel/language.ts'
import { words } from './words.ts'

interface Props {
  readonly language: Language
  readonly product: string
}

/** Asks before anybody is signed out on somebody else's word. `fields` come back with the answer. */
export function AskPage({
  language,
  product,
  fields,
  path,
}: Props & { readonly fields: Readonly<Record<string, string | undefined>>; readonly path: string }) {
  const say = words[language]
  return (
    <Page title={say.ask} language={language} product={product} nonce={undefined} path={path}>
      <h1>{say.ask}</h1>
      <p class="lead">{say.askLead.replace('{product}', product)}</p>
      <p>{say.askServices}</p>
      <form method="post" action="/logout/confirm">
        {Object.entries(fields).map(([name, value]) =>
          value === undefined ? null : <input type="hidden" name={name} value={value} />,
        )}
        <p class="actions">
          <button class="button" type="submit">
            {say.signOut}
          </button>
        </p>
      </form>
      <p class="quiet">{say.stay}</p>
    </Page>
  )
}

/**
 * Says that it is done, where there is no address to go back to, or while services sign out in frames of it
 * (Front-Channel Logout §2) before the browser goes `onward`.
 */
export function SignedOutPage({
  language,
  product,
  refusedAddress,
  frames,
  onward,
}: Props & {
  readonly refusedAddress: boolean
  readonly frames: readonly string[]
  readonly onward: string | undefined
}) {
  const say = words[language]
  return (
    <Page title={say.done} language={language} product={product} nonce={undefined}>
      <h1>{say.done}</h1>
      <p class="lead">{say.doneLead}</p>
      <p>{say.doneServices}</p>
      {refusedAddress ? <p class="notice caution">{say.addressUnknown}</p> : null}
      {onward === undefined ? null : (
        <p class="actions">
          <a class="button" href={onward}>
            {say.onward}
          </a>
        </p>
      )}
      {frames.map((src) => (
        <iframe
          src={src}
          title={say.frame}
          sandbox="allow-same-origin allow-scripts"
          referrerpolicy="no-referrer"
          hidden
        />
      ))}
    </Page>
  )
}
