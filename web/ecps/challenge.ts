import { decode, encode } from './base64url.ts'

/** The choice that means "none of these, or I did not ask". */
export const NONE = 'none'

const encoder = new TextEncoder()
const utf8 = (text: string) => new Uint8Array(encoder.encode(text))

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

/**
 * What the passkey signs for one choice: SHA-256 of `serment-approval-v1` ‖ nonce ‖ SHA-256(context) ‖ choice,
 * base64url. The server's src/ecps/approval.ts computes the same; one vector holds both.
 */
export async function approvalChallenge(nonce: string, context: string, choice: string): Promise<string> {
  const parts = [utf8('serment-approval-v1'), decode(nonce), await sha256(utf8(context)), utf8(choice)]
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return encode(await sha256(all))
}

/**
 * The challenges of every choice of a request, made before any is tapped: the tap then calls the passkey at once,
 * which Safari before 17.4 asks for.
 */
export async function challengesOf(request: {
  readonly nonce: string
  readonly context: string
  readonly values: readonly string[]
}): Promise<ReadonlyMap<string, string>> {
  const choices = [...request.values, NONE]
  const all = await Promise.all(
    choices.map((choice) => approvalChallenge(request.nonce, request.context, choice)),
  )
  return new Map(choices.map((choice, index) => [choice, all[index] ?? '']))
}
