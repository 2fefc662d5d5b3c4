import { base64url } from 'jose'
import { APPROVAL_LIFETIME, type Approval, NONE } from '../../src/ecps/approval.ts'
import type { Approvals } from '../../src/ecps/approvals.ts'
import { addressed, newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { after, type Clock, systemClock } from '../../src/kernel/instant.ts'

interface Asked {
  readonly approval: Approval
  readonly code: string
  state: 'unpaired' | 'waiting' | 'approved' | 'wrong-code' | 'denied' | 'two-at-once' | 'device-revoked'
  by: Parameters<Approvals['decide']>[2] | undefined
}

/** Logins that wait for a phone, as the mire keeps them: one attempt, once, for one person. */
export class WaitingLogins implements Approvals {
  readonly asked: Asked[] = []
  clock: Clock

  constructor(clock: Clock = systemClock) {
    this.clock = clock
  }

  /** A request for approval. Without a person it waits for a phone to fetch it by its typed code. */
  ask(
    practitionerId: string | undefined,
    { service = 'Dossier Démo', lifetime = APPROVAL_LIFETIME, login = newObjectName(systemEntropy) } = {},
  ): Asked {
    const id = addressed(login, base64url.encode(systemEntropy(16)))
    const askedAt = this.clock()
    const expiresAt = after(askedAt, lifetime)
    const context = JSON.stringify({
      approval: id,
      clientId: 'dossier-demo',
      service,
      place: { city: 'Lyon', country: 'FR', network: 'Réseau Démo' },
      browser: 'Chrome, Windows',
      bonded: practitionerId !== undefined,
      askedAt,
      expiresAt,
    })
    const approval: Approval = {
      id,
      practitionerId: practitionerId ?? '',
      nonce: base64url.encode(systemEntropy(32)),
      context,
      code: '47',
      values: ['82', '47', '15'],
      expiresAt,
    }
    const asked: Asked = {
      approval,
      code: base64url.encode(systemEntropy(6)),
      state: practitionerId === undefined ? 'unpaired' : 'waiting',
      by: undefined,
    }
    this.asked.push(asked)
    return asked
  }

  async pair(scanned: { readonly qr: string } | { readonly code: string }, practitionerId: string) {
    const typed = 'qr' in scanned ? scanned.qr : scanned.code
    const index = this.asked.findIndex(({ code }) => code === typed)
    const found = this.asked[index]
    if (found === undefined) return { refused: 'unknown' as const }
    if (found.state !== 'unpaired') return { refused: 'already-paired' as const }
    if (found.approval.expiresAt <= this.clock()) return { refused: 'expired' as const }
    const approval = { ...found.approval, practitionerId }
    this.asked[index] = { ...found, approval, state: 'waiting' }
    return { approval }
  }

  async find(id: string, practitionerId: string) {
    const found = this.asked.find(({ approval }) => approval.id === id)
    return found?.state === 'waiting' && found.approval.practitionerId === practitionerId
      ? found.approval
      : undefined
  }

  async decide(id: string, choice: string, by: Parameters<Approvals['decide']>[2]) {
    const found = this.asked.find(({ approval }) => approval.id === id)
    if (found === undefined) return { refused: 'gone' as const }
    if (found.state !== 'waiting') return { refused: 'already-decided' as const }
    if (found.approval.expiresAt <= this.clock()) return { refused: 'expired' as const }
    const outcome = choice === found.approval.code ? 'approved' : choice === NONE ? 'denied' : 'wrong-code'
    found.state = outcome
    found.by = by
    return { outcome } as const
  }

  async cancel(id: string, reason: 'two-at-once' | 'device-revoked') {
    const found = this.asked.find(({ approval }) => approval.id === id)
    if (found?.state === 'waiting') found.state = reason
  }

  state(id: string): Asked['state'] | undefined {
    return this.asked.find(({ approval }) => approval.id === id)?.state
  }
}
