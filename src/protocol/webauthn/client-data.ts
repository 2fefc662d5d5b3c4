import { base64url } from 'jose'
import * as z from 'zod'
import type { WebAuthnPolicy } from './policy.ts'

/** The fields of collected client data that we decide on (WebAuthn L3 §5.8.1). */
export interface ClientData {
  readonly type: string
  /** base64url, as the options carried it. */
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

const ClientData = z.object({
  type: z.string(),
  challenge: z.string().regex(/^[A-Za-z0-9_-]{1,512}$/),
  origin: z.string(),
  crossOrigin: z.boolean().default(false),
})

/** What a ceremony was begun with. `challenge` is the value expected (base64url) or a predicate over the one signed. */
export interface Ceremony {
  readonly policy: WebAuthnPolicy
  readonly challenge: string | ((challenge: string) => boolean | Promise<boolean>)
}

/**
 * Why client data does not belong to this ceremony, if it does not (WebAuthn L3 §7.1, §7.2: challenge, origin,
 * crossOrigin). The library checks the first two again; said here for their own reasons.
 */
export async function foreign(
  { challenge: signed, origin, crossOrigin }: ClientData,
  { policy, challenge }: Ceremony,
): Promise<'challenge' | 'origin' | 'cross-origin' | undefined> {
  const asked = typeof challenge === 'string' ? signed === challenge : await challenge(signed)
  if (!asked) return 'challenge'
  if (origin !== policy.origin) return 'origin'
  return crossOrigin ? 'cross-origin' : undefined
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Client data from its base64url text, or `undefined` for anything else. Never throws. */
export function readClientData(text: string): ClientData | undefined {
  try {
    const parsed = ClientData.safeParse(JSON.parse(decoder.decode(base64url.decode(text))))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
