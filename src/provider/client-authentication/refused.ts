import type { EventKind } from '../../audit/event.ts'
import type { Trail } from '../../audit/trail.ts'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { OAuthError } from '../../protocol/oauth/errors.ts'

/** What was refused: the kind of event, unless it was the client itself; and where, if the kind does not say it. */
export interface RefusedRequest {
  readonly at: Instant
  readonly kind: EventKind
  /** As it named itself. A client that proved nothing is named too: a secret tried again and again should be seen. */
  readonly clientId: ClientId | undefined
  readonly where?: string
}

/** Keeps the private reason of a refusal, at an endpoint where clients authenticate. */
export function recordRefusal(
  trail: Trail,
  { code, detail, description }: OAuthError,
  { at, kind, clientId, where }: RefusedRequest,
): void {
  const reason = `${code}: ${detail ?? description}`
  trail.record({
    at,
    kind: code === 'invalid_client' ? 'client.refused' : kind,
    ...(clientId === undefined ? {} : { clientId }),
    detail: where === undefined ? reason : `${where}, ${reason}`,
  })
}
