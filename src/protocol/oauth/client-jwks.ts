import * as z from 'zod'
import { OAuthError } from './errors.ts'
import { notPublic } from './public-uri.ts'

/** 8192 bits in base64url: a larger modulus would only make whoever verifies work. */
const LONGEST_MEMBER = 1400
const MOST_KEYS = 20

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/** A public key of a client (RFC 7517 §4). */
export const PublicJwk = z
  .looseObject({
    kty: z.enum(['RSA', 'EC', 'OKP'], 'must be RSA, EC or OKP'),
    kid: z.string().max(255).optional(),
    use: z.string().optional(),
    alg: z.string().optional(),
    n: z.string().max(LONGEST_MEMBER).optional(),
    e: z.string().max(16).optional(),
  })
  // RFC 7591 §2: `jwks` holds public keys. A private one was published by mistake: say so at once.
  .refine((key) => !PRIVATE_MEMBERS.some((member) => member in key), 'has private members')
export type PublicJwk = z.infer<typeof PublicJwk>

/** A set that is registered by value: every key must be one. */
export const RegisteredJwks = z.object({ keys: z.array(PublicJwk).min(1).max(MOST_KEYS) })

const AnySet = z.object({ keys: z.array(z.unknown()) })

/**
 * The usable keys of a set that a client publishes, `undefined` when it is no set at all. Keys of a kind that we do
 * not know are passed over (RFC 7517 §5), and so are private and symmetric ones: what the world can read proves
 * nothing.
 */
export function publishedJwks(input: unknown): { keys: PublicJwk[] } | undefined {
  const set = AnySet.safeParse(input)
  if (!set.success) return undefined
  const keys = set.data.keys.slice(0, MOST_KEYS).flatMap((key) => {
    const parsed = PublicJwk.safeParse(key)
    return parsed.success ? [parsed.data] : []
  })
  return { keys }
}

/**
 * A `jwks_uri` that we will fetch (RFC 7591 §2): https on its own port, at a name of the public DNS. Whoever registers
 * it chooses where we go, so addresses, ports and inward names are refused here, and redirects when it is fetched.
 * @throws OAuthError `invalid_client_metadata`
 */
export function fetchableJwksUri(uri: string): string {
  const why = notPublic(uri)
  if (why !== undefined) throw new OAuthError('invalid_client_metadata', `jwks_uri ${why}`)
  return uri
}
