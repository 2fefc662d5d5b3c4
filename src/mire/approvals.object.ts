import type { Trail } from '../audit/trail.ts'
import type { Approvals } from '../ecps/approvals.ts'
import { type Digest, digest } from '../kernel/digest.ts'
import { address } from '../kernel/handle.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import type { AcquaintanceBook } from './acquaintances.ts'
import type { LoginObject } from './login.object.ts'
import type { PairingObject } from './pairing.object.ts'
import { readPairingCode, readPairingText } from './pairing-code.ts'
import { phoneAuthentication } from './phone.ts'

/** The e-CPS's port over `LoginObject`s and `PairingObject`s. */
export function objectApprovals(
  logins: DurableObjectNamespace<LoginObject>,
  pairings: DurableObjectNamespace<PairingObject>,
  {
    acquaintances,
    clock,
    trail,
  }: { acquaintances: Pick<AcquaintanceBook, 'of'>; clock: Clock; trail: Trail },
): Approvals {
  const loginOf = (id: string) => {
    const at = address(id)
    return at === undefined ? undefined : logins.getByName(at.object)
  }
  return {
    async pair(scanned, practitionerId) {
      const found = await resolve(scanned, pairings)
      if ('refused' in found) return found
      const outcome = await logins.getByName(found.login).pair({ ...found.by, practitionerId })
      return 'refused' in outcome ? outcome : { approval: outcome.approval }
    },
    async find(id, practitionerId) {
      const login = loginOf(id)
      return login === undefined ? undefined : (await login.findApproval(id, practitionerId)).approval
    },
    async decide(id, choice, by) {
      const login = loginOf(id)
      if (login === undefined) return { refused: 'gone' }
      const { practitioner } = by
      const known = await acquaintances.of(practitioner.id)
      const now = clock()
      const decided = await login.decide({ id, choice, authentication: phoneAuthentication(by, now), known })
      if ('refused' in decided) return decided
      const { outcome, clientId } = decided
      if (outcome === 'approved')
        trail.record({
          at: now,
          kind: 'login.proved',
          practitionerId: practitioner.id,
          clientId,
          detail: 'MOBILE',
        })
      return { outcome }
    },
    async cancel(id, reason) {
      await loginOf(id)?.cancelApproval(id, reason)
    },
  }
}

async function resolve(
  scanned: { readonly qr: string } | { readonly code: string },
  pairings: DurableObjectNamespace<PairingObject>,
): Promise<
  | { login: ObjectName; by: { means: 'qr' | 'code'; digest: Digest } }
  | { refused: 'unknown' | 'expired' | 'already-paired' }
> {
  if ('qr' in scanned) {
    const read = readPairingText(scanned.qr)
    return read === undefined
      ? { refused: 'unknown' }
      : { login: read.login, by: { means: 'qr', digest: await digest(read.secret) } }
  }
  const code = readPairingCode(scanned.code)
  if (code === undefined) return { refused: 'unknown' }
  const codeDigest = await digest(code)
  const resolved = await pairings.getByName(codeDigest).resolve('login')
  return 'refused' in resolved
    ? resolved
    : { login: resolved.name, by: { means: 'code', digest: codeDigest } }
}
