// oidc-provider ships no types; these are of what the benchmark uses.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { JWK } from 'jose'

  export interface KoaContext {
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly method: string
    readonly path: string
    body: unknown
    readonly oidc: {
      readonly client: { readonly clientId: string }
      readonly session: { readonly accountId: string; grantIdFor(clientId: string): string | undefined }
      readonly provider: Provider
    }
  }
  interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  /** What a client asked for from its own server (CIBA Core §7). */
  export interface BackchannelRequest {
    readonly jti: string
    readonly accountId: string
    readonly clientId: string
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown> & { jwks: { keys: JWK[] } })
    readonly Grant: {
      new (properties: { accountId: string; clientId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    readonly BackchannelAuthenticationRequest: {
      find(id: string): Promise<BackchannelRequest | undefined>
    }
    backchannelResult(request: BackchannelRequest, result: Grant): Promise<void>
    use(middleware: (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>): void
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ readonly uid: string }>
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: { login: { accountId: string } },
    ): Promise<string>
  }
}
