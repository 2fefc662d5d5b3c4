import type { JSONWebKeySet } from 'jose'
import * as z from 'zod'
import { digest } from '../kernel/digest.ts'
import { type Entropy, type Handle, newHandle, newObjectName } from '../kernel/handle.ts'
import { ClientId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import { type ClientMetadata, clientMetadata } from '../protocol/oauth/client-metadata.ts'
import { OAuthError } from '../protocol/oauth/errors.ts'
import { notPublic } from '../protocol/oauth/public-uri.ts'
import { strictMetadata } from '../protocol/oauth/strict-metadata.ts'
import type { RelyingParty } from './relying-party.ts'
import { acceptedBefore, type Stated, verifySoftwareStatement } from './software-statement.ts'

/** Under which rules parties register themselves. */
export interface RegistrationRules {
  /**
   * `sandbox`: whoever asks, with any right, *compatible* unless they ask for *strict*. `production`: *strict*, with
   * no right but what a software statement gives them, sent back to https, told of logouts at public addresses only.
   */
  readonly deployment: 'sandbox' | 'production'
  /** Keys that sign software statements. */
  readonly statementKeys: JSONWebKeySet | undefined
}

/** A party that has just registered or changed. A new secret is told now and never again: only its digest is kept. */
export interface Registration {
  readonly party: RelyingParty
  readonly secret: Handle | undefined
}

const Members = z.record(z.string(), z.unknown())
/** Our own member: which rules the party is held to. */
const Profile = z.enum(['compatible', 'strict'])
/** Members that are rights rather than descriptions. */
const RIGHTS = ['serment_introspection', 'serment_api', 'serment_authority', 'serment_profile'] as const

/**
 * Registers whoever asks (RFC 7591 §3): active, under a name and secret of ours.
 * @throws OAuthError `invalid_redirect_uri`, `invalid_client_metadata`, `invalid_software_statement` or
 * `unapproved_software_statement` (RFC 7591 §3.2.2).
 */
export async function register(
  request: unknown,
  rules: RegistrationRules,
  entropy: Entropy,
  now: Instant,
): Promise<Registration> {
  return described(request, rules, entropy, now, undefined)
}

/**
 * Replaces what a party said of itself (RFC 7592 §2.2): all of it, what is left out included. Its name here, its
 * status, and rights that it has already stay; so does its secret, as long as it uses one.
 * @throws OAuthError as `register`
 */
export async function update(
  request: unknown,
  before: RelyingParty,
  rules: RegistrationRules,
  entropy: Entropy,
  now: Instant,
): Promise<Registration> {
  return described(request, rules, entropy, now, before)
}

async function described(
  request: unknown,
  rules: RegistrationRules,
  entropy: Entropy,
  now: Instant,
  before: RelyingParty | undefined,
): Promise<Registration> {
  const asked = Members.safeParse(request)
  if (!asked.success) throw invalid('the metadata is not a JSON object')
  const stated = await statement(asked.data.software_statement, rules, now, before)
  if (rules.deployment === 'production') checkRights(asked.data, stated, before)
  const said = { ...asked.data, ...stated }
  const usual = rules.deployment === 'sandbox' ? 'compatible' : 'strict'
  const profile = Profile.default(usual).safeParse(said.serment_profile)
  if (!profile.success) throw invalid('serment_profile must be compatible or strict')
  const metadata = clientMetadata(profile.data === 'strict' ? strictMetadata(said) : said)
  if (rules.deployment === 'production') checkAddresses(metadata)
  const back = metadata.backchannel_logout_uri
  const why = back === undefined || rules.deployment === 'sandbox' ? undefined : notPublic(back)
  if (why !== undefined) throw invalid(`backchannel_logout_uri ${why}`)
  const isKept = before?.secretDigest !== undefined && usesSecret(metadata)
  const secret = usesSecret(metadata) && !isKept ? newHandle(entropy) : undefined
  return {
    party: {
      clientId: before?.clientId ?? ClientId.parse(newObjectName(entropy)),
      name: nameOf(metadata),
      profile: profile.data,
      status: before?.status ?? 'active',
      secretDigest: isKept ? before.secretDigest : secret && (await digest(secret)),
      metadata,
    },
    secret,
  }
}

async function statement(
  sent: unknown,
  rules: RegistrationRules,
  now: Instant,
  before: RelyingParty | undefined,
): Promise<Stated> {
  if (sent === undefined) return {}
  if (typeof sent !== 'string')
    throw new OAuthError('invalid_software_statement', 'software_statement is no text')
  return sent === before?.metadata.software_statement
    ? acceptedBefore(sent)
    : verifySoftwareStatement(sent, rules.statementKeys, now)
}

/** A right is stated, or had already; nobody gives one to themselves. */
function checkRights(asked: Stated, stated: Stated, before: RelyingParty | undefined): void {
  const held: Stated = before === undefined ? {} : { ...before.metadata, serment_profile: before.profile }
  for (const right of RIGHTS) {
    const value = asked[right]
    const isNone = value === undefined || value === false || value === 'strict'
    if (isNone || right in stated || same(value, held[right])) continue
    throw invalid(`${right} takes a software statement, or an operator`)
  }
}

/**
 * RFC 9700 §2.6: "authorization servers MUST NOT allow redirection URIs that use the http scheme except for native
 * clients that use loopback interface redirection". In the sandbox a web service on its developer's machine may.
 */
function checkAddresses({
  application_type,
  redirect_uris,
  post_logout_redirect_uris,
}: ClientMetadata): void {
  const plain = [...redirect_uris, ...post_logout_redirect_uris].find((uri) => /^http:/i.test(uri))
  if (plain === undefined || application_type === 'native') return
  throw new OAuthError(
    'invalid_redirect_uri',
    `redirect URI '${plain.slice(0, 120)}' must be https (RFC 9700 section 2.6)`,
  )
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const usesSecret = ({ token_endpoint_auth_method: method }: ClientMetadata): boolean =>
  method === 'client_secret_basic' || method === 'client_secret_post'

/** What the mire calls the service: its own name, else where it lives. */
function nameOf({ client_name: name, redirect_uris: [first] }: ClientMetadata): string {
  if (name !== undefined) return name
  const url = first === undefined ? undefined : new URL(first)
  return url === undefined || url.host === '' ? 'Application' : url.host
}

const invalid = (why: string) => new OAuthError('invalid_client_metadata', why)
