import { useEffect, useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { challengesOf, NONE } from '../challenge.ts'
import { useApp } from '../context.ts'
import { type ApprovalRequest, contextOf, isWhole, type Me, type ShownContext } from '../messages.ts'
import { type Failed, sign } from '../passkey.ts'
import { Problem, Screen, Working } from '../shell.tsx'
import { endOf, whyNoLonger } from '../time-left.ts'
import type { Kept } from '../vault.ts'
import type { Waiting } from '../waiting.ts'
import { clockTime, isAbroad, placeName } from '../wording.ts'
import { type Ending, Result } from './result.tsx'

interface Needs {
  readonly id: string
  readonly me: Me
  readonly device: Kept
  readonly phone: Phone
  readonly waiting: Waiting | undefined
}

/** One request, from being shown to its end. It keeps what it first showed: what is signed is what was read. */
export function Request({ id, me, device, phone, waiting }: Needs) {
  const { t, heed } = useApp()
  const [openedAt] = useState(() => Date.now())
  const [request, setRequest] = useState<ApprovalRequest | undefined>()
  const [end, setEnd] = useState(0)
  const [ending, setEnding] = useState<Ending | undefined>()
  const [verifying, setVerifying] = useState(false)
  const [failed, setFailed] = useState<Failed | undefined>()

  const present = waiting?.requests.find((one) => one.id === id)

  useEffect(() => {
    if (request === undefined && present !== undefined) {
      setRequest(present)
      setEnd(endOf(present, Date.now()))
    }
    if (
      present === undefined &&
      waiting !== undefined &&
      waiting.askedAt > openedAt &&
      !verifying &&
      ending === undefined
    ) {
      setEnding(whyNoLonger({ end, openedAt, twiceAt: waiting.twiceAt }, Date.now()))
    }
  }, [request, present, waiting, openedAt, verifying, ending, end])

  const context = request === undefined ? undefined : contextOf(request)

  async function choose(choice: string, challenge: string): Promise<void> {
    if (verifying || request === undefined) return
    setVerifying(true)
    setFailed(undefined)
    const signed = await sign({
      challenge,
      rpId: me.rpId,
      credentialId: me.credentialId,
      transports: device.transports,
    })
    if ('failed' in signed) {
      setFailed(signed.failed)
      return setVerifying(false)
    }
    const answer = await phone.decide(request.id, choice, signed.assertion)
    if ('value' in answer) setEnding(answer.value.outcome)
    else if (!heed(answer.refused)) setEnding(answer.refused)
    setVerifying(false)
  }

  if (ending !== undefined) return <Result ending={ending} context={context} />
  if (request === undefined) {
    return (
      <Screen title={t.home.title} back>
        <Working text={t.loading} />
      </Screen>
    )
  }
  if (context === undefined || !isWhole(request, context)) {
    return (
      <Screen title={t.result.problem} back>
        <Problem>
          <p>{t.request.unreadable}</p>
        </Problem>
      </Screen>
    )
  }
  return (
    <Asking
      request={request}
      end={end}
      context={context}
      verifying={verifying}
      failed={failed}
      onChoice={choose}
      onExpired={() => {
        if (!verifying) setEnding('request-expired')
      }}
    />
  )
}

interface Shown {
  readonly request: ApprovalRequest
  readonly end: number
  readonly context: ShownContext
  readonly verifying: boolean
  readonly failed: Failed | undefined
  readonly onChoice: (choice: string, challenge: string) => void
  readonly onExpired: () => void
}

function Asking({ request, end, context, verifying, failed, onChoice, onExpired }: Shown) {
  const { t, language } = useApp()
  const armed = useArmed()
  const left = useTimeLeft(end, onExpired)
  const [challenges, setChallenges] = useState<ReadonlyMap<string, string> | undefined>()

  useEffect(() => {
    void challengesOf(request).then(setChallenges)
  }, [request])

  const reading = context.message !== undefined
  const ready = armed && !verifying && challenges !== undefined
  const tap = (choice: string) => {
    const challenge = challenges?.get(choice)
    if (ready && challenge !== undefined && document.visibilityState === 'visible')
      onChoice(choice, challenge)
  }

  return (
    <Screen
      title={t.request.title(context.service)}
      heading={
        <>
          {context.service}
          <span class="lead"> {t.request.asks}</span>
        </>
      }
    >
      <dl class="facts">
        {context.askedBy === 'service' ? (
          <AskedByService context={context} />
        ) : (
          <AskedFrom context={context} />
        )}
        <dd class="quiet">
          {clockTime(context.askedAt, language)} · {t.request.left(left)}
        </dd>
      </dl>
      {isAbroad(context.place) ? <p class="notice caution">{t.request.abroad}</p> : null}
      <p class="visually-hidden" role="status">
        {left <= 20 ? t.request.soon : ''}
      </p>
      {failed === undefined ? null : (
        <Problem>
          <p>{failed === 'not-done' ? t.request.notSigned : t.passkey[failed]}</p>
        </Problem>
      )}
      <h2 id="question">{reading ? t.request.isItYou : t.request.question}</h2>
      <fieldset class="choices" aria-labelledby="question">
        {request.values.map((value) => (
          <button
            key={value}
            type="button"
            class={reading ? 'choice confirm' : 'choice'}
            aria-disabled={!ready}
            onClick={() => tap(value)}
          >
            {reading ? t.request.yes : value}
          </button>
        ))}
        <button type="button" class="choice none" aria-disabled={!ready} onClick={() => tap(NONE)}>
          {reading ? t.request.no : t.request.none}
        </button>
      </fieldset>
      {verifying ? <Working text={t.request.verifying} /> : null}
      <p class="after">
        <a href="#/help">{t.request.help}</a>
        <a href="#/">{t.result.home}</a>
      </p>
    </Screen>
  )
}

/** Which computer asks, and whether the professional knows it. */
function AskedFrom({ context }: { context: ShownContext }) {
  const { t, language } = useApp()
  return (
    <>
      <dt>{t.request.computer}</dt>
      <dd>{placeName(context.place, language) || t.request.nowhere}</dd>
      {context.browser === '' ? null : <dd class="quiet">{context.browser}</dd>}
      <dt class="visually-hidden">{t.request.trust}</dt>
      <dd>{context.bonded ? `✓ ${t.request.bonded}` : t.request.unbonded}</dd>
    </>
  )
}

/** The service itself asks: where the person is, only they know. What it wants them to read stands between its marks. */
function AskedByService({ context }: { context: ShownContext }) {
  const { t } = useApp()
  return (
    <>
      <dt class="visually-hidden">{t.request.origin}</dt>
      <dd>{t.request.byService}</dd>
      {context.message === undefined ? null : (
        <>
          <dt>{t.request.says}</dt>
          <dd>
            <q>{context.message}</q>
          </dd>
        </>
      )}
    </>
  )
}

const INERT_FOR = 500

/** `true` half a second after the screen came to sight: a tap meant for what was there before does nothing. */
function useArmed(): boolean {
  const [armed, setArmed] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const update = () => {
      clearTimeout(timer)
      setArmed(false)
      if (document.visibilityState === 'visible') timer = setTimeout(() => setArmed(true), INERT_FOR)
    }
    update()
    document.addEventListener('visibilitychange', update)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', update)
    }
  }, [])
  return armed
}

/** Seconds left until `end`. */
function useTimeLeft(end: number, onEnd: () => void): number {
  const [left, setLeft] = useState(() => Math.ceil((end - Date.now()) / 1000))
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.ceil((end - Date.now()) / 1000)), 250)
    return () => clearInterval(timer)
  }, [end])
  useEffect(() => {
    if (left <= 0) onEnd()
  }, [left])
  return Math.max(0, left)
}
