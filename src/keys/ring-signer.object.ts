import { waitUntil } from 'cloudflare:workers'
import { SignJWT } from 'jose'
import { after, type Clock, type Instant } from '../kernel/instant.ts'
import type { KeyRingObject } from './key-ring.object.ts'
import type { Signer, SigningAlgorithm } from './signer.ts'
import { type SigningKey, WEB_CRYPTO } from './signing-key.ts'
import { keyEncryptionKey, unwrap } from './wrapping.ts'

/** How long an isolate believes its copy of the ring, in seconds. Far below ANNOUNCEMENT and RETIREMENT. */
const FRESH = 300

/** The order of the JWKS: what signs first, for the clients that take the first key they find. */
const ORDER = ['active', 'next', 'retired']

export interface RingSignerNeeds {
  readonly ring: DurableObjectNamespace<KeyRingObject>
  /** 32 bytes, base64url. */
  readonly keyEncryptionKey: string
  readonly clock: Clock
}

/**
 * The signer of an isolate. Cold, it costs one call of the ring and, for each algorithm used, one unwrapping; warm,
 * nothing. Callers that arrive while it is cold wait for the same answer.
 */
export function ringSigner(needs: RingSignerNeeds): Signer {
  let copy: { readonly keys: readonly SigningKey[]; readonly until: Instant } | undefined
  let loading: Promise<readonly SigningKey[]> | undefined
  const unwrapped = new Map<string, Promise<CryptoKey>>()

  const load = async (): Promise<readonly SigningKey[]> => {
    try {
      const keys = await needs.ring.getByName('ring').ring()
      copy = { keys, until: after(needs.clock(), FRESH) }
      for (const kid of unwrapped.keys()) if (!keys.some((key) => key.kid === kid)) unwrapped.delete(kid)
      return keys
    } catch (error) {
      // Keys stay valid for a day after they are replaced: an old copy is better than no sign-in at all.
      if (copy !== undefined) return copy.keys
      throw error
    } finally {
      loading = undefined
    }
  }

  const keys = async (): Promise<readonly SigningKey[]> => {
    if (copy !== undefined && needs.clock() < copy.until) return copy.keys
    if (loading === undefined) {
      loading = load()
      // Others wait on this request's call: it must end even if this request's client goes away.
      waitUntil(
        loading.then(
          () => undefined,
          () => undefined,
        ),
      )
    }
    return loading
  }

  const privateKey = (key: SigningKey): Promise<CryptoKey> => {
    const known = unwrapped.get(key.kid)
    if (known !== undefined) return known
    const fresh = keyEncryptionKey(needs.keyEncryptionKey).then((kek) =>
      unwrap(key.wrapped, key.kid, kek, WEB_CRYPTO[key.alg]),
    )
    unwrapped.set(key.kid, fresh)
    fresh.catch(() => unwrapped.delete(key.kid))
    return fresh
  }

  const active = (ring: readonly SigningKey[], alg: SigningAlgorithm): SigningKey => {
    const key = ring.find((candidate) => candidate.alg === alg && candidate.state === 'active')
    if (key === undefined) throw new Error(`The ring holds no active ${alg} key`)
    return key
  }

  return {
    async sign(claims, { typ, alg }) {
      const key = active(await keys(), alg)
      return new SignJWT(claims).setProtectedHeader({ alg, typ, kid: key.kid }).sign(await privateKey(key))
    },
    async jwks() {
      const ring = [...(await keys())].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
      return { keys: ring.map((key) => key.publicJwk) }
    },
  }
}
