import { after, type Instant } from '../kernel/instant.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signer.ts'
import type { KeyFacts, KeyState } from './signing-key.ts'

const DAY = 86_400

/** How long a key signs, in seconds. */
export const PERIOD = 90 * DAY

/**
 * How long a key is in the JWKS before it signs, in seconds: longer than any sensible cache of our JWKS, so that no
 * relying party meets a `kid` that it does not know.
 */
export const ANNOUNCEMENT = DAY

/** How long a key stays in the JWKS after its last signature: longer than any token lives, and than isolates cache. */
export const RETIREMENT = DAY

export type RotationStep =
  | { readonly step: 'generate'; readonly alg: SigningAlgorithm; readonly state: 'next' | 'active' }
  | { readonly step: 'move'; readonly kid: string; readonly to: KeyState }
  | { readonly step: 'remove'; readonly kid: string }

/**
 * What to do to the ring now. Applying it and planning again at the same instant plans nothing more, so an alarm
 * that rings twice, late or after weeks of silence does no harm. `early` begins a rotation before its day (a key is
 * feared to be known): the announcement is not shortened, because relying parties would refuse what they cannot
 * verify; an operator who prefers that removes the key.
 */
export function plan(ring: readonly KeyFacts[], now: Instant, early = false): readonly RotationStep[] {
  return SIGNING_ALGORITHMS.flatMap((alg) =>
    planOne(
      alg,
      ring.filter((key) => key.alg === alg),
      now,
      early,
    ),
  )
}

function planOne(
  alg: SigningAlgorithm,
  keys: readonly KeyFacts[],
  now: Instant,
  early: boolean,
): RotationStep[] {
  const active = keys.find((key) => key.state === 'active')
  const next = keys.find((key) => key.state === 'next')
  const steps: RotationStep[] = keys
    .filter((key) => key.state === 'retired' && now >= after(key.since, RETIREMENT))
    .map((key) => ({ step: 'remove', kid: key.kid }))
  if (active === undefined) {
    // Nobody can have cached a JWKS without this algorithm's key to their harm: the first key signs at once.
    steps.push(
      next === undefined
        ? { step: 'generate', alg, state: 'active' }
        : { step: 'move', kid: next.kid, to: 'active' },
    )
  } else if (next === undefined) {
    if (early || now >= after(active.since, PERIOD - ANNOUNCEMENT))
      steps.push({ step: 'generate', alg, state: 'next' })
  } else if (now >= after(next.since, ANNOUNCEMENT)) {
    steps.push(
      { step: 'move', kid: next.kid, to: 'active' },
      { step: 'move', kid: active.kid, to: 'retired' },
    )
  }
  return steps
}

/** When `plan` will next have something to do, for the alarm. */
export function nextTurn(ring: readonly KeyFacts[], now: Instant): Instant {
  const turns = ring.flatMap((key) => {
    if (key.state === 'retired') return [after(key.since, RETIREMENT)]
    if (key.state === 'next') return [after(key.since, ANNOUNCEMENT)]
    // With a successor announced, the successor's turn is this key's too.
    return ring.some((other) => other.alg === key.alg && other.state === 'next')
      ? []
      : [after(key.since, PERIOD - ANNOUNCEMENT)]
  })
  return turns.reduce((first, turn) => (turn < first ? turn : first), after(now, ANNOUNCEMENT))
}
