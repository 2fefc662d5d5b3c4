import { useEffect, useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { useApp } from '../context.ts'
import type { SignIn } from '../messages.ts'
import { Problem, Screen, Working } from '../shell.tsx'
import { dayAndTime, placeName } from '../wording.ts'

/** What happened in the person's name; `changed` counts how often the server said that there is more. */
export function SignIns({ phone, changed }: { phone: Phone; changed: number }) {
  const { t, language, heed } = useApp()
  const [signIns, setSignIns] = useState<readonly SignIn[] | undefined>()
  const [problem, setProblem] = useState<string | undefined>()

  // `changed` is what asks for the list again.
  useEffect(() => {
    void phone.signIns().then((answer) => {
      if ('value' in answer) setSignIns(answer.value.signIns)
      else if (!heed(answer.refused)) setProblem(t.refusals[answer.refused])
    })
  }, [phone, changed, heed, t])

  return (
    <Screen title={t.signIns.title} back>
      <p class="lead">{t.signIns.lead}</p>
      {problem === undefined ? null : (
        <Problem>
          <p>{problem}</p>
        </Problem>
      )}
      {signIns === undefined && problem === undefined ? <Working text={t.loading} /> : null}
      {signIns?.length === 0 ? <p class="calm">{t.signIns.none}</p> : null}
      <ol class="rows">
        {signIns?.map((one) => (
          <li key={`${one.at}-${one.service}-${one.outcome}`}>
            <h2>
              {one.service}
              {one.live ? <span class="tag">{t.signIns.live}</span> : null}
            </h2>
            <p class="quiet">
              {one.outcome === 'signed-in' ? (
                `${t.signIns.outcomes[one.outcome]} ${t.signIns.means[one.means]}`
              ) : (
                <span class="shut">{t.signIns.outcomes[one.outcome]}</span>
              )}
              <br />
              {dayAndTime(one.at, language)}
              {' · '}
              {placeName(one.place, language) || t.request.nowhere}
            </p>
          </li>
        ))}
      </ol>
      <div class="actions">
        <a class="button secondary" href="#/sign-out">
          {t.signOut.title}
        </a>
      </div>
    </Screen>
  )
}
