import { useEffect, useRef, useState } from 'preact/hooks'
import type { Phone } from '../api.ts'
import { type CameraProblem, watchForQr } from '../camera.ts'
import { useApp } from '../context.ts'
import type { ApprovalRequest } from '../messages.ts'
import { ourQr } from '../scanned.ts'
import { Problem, Screen, Working } from '../shell.tsx'

/** The camera, inside the app: a code scanned with the phone's own camera would open a browser without the key. */
export function Scan({ phone, onPaired }: { phone: Phone; onPaired: (request: ApprovalRequest) => void }) {
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
      const qr = ourQr(text)
      if (qr === undefined) return setSaid(t.scan.foreign)
      busy = true
      setSaid(undefined)
      setFound(true)
      const answer = await phone.pair({ qr })
      if ('value' in answer) return onPaired(answer.value)
      // The mire draws a new code every few seconds; the one that was refused is not asked about again.
      refusedText = text
      busy = false
      setFound(false)
      if (!heed(answer.refused)) setSaid(t.refusals[answer.refused])
    })
  }, [phone, onPaired, heed, t])

  const broken = camera === 'denied' || camera === 'none'
  return (
    <Screen title={t.scan.title} back>
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
      <div class="actions">
        <a class="button secondary" href="#/code">
          {t.home.type}
        </a>
      </div>
    </Screen>
  )
}
