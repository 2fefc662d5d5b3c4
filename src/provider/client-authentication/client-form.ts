import type { EventKind } from '../../audit/event.ts'
import type { Trail } from '../../audit/trail.ts'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Clock, Instant } from '../../kernel/instant.ts'
import { clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import type { PresentedCertificate } from '../../protocol/oauth/mutual-tls.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AuthenticateNeeds, authenticate } from './authenticate.ts'
import { recordRefusal } from './refused.ts'

export interface ClientFormNeeds extends Omit<AuthenticateNeeds, 'tokenEndpoint' | 'endpoints'> {
  readonly clock: Clock
  readonly trail: Trail
}

/** A form about a token, as it came. */
export interface PostedForm {
  /** Reads the form; what it throws is told like any other refusal. */
  readonly form: () => Promise<Parameters>
  /** The `Authorization` header field. */
  readonly authorization: string | undefined
  /** The certificate of the connection, if it has one. */
  readonly certificate: PresentedCertificate | undefined
  /** The addresses of this endpoint, by which an assertion may name us. */
  readonly endpoints: readonly string[]
}

/** The same, of a relying party that has proved itself. */
export interface ClientForm {
  readonly party: RelyingParty
  readonly form: Parameters
  readonly now: Instant
}

/**
 * Answers a form that a relying party posts about a token (RFC 7009 §2.1, RFC 7662 §2.1): who sends it is proved first.
 * What is thrown on the way is the refusal that is returned, and the trail has it as an event of this kind.
 */
export async function clientForm<Answer>(
  needs: ClientFormNeeds,
  posted: PostedForm,
  kind: EventKind,
  answer: (sent: ClientForm) => Promise<Answer>,
): Promise<Answer | OAuthError> {
  const now = needs.clock()
  let clientId: ClientId | undefined
  try {
    const form = await posted.form()
    const credentials = clientCredentials(posted.authorization, form)
    clientId = credentials.clientId
    const asking = { ...needs, tokenEndpoint: `${needs.issuer}/token`, endpoints: posted.endpoints }
    const party = await authenticate(asking, credentials, now, posted.certificate)
    return await answer({ party, form, now })
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    recordRefusal(needs.trail, refusal, { at: now, kind, clientId })
    return refusal
  }
}

/** @throws OAuthError `invalid_request` */
export function tokenOf(form: Parameters): string {
  const token = form.get('token')
  if (token === undefined) throw new OAuthError('invalid_request', "parameter 'token' is missing")
  return token
}
