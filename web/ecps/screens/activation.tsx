import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../context.ts'
import type { Refused } from '../messages.ts'
import { forgetPending, keepPending, type Pending, pending } from '../vault.ts'
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
  | {
      readonly at: 'creation'
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
      else setStep({ at: 'creation', activation: found.activation, registration: found.registration })
    })
  }, [])

  const startOver = async (because?: Refused) => {
    await forgetPending()
    setStep(because === undefined ? { at: 'identity' } : { at: 'identity', because })
  }

  switch (step.at) {
    case 'looking':
      return <Opening />
    case 'welcome':
      return <Welcome onStart={() => setStep({ at: 'identity' })} />
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
            setStep({ at: 'creation', activation: step.pending.activation, registration })
          }}
        />
      )
    case 'creation':
      return (
        <Creation
          activation={step.activation}
          registration={step.registration}
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
