import { waitUntil } from 'cloudflare:workers'
import { type JSONWebKeySet, SignJWT } from 'jose'
import { after, type Clock, type Instant } from '../kernel/instant.ts'
import type { KeyRingObject } from './key-ring.object.ts'
import { SIGNING_ALGORITHMS, type Signer } from './signer.ts'
import { type SigningKey, WEB_CRYPTO } from './signing-key.ts'
import { keyEncryptionKey, unwrap } from './wrapping.ts'

/** How long an isolate believes its copy of the ring, in seconds. Far below ANNOUNCEMENT and RETIREMENT. */
const FRESH = 300

/**
 * The order of the JWKS, for the clients that take the first key they find: what signs before what does not, and of
 * those RS256, which everybody understands.
 */
const STATES = ['active', 'next', 'retired']
const rank = ({ state, alg }: SigningKey): number =>
  STATES.indexOf(state) * SIGNING_ALGORITHMS.length + SIGNING_ALGORITHMS.indexOf(alg)

/** The ring as this isolate knows it. `jwks` is one object for as long, so that verifiers can keep imported keys by it. */
interface Copy {
  readonly keys: readonly SigningKey[]
  readonly jwks: JSONWebKeySet
  readonly until: Instant
}

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
  let copy: Copy | undefined
  let loading: Promise<Copy> | undefined
  const unwrapped = new Map<string, Promise<CryptoKey>>()

  const load = async (): Promise<Copy> => {
    try {
      const keys = await needs.ring.getByName('ring').ring()
      keys.sort((a, b) => rank(a) - rank(b))
      copy = { keys, jwks: { keys: keys.map((key) => key.publicJwk) }, until: after(needs.clock(), FRESH) }
      for (const kid of unwrapped.keys()) if (!keys.some((key) => key.kid === kid)) unwrapped.delete(kid)
      return copy
    } catch (error) {
      // Keys stay valid for a day after they are replaced: an old copy is better than no sign-in at all.
      if (copy !== undefined) return copy
      throw error
    } finally {
      loading = undefined
    }
  }

  const current = async (): Promise<Copy> => {
    if (copy !== undefined && needs.clock() < copy.until) return copy
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

  return {
    async sign(claims, { typ, alg }) {
      const { keys } = await current()
      const key = keys.find((candidate) => candidate.alg === alg && candidate.state === 'active')
      if (key === undefined) throw new Error(`The ring holds no active ${alg} key`)
      return new SignJWT(claims).setProtectedHeader({ alg, typ, kid: key.kid }).sign(await privateKey(key))
    },
    async jwks() {
      return (await current()).jwks
    },
  }
}
