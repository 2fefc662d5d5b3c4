import type { ShownCard } from '../cards/card-reader.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Authentication } from './authentication.ts'

/**
 * What a card proves. RFC 8176 §2: a smart card (`sc`) whose key never leaves it (`hwk`) answered (`pop`) after its PIN
 * (`pin`): two factors (`mfa`). EAP ACR Values 1.0 §2 `phrh`: the browser shows the certificate to the host that asks
 * over TLS and to nobody who relays, and the key is protected by hardware.
 */
export const cardAuthentication = (
  { practitioner, reference }: Pick<ShownCard, 'practitioner' | 'reference'>,
  now: Instant,
): Authentication => ({
  practitioner,
  authMode: 'CARD',
  contextClass: 'phrh',
  amr: ['sc', 'pin', 'mfa', 'hwk', 'pop'],
  authTime: now,
  card: reference,
})
