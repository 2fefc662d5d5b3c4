import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Words, words } from '../../web/ecps/words.ts'
import { type AuthenticatorKind, VirtualAuthenticator } from './authenticator.ts'
import { expectAccessible } from './browser.ts'

type Language = 'fr' | 'en'

interface Mail {
  readonly at: number
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly body: string
}

const activationsSeen = new Set<string>()

/** A professional with a device in hand, who does what a person does: reads, types, taps. */
export class Professional {
  readonly page: Page
  readonly passkeys: VirtualAuthenticator
  readonly #origin: string
  readonly #t: Words

  private constructor(page: Page, passkeys: VirtualAuthenticator, origin: string, language: Language) {
    this.page = page
    this.passkeys = passkeys
    this.#origin = origin
    this.#t = words[language]
  }

  static async holding(
    device: BrowserContext,
    origin: string,
    {
      language = 'fr',
      kind = 'synced',
      autofill = false,
    }: { language?: Language; kind?: AuthenticatorKind; autofill?: boolean } = {},
  ): Promise<Professional> {
    const page = await device.newPage()
    // A virtual authenticator takes the first passkey of an autofill list at once, as a person does who taps it.
    // Without autofill the person has to press the button, as in browsers that have none.
    if (!autofill)
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = async () => false
      })
    return new Professional(page, await VirtualAuthenticator.on(page, kind), origin, language)
  }

  /**
   * Activates an e-CPS with the two codes that the sandbox's outbox received. axe looks at every screen on the way, for
   * the first of a file in each language and look.
   */
  async activate(nationalId: string): Promise<void> {
    const { page } = this
    const t = this.#t
    const look = await this.#lookOnce()
    await page.goto(`${this.#origin}/ecps/`)
    await page.getByRole('heading', { level: 1, name: t.welcome.title }).waitFor()
    await look()
    await page.getByRole('button', { name: t.welcome.start }).click()
    await page.getByLabel(t.identity.label).fill(nationalId)
    await look()
    const before = await this.#mails()
    await page.getByRole('button', { name: t.identity.next }).click()
    await page.getByRole('heading', { level: 1, name: t.codes.title }).waitFor()
    await look()
    const codes = await this.#newCodes(before.length)
    await page.getByLabel(t.codes.email).fill(codes.email)
    await page.getByLabel(t.codes.sms).fill(codes.sms)
    await page.getByRole('button', { name: t.codes.next, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: t.creation.title }).waitFor()
    await look()
    await page.getByRole('button', { name: t.creation.create }).click()
    await page.getByRole('heading', { level: 1, name: t.done.title }).waitFor()
    await look()
    await page.getByRole('button', { name: t.done.next }).click()
    await page.getByRole('heading', { level: 1, name: t.home.title }).waitFor()
    await look()
  }

  /** Types the code that the mire shows. */
  async typeCode(code: string): Promise<void> {
    const t = this.#t
    await this.page.getByRole('link', { name: t.home.type }).click()
    await this.page.getByLabel(t.type.label).fill(code)
    await expectAccessible(this.page)
    await this.page.getByRole('button', { name: t.type.next, exact: true }).click()
  }

  /** Opens the camera in the app; what it sees is up to the caller. */
  async scan(): Promise<void> {
    await this.page.getByRole('link', { name: this.#t.home.scan }).click()
  }

  /** Waits for the request to be on the screen and reads its three values. */
  async values(): Promise<string[]> {
    await this.page.getByRole('heading', { name: this.#t.request.question }).waitFor()
    await expectAccessible(this.page)
    const choices = this.page.getByRole('group').getByRole('button')
    await expect.poll(() => choices.first().getAttribute('aria-disabled')).toBe('false')
    const texts = await choices.allInnerTexts()
    return texts.filter((text) => /^\d\d$/.test(text))
  }

  /** Taps a value as soon as it can be tapped: a tap in the first half second does nothing. */
  async choose(value: string): Promise<void> {
    await this.page.getByRole('button', { name: value, exact: true, disabled: false }).click()
  }

  async chooseNone(): Promise<void> {
    await this.page.getByRole('button', { name: this.#t.request.none, disabled: false }).click()
  }

  /** The heading of the screen that a decision ends on. */
  async reads(heading: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await expectAccessible(this.page)
  }

  async home(): Promise<void> {
    await this.page.goto(`${this.#origin}/ecps/#/`)
    await this.page.getByRole('heading', { level: 1, name: this.#t.home.title }).waitFor()
  }

  async #lookOnce(): Promise<() => Promise<void>> {
    const dark = await this.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    const key = [this.#t.home.title, dark, this.page.viewportSize()?.width].join()
    const before = activationsSeen.has(key)
    activationsSeen.add(key)
    return before ? async () => {} : () => expectAccessible(this.page)
  }

  async #mails(): Promise<readonly Mail[]> {
    const response = await fetch(`${this.#origin}/sandbox/outbox`)
    return ((await response.json()) as { messages: Mail[] }).messages
  }

  async #newCodes(known: number): Promise<{ email: string; sms: string }> {
    const arrived = async () => (await this.#mails()).slice(0, -known || undefined)
    await expect.poll(async () => (await arrived()).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2)
    const fresh = await arrived()
    const code = (channel: Mail['channel']) =>
      /\b(\d{6})\b/.exec(
        fresh.find((mail) => mail.channel === channel)?.body.replaceAll(/(\d{3}) (\d{3})/g, '$1$2') ?? '',
      )?.[1] ?? ''
    return { email: code('email'), sms: code('sms') }
  }
}
