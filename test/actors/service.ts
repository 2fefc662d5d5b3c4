import { env } from 'cloudflare:workers'
import type { compose } from '../../src/compose.ts'
import { digest } from '../../src/kernel/digest.ts'
import { addressed, newHandle, newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId, type ObjectName } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'
import { objectSessions } from '../../src/sessions/session.object.ts'
import type { CodeBinding } from '../../src/sessions/sessions.ts'
import { anEntry } from './directory.ts'

export const REDIRECT_URI = 'https://dossier.example.test/callback'

type Composed = Pick<ReturnType<typeof compose>, 'app' | 'settings'>

/** The tokens of a token response, as far as tests look at them. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
}

/** A session opened as the mire would have, with the first service's code in it. */
export interface Opened {
  readonly session: ObjectName
  readonly sid: string
  readonly code: string
  readonly cookie: string
  readonly practitioner: Practitioner
}

/** A relying party in front of the composed application, registered as any would be. */
export class Service {
  readonly clientId: string
  readonly #secret: string
  readonly #composed: Composed
  readonly #env: Env
  /** The whole answer of the registration. */
  readonly registered: Record<string, unknown>

  private constructor(composed: Composed, env: Env, registered: Record<string, unknown>) {
    this.#composed = composed
    this.#env = env
    this.registered = registered
    this.clientId = String(registered.client_id)
    this.#secret = String(registered.client_secret)
  }

  static async register(
    composed: Composed,
    metadata: Record<string, unknown> = {},
    bindings: Env = env,
  ): Promise<Service> {
    const response = await composed.app.request(
      `${composed.settings.issuer}/register`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'Dossier',
          redirect_uris: [REDIRECT_URI],
          grant_types: ['authorization_code', 'refresh_token'],
          ...metadata,
        }),
      },
      bindings,
    )
    if (response.status !== 201) throw new Error(`not registered: ${await response.text()}`)
    return new Service(composed, bindings, await response.json())
  }

  get authorization(): string {
    return `Basic ${btoa(`${this.clientId}:${this.#secret}`)}`
  }

  get secret(): string {
    return this.#secret
  }

  /** A form posted with this service's secret. */
  async post(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#composed.app.request(
      `${this.#composed.settings.issuer}${path}`,
      {
        method: 'POST',
        headers: { authorization: this.authorization, ...headers },
        body: new URLSearchParams(form),
      },
      this.#env,
    )
  }

  /** Somebody signs in to this service: a session of their own. `person` replaces members of the practitioner. */
  async signIn(binding: Partial<CodeBinding> = {}, person: object = {}): Promise<Opened> {
    const sessions = objectSessions(env.SESSION)
    const session = newObjectName(systemEntropy)
    const code = newHandle(systemEntropy)
    const secret = newHandle(systemEntropy)
    const now = systemClock()
    const practitioner: Practitioner = { ...anEntry().practitioner, ...person }
    const authentication = {
      practitioner,
      authMode: 'PASSKEY',
      contextClass: 'phr',
      amr: ['pop', 'user', 'mfa'],
      authTime: now,
    }
    const { sid } = await sessions.open({
      name: session,
      secret: await digest(secret),
      subject: {
        practitionerId: practitioner.id,
        authTime: now,
        contextClass: 'phr',
        authentication: JSON.stringify(authentication),
      },
      place: NOWHERE,
      code: await digest(code),
      binding: this.#bound(binding),
      serviceName: 'Dossier',
    })
    return {
      session,
      sid,
      code: addressed(session, code),
      cookie: addressed(session, secret),
      practitioner,
    }
  }

  /** The person of that session comes here too: single sign-on. */
  async join(opened: Opened, binding: Partial<CodeBinding> = {}): Promise<{ code: string; sid: string }> {
    const code = newHandle(systemEntropy)
    const [, secret = ''] = opened.cookie.split('.')
    const minted = await objectSessions(env.SESSION).authorize(
      opened.session,
      await digest(secret),
      await digest(code),
      this.#bound(binding),
      'Dossier',
    )
    if (minted === undefined) throw new Error('the session is no more')
    return { code: addressed(opened.session, code), sid: minted.sid }
  }

  async redeem(code: string): Promise<Tokens> {
    const response = await this.post('/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
    })
    if (!response.ok) throw new Error(`no tokens: ${await response.text()}`)
    return response.json()
  }

  /** Tokens of somebody who just signed in. */
  async tokens(
    binding: Partial<CodeBinding> = {},
    person: object = {},
  ): Promise<Tokens & { readonly opened: Opened }> {
    const opened = await this.signIn(binding, person)
    return { ...(await this.redeem(opened.code)), opened }
  }

  async userinfo(accessToken: string): Promise<number> {
    const response = await this.#composed.app.request(
      `${this.#composed.settings.issuer}/userinfo`,
      { headers: { authorization: `Bearer ${accessToken}` } },
      this.#env,
    )
    return response.status
  }

  #bound(binding: Partial<CodeBinding>): CodeBinding {
    return {
      clientId: ClientId.parse(this.clientId),
      redirectUri: REDIRECT_URI,
      codeChallenge: undefined,
      nonce: 'the nonce',
      scope: 'openid scope_all',
      acr: 'eidas1',
      ...binding,
    }
  }
}
