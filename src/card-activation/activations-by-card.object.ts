import type { Trail } from '../audit/trail.ts'
import type { CardBlocks } from '../cards/blocks.ts'
import type { CardDestination } from '../cards/destination.ts'
import type { CardActivations } from '../ecps/card-activations.ts'
import { digest } from '../kernel/digest.ts'
import { address, type Entropy, newHandle, newObjectName } from '../kernel/handle.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import { readPairingCode } from '../mire/pairing-code.ts'
import { shownName } from '../rpps/shown-name.ts'
import type { CardActivationObject } from './card-activation.object.ts'
import type { taken } from './card-activation.ts'
import { OPENING_CODE_LENGTH, readOpeningText } from './opening-code.ts'

/** Cards that are shown to activate an e-CPS: the card host's port over `CardActivationObject`s. One object call. */
export const activationsByCard = (
  namespace: DurableObjectNamespace<CardActivationObject>,
  {
    issuer,
    clock,
    entropy,
    trail,
  }: {
    readonly issuer: string
    readonly clock: Clock
    readonly entropy: Entropy
    readonly trail: Trail
  },
): CardDestination => ({
  async present(handle, { practitioner, card, reference }) {
    const at = address(handle)
    if (at === undefined) return { refused: 'link-expired', detail: 'not a handle' }
    const back = newHandle(entropy)
    const { id, givenName, familyName } = practitioner
    const presented = await namespace.getByName(at.object).presentCard({
      handle: await digest(at.secret),
      back: await digest(back),
      holder: { practitionerId: id, displayName: shownName(givenName, familyName), card: reference },
    })
    if ('refused' in presented) return { refused: 'link-expired', detail: `activation: ${presented.refused}` }
    trail.record({
      at: clock(),
      kind: 'card.presented',
      practitionerId: id,
      detail: `${card.type} ${reference}, to activate an e-CPS`,
    })
    return { next: `${issuer}/activation/${at.object}/card/${back}` }
  },
  withoutCard: () => `${issuer}/ecps/`,
})

/** The e-CPS's port over `CardActivationObject`s and `PairingObject`s. Two object calls to take one at most. */
export const objectCardActivations = (
  namespace: DurableObjectNamespace<CardActivationObject>,
  pairings: Env['PAIRING'],
  {
    entropy,
    blocks,
  }: {
    readonly entropy: Entropy
    /** Asked again when the passkey is there: a card may be blocked while its e-CPS is being made. */
    readonly blocks: Pick<CardBlocks, 'of'>
  },
): CardActivations => ({
  async take(scanned) {
    const found = await resolve(scanned, pairings)
    if ('refused' in found) return found
    const { activation, by } = found
    const taking = newObjectName(entropy)
    const took = await namespace.getByName(activation).take(by, taking)
    return 'refused' in took ? took : { practitionerId: took.practitionerId, opening: { activation, taking } }
  },
  async finishing(opening) {
    const { holder } = await namespace.getByName(opening.activation).finishing(opening)
    if (holder === undefined) return undefined
    const standing = (await blocks.of(holder.practitionerId)).some(
      ({ card, lifted }) => lifted === undefined && (card === undefined || card === holder.card),
    )
    return standing ? undefined : { card: holder.card }
  },
  finished: (opening, deviceName) => namespace.getByName(opening.activation).finished(opening, deviceName),
})

async function resolve(
  scanned: { readonly qr: string } | { readonly code: string },
  pairings: Env['PAIRING'],
): Promise<
  | { readonly activation: ObjectName; readonly by: Parameters<typeof taken>[1] }
  | { readonly refused: 'unknown' | 'expired' | 'already-taken' }
> {
  if ('qr' in scanned) {
    const read = readOpeningText(scanned.qr)
    return read === undefined
      ? { refused: 'unknown' }
      : { activation: read.activation, by: { means: 'qr', digest: await digest(read.secret) } }
  }
  const code = readPairingCode(scanned.code, OPENING_CODE_LENGTH)
  if (code === undefined) return { refused: 'unknown' }
  const codeDigest = await digest(code)
  const resolved = await pairings.getByName(codeDigest).resolve('activation')
  if ('refused' in resolved)
    return { refused: resolved.refused === 'already-paired' ? 'already-taken' : resolved.refused }
  return { activation: resolved.name, by: { means: 'code', digest: codeDigest } }
}
