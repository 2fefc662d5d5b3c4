import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../context.ts'
import type { Refused } from '../messages.ts'
import { forgetPending, keepPending, type Pending, pending } from '../vault.ts'
import { ByCard } from './by-card.tsx'
import { Codes } from './codes.tsx'
import { Creation } from './creation.tsx'
import { Done } from './done.tsx'
import { Identity } from './identity.tsx'
import { Opening } from './opening.tsx'
import { Welcome } from './welcome.tsx'

/** Where an activation is. What it has reached is kept, because the mail app may push this page out of memory. */
type Step =
  | { readonly at: 'looking' }
  | { readonly at: 'welcome' }
  | { readonly at: 'identity'; readonly because?: Refused }
  | { readonly at: 'codes'; readonly pending: Pending; readonly nationalId: string | undefined }
  | { readonly at: 'card'; readonly because?: Refused }
  | {
      readonly at: 'creation'
      /** Whose card was shown; `undefined` for an activation by codes. */
      readonly displayName: string | undefined
      readonly activation: string
      readonly registration: PublicKeyCredentialCreationOptionsJSON
    }
  | { readonly at: 'done' }

export function Activation({ onDone }: { onDone: () => void }) {
  const { go } = useApp()
  const [step, setStep] = useState<Step>({ at: 'looking' })

  useEffect(() => {
    void pending(Date.now()).then((found) => {
      if (found === undefined) setStep({ at: 'welcome' })
      else if (found.registration === undefined)
        setStep({ at: 'codes', pending: found, nationalId: undefined })
      else setStep({ ...found, at: 'creation', registration: found.registration })
    })
  }, [])

  const startOver = async (because?: Refused) => {
    await forgetPending()
    const at = step.at === 'creation' && step.displayName !== undefined ? 'card' : 'identity'
    setStep(because === undefined ? { at } : { at, because })
  }

  switch (step.at) {
    case 'looking':
      return <Opening />
    case 'welcome':
      return <Welcome onStart={() => setStep({ at: 'identity' })} onCard={() => setStep({ at: 'card' })} />
    case 'card':
      return (
        <ByCard
          because={step.because}
          onBack={() => setStep({ at: 'welcome' })}
          onTaken={async ({ activation, expiresIn, registration, displayName }) => {
            await keepPending({ activation, until: Date.now() + expiresIn * 1000, registration, displayName })
            setStep({ at: 'creation', activation, registration, displayName })
          }}
        />
      )
    case 'identity':
      return (
        <Identity
          because={step.because}
          onBegun={async (begun, nationalId) => {
            await keepPending(begun)
            setStep({ at: 'codes', pending: begun, nationalId })
          }}
        />
      )
    case 'codes':
      return (
        <Codes
          pending={step.pending}
          nationalId={step.nationalId}
          onOver={startOver}
          onAgain={async (begun) => {
            await keepPending(begun)
            setStep({ ...step, pending: begun })
          }}
          onAccepted={async (registration) => {
            await keepPending({ ...step.pending, registration })
            setStep({ ...step.pending, at: 'creation', registration })
          }}
        />
      )
    case 'creation':
      return (
        <Creation
          activation={step.activation}
          registration={step.registration}
          displayName={step.displayName}
          onOver={startOver}
          onCreated={() => setStep({ at: 'done' })}
        />
      )
    case 'done':
      return (
        <Done
          onNext={() => {
            go('')
            onDone()
          }}
        />
      )
  }
}
