import { Qr } from '../http/qr.tsx'
import { Act, MirePage, type MireProps, ServiceHeading } from './mire.page.tsx'
import { shownPairingCode } from './pairing-code.ts'
import { words } from './words.ts'

/** Seconds between two views of a waiting page that has no script. */
const ASK_AGAIN = 4

/** The dynamic code, very large. Screen readers are told its digits, once, not a number. */
function DynamicCode({ code, language }: { code: string; language: MireProps['language'] }) {
  const { digits } = words[language]
  return (
    <>
      <strong class="code" aria-hidden="true">
        {code}
      </strong>
      <span class="visually-hidden">{[...code].map((digit) => digits[Number(digit)]).join(', ')}</span>
    </>
  )
}

function Actions({ name, language }: Pick<MireProps, 'name' | 'language'>) {
  const text = words[language]
  return (
    <>
      <p id="status" role="status" class="waiting">
        {text.waiting}
      </p>
      <p class="quiet">{text.notYou}</p>
      <div class="actions">
        <Act action={`/login/${name}/another-way`} className="button secondary">
          {text.anotherWay}
        </Act>
        <Act action={`/login/${name}/cancel`} className="button quiet">
          {text.cancel}
        </Act>
      </div>
    </>
  )
}

/** An unknown browser: something to scan or type first, and the code to choose after. */
export function PairingPage(props: MireProps & { readonly closed: boolean }) {
  const { name, view, language, closed } = props
  const text = words[language]
  const typed = view.pairing === undefined ? undefined : shownPairingCode(view.pairing.code)
  return (
    <MirePage {...props} title={`${text.signInTo} ${view.clientName}`} refresh={ASK_AGAIN}>
      <ServiceHeading view={view} language={language} />
      {closed ? <p class="notice caution">{text.closed}</p> : null}
      <ol class="steps">
        <li>{text.openApp}</li>
        {view.pairing === undefined || typed === undefined ? null : (
          <li>
            <p>{text.scan}</p>
            <div class="qr">
              <Qr text={view.pairing.text} label={text.qr} />
            </div>
            <p>
              {text.orType} <span class="pairing-code">{typed}</span>
              <span class="visually-hidden"> {text.spelled([...view.pairing.code].join(' '))}</span>
            </p>
          </li>
        )}
        {view.code === undefined ? null : (
          <li>
            {text.thenChoose} <DynamicCode code={view.code} language={language} />
          </li>
        )}
      </ol>
      <Actions name={name} language={language} />
    </MirePage>
  )
}

/** The phone has the request: only the code matters now. */
export function OnPhonePage(props: MireProps) {
  const { name, view, language } = props
  const text = words[language]
  return (
    <MirePage {...props} title={`${text.signInTo} ${view.clientName}`} refresh={ASK_AGAIN}>
      <h1>
        <span class="lead">{view.clientName} </span>
        {text.choose} {text.onYourPhone}
      </h1>
      {view.code === undefined ? null : <DynamicCode code={view.code} language={language} />}
      {view.bonded ? <p>{text.sent}</p> : null}
      <p class="quiet">{text.nothingCame}</p>
      <Actions name={name} language={language} />
    </MirePage>
  )
}
