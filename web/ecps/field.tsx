import type { InputHTMLAttributes } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Attributes = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'autocomplete' | 'autocapitalize' | 'inputMode' | 'maxLength' | 'spellcheck' | 'class'
>

interface Needs extends Attributes {
  readonly id: string
  readonly label: string
  readonly help?: string
  readonly problem: string | undefined
  readonly value: string
  readonly onValue: (value: string) => void
}

/** One labelled answer. A wrong one takes the focus, and its reason is read with the label. */
export function Field({ id, label, help, problem, value, onValue, ...attributes }: Needs) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (problem !== undefined) input.current?.focus()
  }, [problem])
  const described = [
    help === undefined ? '' : `${id}-help`,
    problem === undefined ? '' : `${id}-problem`,
  ].filter((one) => one !== '')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {help === undefined ? null : (
        <p class="quiet" id={`${id}-help`}>
          {help}
        </p>
      )}
      {problem === undefined ? null : (
        <p class="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      <input
        {...attributes}
        ref={input}
        id={id}
        name={id}
        type="text"
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={described.join(' ')}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </div>
  )
}
