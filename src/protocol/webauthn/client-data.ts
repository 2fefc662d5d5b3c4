import { base64url } from 'jose'
import * as z from 'zod'

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
