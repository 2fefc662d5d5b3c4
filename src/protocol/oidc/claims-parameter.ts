import * as z from 'zod'
import { OAuthError } from '../oauth/errors.ts'
import { ACR_VALUES, type Acr, acrAmong } from './acr.ts'

/** How many claims may be asked for in one place, and how long a name may be. */
const MOST_CLAIMS = 64
const LONGEST = 256

/** OIDC Core §5.5.1: `null`, or how much it is wanted and which value. Other members are ignored, as it says. */
const Wish = z.union([
  z.null(),
  z.object({
    essential: z.boolean().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).min(1).max(MOST_CLAIMS).optional(),
  }),
])
const Wishes = z
  .record(z.string().min(1).max(LONGEST), Wish)
  .refine((wishes) => Object.keys(wishes).length <= MOST_CLAIMS, `more than ${MOST_CLAIMS} claims`)

/** `userinfo` and `id_token`; other members are ignored (OIDC Core §5.5). */
const ClaimsParameter = z.object({ userinfo: Wishes.optional(), id_token: Wishes.optional() })

/** What the `claims` parameter asks, beyond what scopes do. */
export interface ClaimsRequest {
  /** Names of claims to put into userinfo, and into the ID token. Wished for only: whether they are had is not said. */
  readonly userinfo: readonly string[]
  readonly idToken: readonly string[]
  /** `sub` with a value: only this person may answer (§5.5.1). */
  readonly subject: string | undefined
  /** `acr` with values: as `acr_values`, and where it is essential, an error when none of them is reached (§5.5.1.1). */
  readonly acr: { readonly values: readonly Acr[]; readonly essential: boolean } | undefined
}

export const NO_CLAIMS: ClaimsRequest = { userinfo: [], idToken: [], subject: undefined, acr: undefined }

/**
 * Parses a `claims` parameter (OIDC Core §5.5).
 * @throws OAuthError `invalid_request` when it is not what §5.5 describes.
 */
export function claimsRequest(text: string | undefined): ClaimsRequest {
  if (text === undefined) return NO_CLAIMS
  const parsed = ClaimsParameter.safeParse(json(text))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw malformed(`${issue?.path.join('.') || 'claims'}: ${issue?.message ?? 'is not valid'}`)
  }
  const { userinfo = {}, id_token: idToken = {} } = parsed.data
  return {
    userinfo: Object.keys(userinfo),
    idToken: Object.keys(idToken),
    subject: subjectOf(idToken, userinfo),
    acr: acrOf(idToken),
  }
}

type Wishes = z.infer<typeof Wishes>

const wished = (wishes: Wishes, name: string) => {
  const wish = Object.hasOwn(wishes, name) ? wishes[name] : undefined
  if (wish === undefined || wish === null) return undefined
  const values = wish.values ?? (wish.value === undefined ? [] : [wish.value])
  return { essential: wish.essential === true, values }
}

/** One `sub` for both places; it can only be one person (§5.5.1). */
function subjectOf(...places: readonly Wishes[]): string | undefined {
  const values = new Set(places.flatMap((place) => wished(place, 'sub')?.values ?? []))
  if (values.size > 1) throw malformed('sub must have one value')
  const [value] = values
  if (value !== undefined && typeof value !== 'string') throw malformed('sub must be text')
  return value
}

function acrOf(idToken: Wishes): ClaimsRequest['acr'] {
  const wish = wished(idToken, 'acr')
  if (wish === undefined || wish.values.length === 0) return undefined
  const values = acrAmong(wish.values.filter((value) => typeof value === 'string'))
  // Unmet Authentication Requirements §2: what nobody here can reach is refused before anybody is asked.
  if (wish.essential && values.length === 0) {
    throw new OAuthError(
      'unmet_authentication_requirements',
      `acr must be of: ${ACR_VALUES.join(', ')} (OIDC Core section 5.5.1.1)`,
    )
  }
  return { values, essential: wish.essential }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('it is not JSON')
  }
}

const malformed = (why: string) => new OAuthError('invalid_request', `parameter 'claims': ${why}`)
