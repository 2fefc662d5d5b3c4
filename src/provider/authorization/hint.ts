import { type PublicKeys, readIdTokenHint } from '../../protocol/oidc/id-token-hint.ts'
import type { ReadHint } from './accept.ts'

/** Reads ID tokens that we issued, for the client that they were issued to. */
export const hintReader =
  ({ signer, issuer }: { readonly signer: PublicKeys; readonly issuer: string }): ReadHint =>
  async (hint, clientId) => {
    const identity = await readIdTokenHint(hint, await signer.jwks(), issuer)
    return identity?.audience.includes(clientId) ? identity.subject : undefined
  }
