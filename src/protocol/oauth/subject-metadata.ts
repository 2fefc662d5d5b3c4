import * as z from 'zod'
import { CIBA_GRANT } from './backchannel-metadata.ts'
import { OAuthError } from './errors.ts'

/** Whether every client sees the same `sub`, or each sector its own (OIDC Core §8). */
export const SUBJECT_TYPES = ['public', 'pairwise'] as const

export const SUBJECT_MEMBERS = {
  subject_type: z.enum(SUBJECT_TYPES, 'must be public or pairwise').default('public'),
  sector_identifier_uri: z.url().max(2048).optional(),
}

interface SubjectMetadata {
  readonly subject_type: (typeof SUBJECT_TYPES)[number]
  readonly sector_identifier_uri?: string | undefined
  readonly redirect_uris: readonly string[]
  readonly grant_types: readonly string[]
  readonly token_endpoint_auth_method: string
  readonly jwks_uri?: string | undefined
}

/** Grants that give tokens to whoever asks, and not to who answers at a redirect URI (CIBA Core §4, RFC 8628 §3.4). */
const WITHOUT_REDIRECT: readonly string[] = [CIBA_GRANT, 'urn:ietf:params:oauth:grant-type:device_code']
/** Methods that need the private half of a key at `jwks_uri`. */
const BY_PUBLISHED_KEY: readonly string[] = ['private_key_jwt', 'self_signed_tls_client_auth']

/**
 * The sector in which a pairwise `sub` is one and the same: the host that all redirect URIs share (OIDC Core §8.1).
 * `undefined` when they do not share one.
 */
export function sectorOf({
  redirect_uris: uris,
}: Pick<SubjectMetadata, 'redirect_uris'>): string | undefined {
  const hosts = new Set(uris.map((uri) => (URL.canParse(uri) ? new URL(uri).hostname : '')))
  const [host] = hosts
  return hosts.size === 1 && host !== '' ? host : undefined
}

/**
 * Holds the members to OIDC Core §8.1. The file at `sector_identifier_uri` is not fetched, so the member is taken
 * only where it says what the redirect URIs say already.
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2)
 */
export function checkSubjectMetadata(metadata: SubjectMetadata): void {
  const sector = sectorOf(metadata)
  const { sector_identifier_uri: uri } = metadata
  if (uri !== undefined && (!uri.startsWith('https://') || new URL(uri).hostname !== sector)) {
    throw invalid('sector_identifier_uri must be https and on the one host of all redirect URIs')
  }
  if (metadata.subject_type === 'pairwise' && sector === undefined) {
    throw invalid('pairwise subjects need redirect URIs on one host')
  }
  // CIBA Core §4: where no redirect URI has to be reached, anybody could name a sector that is not theirs, so they sign
  // with keys that are published in it.
  if (
    metadata.subject_type === 'pairwise' &&
    metadata.grant_types.some((one) => WITHOUT_REDIRECT.includes(one))
  ) {
    const publishes = metadata.jwks_uri !== undefined && new URL(metadata.jwks_uri).hostname === sector
    if (!publishes || !BY_PUBLISHED_KEY.includes(metadata.token_endpoint_auth_method))
      throw invalid(
        'pairwise subjects without redirects need keys at a jwks_uri on the host of the redirect URIs',
      )
  }
}

const invalid = (why: string) => new OAuthError('invalid_client_metadata', `${why} (OIDC Core section 8.1)`)
