import * as z from 'zod'
import { digest } from '../kernel/digest.ts'
import { type Entropy, type Handle, newHandle, newObjectName } from '../kernel/handle.ts'
import { ClientId } from '../kernel/identifiers.ts'
import { type ClientMetadata, clientMetadata } from '../protocol/oauth/client-metadata.ts'
import { OAuthError } from '../protocol/oauth/errors.ts'
import type { RelyingParty } from './relying-party.ts'

/** A party that has just registered. The secret is told now and never again: only its digest is kept. */
export interface Registration {
  readonly party: RelyingParty
  readonly secret: Handle | undefined
}

/** Our own member: which rules the party is held to. Without it, those that today's services live under. */
const Profile = z.object({ serment_profile: z.enum(['compatible', 'strict']).default('compatible') })

/**
 * The policy of open registration (RFC 7591 §3): who asks is registered, active, under a name and secret of ours.
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata` (RFC 7591 §3.2.2).
 */
export async function register(request: unknown, entropy: Entropy): Promise<Registration> {
  const metadata = clientMetadata(request)
  const profile = Profile.safeParse(request)
  if (!profile.success) {
    throw new OAuthError('invalid_client_metadata', 'serment_profile must be compatible or strict')
  }
  const secret = usesSecret(metadata) ? newHandle(entropy) : undefined
  return {
    party: {
      clientId: ClientId.parse(newObjectName(entropy)),
      name: nameOf(metadata),
      profile: profile.data.serment_profile,
      status: 'active',
      secretDigest: secret === undefined ? undefined : await digest(secret),
      metadata,
    },
    secret,
  }
}

const usesSecret = ({ token_endpoint_auth_method: method }: ClientMetadata): boolean =>
  method === 'client_secret_basic' || method === 'client_secret_post'

/** What the mire calls the service: its own name, else where it lives. */
function nameOf({ client_name: name, redirect_uris: [first] }: ClientMetadata): string {
  if (name !== undefined) return name
  const url = first === undefined ? undefined : new URL(first)
  return url === undefined || url.host === '' ? 'Application' : url.host
}
