import type { PublicKeyCredentialRequestOptionsJSON } from '../protocol/webauthn/assertion.ts'
import type { HeldBond } from './bonds.ts'
import { HiddenDisclosure, Shared } from './disclosure.page.tsx'
import type { LoginView } from './interactions.ts'
import { Act, MirePage, type MireProps, ServiceHeading } from './mire.page.tsx'
import { words } from './words.ts'

export interface WaysProps extends MireProps {
  readonly options: PublicKeyCredentialRequestOptionsJSON
  readonly bonds: readonly HeldBond[]
  /** Whether cards are accepted here. */
  readonly cards: boolean
}

/** The choice: the safest way first and full. Also where every failure of the phone leads back to. */
export function WaysPage(props: WaysProps) {
  const { name, view, language, options } = props
  const text = words[language]
  return (
    <MirePage {...props} title={`${text.signInTo} ${view.clientName}`} options={options}>
      <ServiceHeading view={view} language={language} />
      <Failure view={view} language={language} />
      <div id="passkey-problem" class="notice refusal" role="alert" hidden></div>
      <noscript>
        <p class="notice caution">{text.passkeyNeedsScript}</p>
      </noscript>
      <div id="ways">
        <Ways {...props} />
        <label for="trust">
          <input type="checkbox" id="trust" />
          <span>
            {text.trust} <small class="quiet">{text.trustHow}</small>
          </span>
        </label>
        <Shared view={view} language={language} />
        <details>
          <summary>{text.passkeyFails}</summary>
          <ul>
            {text.passkeyFailsThen.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </details>
        {/* Where a browser shows its list of passkeys: for whoever looks for it, so below what everyone needs. */}
        <div class="field saved quiet">
          <label for="username">{text.saved}</label>
          <input id="username" type="text" autocomplete="username webauthn" aria-describedby="username-how" />
          <small id="username-how">{text.savedHow}</small>
        </div>
        <p class="quiet">
          {text.noEcps} <a href="/ecps/">{text.activate}</a>
          {props.cards ? (
            <>
              {' · '}
              <a href="/activation">{text.activateByCard}</a>
            </>
          ) : null}
        </p>
        <div class="actions">
          <Act action={`/login/${name}/cancel`} className="button quiet">
            {text.cancel}
          </Act>
        </div>
      </div>
      <p id="status" role="status" class="quiet"></p>
      <HiddenDisclosure name={name} view={view} language={language} />
    </MirePage>
  )
}

const isFailure = (status: LoginView['state']['status']) =>
  status === 'wrong-code' || status === 'denied' || status === 'two-at-once' || status === 'request-expired'

/** What became of the request on the phone, above ways that all still work. */
function Failure({ view, language }: Pick<MireProps, 'view' | 'language'>) {
  const { status } = view.state
  if (!isFailure(status)) return null
  const { title, next } = words[language].failed[status]
  return (
    <div class={status === 'request-expired' ? 'notice caution' : 'notice refusal'} role="alert">
      <h2>{title}</h2>
      <p>{next}</p>
    </div>
  )
}

function Ways({ name, view, language, bonds, cards }: WaysProps) {
  const text = words[language]
  const phone = !view.phishingResistant && view.phoneAttemptsLeft > 0
  const again = isFailure(view.state.status)
  return (
    <>
      <ul class="ways" aria-label={text.ways}>
        <li>
          <button type="button" id="passkey-button" class="way primary">
            {text.passkey}
            <small>{text.passkeyHow}</small>
          </button>
        </li>
        {phone && view.ringable
          ? bonds.map(({ id, name: person }) => (
              <li>
                <form method="post" action={`/login/${name}/phone`}>
                  <button type="submit" class="way" name="bond" value={id}>
                    {text.ring(person)}
                    <small>{text.ringHow}</small>
                  </button>
                </form>
              </li>
            ))
          : null}
        {phone ? (
          <li>
            <Act action={`/login/${name}/phone`} className="way">
              {again ? text.again : text.phone}
              <small>{text.phoneHow}</small>
            </Act>
          </li>
        ) : null}
        <li>
          {cards ? (
            <form method="post" action={`/login/${name}/card`} id="card">
              <button type="submit" class="way">
                {text.card}
                <small>{text.cardHow}</small>
              </button>
            </form>
          ) : (
            <a class="way" href={`/login/${name}/card`}>
              {text.card}
            </a>
          )}
        </li>
      </ul>
      {view.phishingResistant ? <p class="notice">{text.resistant}</p> : null}
      {!view.phishingResistant && !phone ? <p class="notice caution">{text.tooMany}</p> : null}
    </>
  )
}
