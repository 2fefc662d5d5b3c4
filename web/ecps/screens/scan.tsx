import { useEffect, useRef, useState } from 'preact/hooks'
import type { Taking } from '../api.ts'
import { type CameraProblem, watchForQr } from '../camera.ts'
import { useApp } from '../context.ts'
import { openingQr, ourQr } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'

/** The camera, inside the app: a code scanned with the phone's own camera would open a browser without the key. */
export function Scan<T>({ take, onTaken, opening = false, other }: Taking<T>) {
  const { t, heed } = useApp()
  const video = useRef<HTMLVideoElement>(null)
  const [camera, setCamera] = useState<'starting' | 'looking' | CameraProblem>('starting')
  const [said, setSaid] = useState<string | undefined>()
  const [found, setFound] = useState(false)

  useEffect(() => {
    const element = video.current
    if (element === null) return undefined
    let refusedText = ''
    let busy = false
    return watchForQr(element, setCamera, async (text) => {
      if (busy || text === refusedText) return
      const qr = opening ? openingQr(text) : ourQr(text)
      if (qr === undefined) return setSaid(opening ? t.card.foreign : t.scan.foreign)
      busy = true
      setSaid(undefined)
      setFound(true)
      const answer = await take({ qr })
      if ('value' in answer) return onTaken(answer.value)
      // The mire draws a new code every few seconds; the one that was refused is not asked about again.
      refusedText = text
      busy = false
      setFound(false)
      if (opening || !heed(answer.refused)) setSaid(t.refusals[answer.refused])
    })
  }, [take, onTaken, opening, heed, t])

  const broken = camera === 'denied' || camera === 'none'
  return (
    <Screen title={t.scan.title} back={!opening}>
      <p>{t.scan.lead}</p>
      {broken ? (
        <Problem>
          <p>{camera === 'denied' ? t.scan.denied : t.scan.noCamera}</p>
        </Problem>
      ) : null}
      {said === undefined ? null : (
        <Problem>
          <p>{said}</p>
        </Problem>
      )}
      <div class="finder" hidden={broken}>
        <video ref={video} playsInline muted aria-label={t.scan.picture} />
      </div>
      {camera === 'starting' ? <Working text={t.scan.starting} /> : null}
      {found ? <Working text={t.scan.found} /> : null}
      <div class="actions">{other}</div>
    </Screen>
  )
}
