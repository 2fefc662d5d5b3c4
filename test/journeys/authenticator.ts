import type { CDPSession, Page } from 'playwright-core'

/** `synced`: a passkey that a cloud account copies (backup eligible and backed up); `bound`: one that stays in the device. */
export type AuthenticatorKind = 'synced' | 'bound'

/** A passkey as Chromium's virtual authenticator exports it. */
type Credential = Awaited<ReturnType<VirtualAuthenticator['credentials']>>[number]

/**
 * A platform authenticator with a fingerprint that always fits, on one page. It belongs to the page's own debugging
 * session: another page, even of the same context, needs its own, and `copyTo` gives it the same passkeys.
 */
export class VirtualAuthenticator {
  readonly #session: CDPSession
  readonly #id: string
  readonly #kind: AuthenticatorKind

  private constructor(session: CDPSession, id: string, kind: AuthenticatorKind) {
    this.#session = session
    this.#id = id
    this.#kind = kind
  }

  static async on(page: Page, kind: AuthenticatorKind): Promise<VirtualAuthenticator> {
    const session = await page.context().newCDPSession(page)
    await session.send('WebAuthn.enable', { enableUI: false })
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        defaultBackupEligibility: kind === 'synced',
        defaultBackupState: kind === 'synced',
      },
    })
    return new VirtualAuthenticator(session, authenticatorId, kind)
  }

  async credentials() {
    const { credentials } = await this.#session.send('WebAuthn.getCredentials', { authenticatorId: this.#id })
    return credentials
  }

  /** The same passkeys on another page: the same person, at another tab or, for a synced one, another device. */
  async copyTo(page: Page): Promise<VirtualAuthenticator> {
    const other = await VirtualAuthenticator.on(page, this.#kind)
    for (const credential of await this.credentials()) await other.add(credential)
    return other
  }

  async add(credential: Credential): Promise<void> {
    await this.#session.send('WebAuthn.addCredential', { authenticatorId: this.#id, credential })
  }

  /** Whether a request is answered at once; off, it waits as it does for a person who does nothing. */
  async answers(enabled: boolean): Promise<void> {
    await this.#session.send('WebAuthn.setAutomaticPresenceSimulation', {
      authenticatorId: this.#id,
      enabled,
    })
  }

  /** Whether the fingerprint fits. */
  async verifies(isUserVerified: boolean): Promise<void> {
    await this.#session.send('WebAuthn.setUserVerified', { authenticatorId: this.#id, isUserVerified })
  }

  async remove(): Promise<void> {
    await this.#session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: this.#id })
    await this.#session.detach()
  }
}
