import type { JSONWebKeySet } from 'jose'
import * as z from 'zod'
import { type Lifetimes, lifetimesOf } from './kernel/lifetimes.ts'
import { TRUST_ENVIRONMENTS, type TrustEnvironment } from './trust/authority.ts'
import { REVOCATION_UNKNOWN, type RevocationUnknown } from './trust/examine.ts'

const key = z.string().regex(/^[A-Za-z0-9_-]{43}=?$/, '32 bytes in base64url')

/** A public JWK set as text (RFC 7517 §5). Each key has a `kid`, so that a signer can be told from another. */
const keySet = z.string().transform((text, context) => {
  const parsed = KeySet.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  context.addIssue('a JSON Web Key Set of public keys, each with a kid')
  return z.NEVER
})
const KeySet = z.object({
  keys: z
    .array(
      z
        .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), kid: z.string().min(1) })
        .refine((jwk) => !('d' in jwk)),
    )
    .min(1),
})

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const Settings = z
  .object({
    ENVIRONMENT: z.enum(['sandbox', 'production']),
    ISSUER: z.url(),
    PRODUCT_NAME: z.string().min(1).max(40),
    USER_STORE_ID: z.uuid(),
    KEY_ENCRYPTION_KEY: key,
    NAMING_KEY: key,
    MTLS_ORIGIN: z.url().optional(),
    MTLS_OTHER_ORIGIN: z.url().optional(),
    INITIAL_ACCESS_TOKEN_DIGEST: key.optional(),
    SOFTWARE_STATEMENT_KEYS: keySet.optional(),
    TRUST_ENVIRONMENT: z.enum(TRUST_ENVIRONMENTS).optional(),
    REVOCATION_UNKNOWN: z.enum(REVOCATION_UNKNOWN).default('refuse'),
    AUDIT_PERSONAL_DAYS: z.coerce.number().int().min(1).optional(),
  })
  .refine(
    (vars) => new URL(vars.ISSUER).origin === vars.ISSUER,
    'ISSUER is an origin: scheme, host, port, no slash at the end',
  )
  .refine(
    ({ MTLS_ORIGIN: first, MTLS_OTHER_ORIGIN: second, ISSUER: issuer }) =>
      [first, second].every(
        (origin) => origin === undefined || (isHttpsOrigin(origin) && !isSameHost(origin, issuer)),
      ),
    'MTLS_ORIGIN and MTLS_OTHER_ORIGIN are https origins of other hosts than ISSUER: a browser must not be asked for a certificate there, nor send its cookies here',
  )
  .refine(
    (vars) => vars.ENVIRONMENT === 'sandbox' || vars.ISSUER.startsWith('https://'),
    'ISSUER is https in production',
  )
  .refine(
    (vars) => vars.ENVIRONMENT === 'production' || vars.TRUST_ENVIRONMENT !== 'production',
    'TRUST_ENVIRONMENT is test in the sandbox: whoever has its public keys could sign in for the holder of a real card',
  )

const isHttpsOrigin = (url: string): boolean => new URL(url).origin === url && url.startsWith('https://')

/** Cookies do not know ports (RFC 6265 §8.5), nor does the edge where it asks for certificates. */
const isSameHost = (a: string, b: string): boolean => new URL(a).hostname === new URL(b).hostname

/** What a deployment says of itself, parsed once an isolate. Capabilities get their slice, never the bindings. */
export interface Settings {
  readonly environment: 'sandbox' | 'production'
  /** Issuer identifier (OIDC Discovery §3), an origin. */
  readonly issuer: string
  /** Whether the issuer is https: cookies carry `Secure` and `__Host-`, pages HSTS. */
  readonly secure: boolean
  /** WebAuthn RP ID: the issuer's host. */
  readonly rpId: string
  readonly productName: string
  readonly userStoreId: string
  readonly keyEncryptionKey: string
  readonly namingKey: string
  /** The host that asks for client certificates, where there is one (RFC 8705 §5). */
  readonly mtlsOrigin: string | undefined
  /**
   * The same host, and its second name where it has one: a browser keeps its choice of certificate for a name until it
   * is closed, so another card is shown to another name.
   */
  readonly cardOrigins: readonly string[]
  /**
   * Digest of the token by which services register (RFC 7591 §3). Without one, in production, nobody registers but by
   * an operator's hand.
   */
  readonly initialAccessTokenDigest: string | undefined
  /** Keys that sign software statements (RFC 7591 §2.3). */
  readonly softwareStatementKeys: JSONWebKeySet | undefined
  /** Whose certificates are accepted: those of test authorities or of real ones, never both. */
  readonly trustEnvironment: TrustEnvironment
  /** What becomes of a certificate of which neither list nor responder can say that it is not revoked. */
  readonly revocationUnknown: RevocationUnknown
  /** Days after which an entry of the trail loses person, place and detail; `undefined` keeps them. */
  readonly auditPersonalDays: number | undefined
  readonly lifetimes: Lifetimes
}

/** @throws a `ZodError` naming the variable at fault: a deployment that is not configured does not start. */
export function settingsOf(vars: unknown): Settings {
  const parsed = Settings.parse(vars)
  const issuer = new URL(parsed.ISSUER)
  return {
    environment: parsed.ENVIRONMENT,
    issuer: parsed.ISSUER,
    secure: issuer.protocol === 'https:',
    rpId: issuer.hostname,
    productName: parsed.PRODUCT_NAME,
    userStoreId: parsed.USER_STORE_ID,
    keyEncryptionKey: parsed.KEY_ENCRYPTION_KEY,
    namingKey: parsed.NAMING_KEY,
    mtlsOrigin: parsed.MTLS_ORIGIN,
    cardOrigins: [parsed.MTLS_ORIGIN, parsed.MTLS_OTHER_ORIGIN].filter((origin) => origin !== undefined),
    initialAccessTokenDigest: parsed.INITIAL_ACCESS_TOKEN_DIGEST?.replace('=', ''),
    softwareStatementKeys: parsed.SOFTWARE_STATEMENT_KEYS,
    trustEnvironment: parsed.TRUST_ENVIRONMENT ?? (parsed.ENVIRONMENT === 'sandbox' ? 'test' : 'production'),
    revocationUnknown: parsed.REVOCATION_UNKNOWN,
    auditPersonalDays: parsed.AUDIT_PERSONAL_DAYS,
    lifetimes: lifetimesOf(vars),
  }
}
