import type { BrowserContext, Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { words } from '../../src/mire/words.ts'
import { words as demoWords } from '../../tools/demo/words.ts'
import { expectAccessible } from './browser.ts'

type Language = 'fr' | 'en'

/** The computer at which someone wants to use a service. */
export class Computer {
  readonly page: Page
  readonly #language: Language

  private constructor(page: Page, language: Language) {
    this.page = page
    this.#language = language
  }

  static async of(context: BrowserContext, language: Language = 'fr'): Promise<Computer> {
    return new Computer(await context.newPage(), language)
  }

  static at(page: Page, language: Language = 'fr'): Computer {
    return new Computer(page, language)
  }

  /** Opens a service and presses its button; ends at the mire, or back at the service when already signed in. */
  async openService(origin: string, product = 'Serment'): Promise<void> {
    await this.page.goto(origin)
    await expectAccessible(this.page)
    await this.page.getByRole('link', { name: demoWords[this.#language].signIn(product) }).click()
  }

  async atMire(): Promise<void> {
    await this.page.getByRole('button', { name: words[this.#language].passkey }).waitFor()
    await expectAccessible(this.page)
  }

  async choosePasskey(): Promise<void> {
    await this.page.getByRole('button', { name: words[this.#language].passkey }).click()
  }

  /** "My phone", from a browser that nobody has trusted: a QR and a code to type. */
  async choosePhone(): Promise<void> {
    await this.page.getByRole('button', { name: words[this.#language].phone }).click()
    await this.page.getByRole('img', { name: words[this.#language].qr }).waitFor()
    await expectAccessible(this.page)
  }

  /** "Name? Use my phone", in a browser that someone has trusted: their phone is told at once. */
  async ring(): Promise<void> {
    await this.page.locator('button[name="bond"]').first().click()
    await this.page.locator('.code').waitFor()
  }

  /** The phone again, after a request that came to nothing. */
  async startAgain(): Promise<void> {
    await this.page.getByRole('button', { name: words[this.#language].again }).click()
    await this.page.getByRole('img', { name: words[this.#language].qr }).waitFor()
  }

  async cancel(): Promise<void> {
    await this.page.getByRole('button', { name: words[this.#language].cancel, exact: true }).click()
  }

  async typedCode(): Promise<string> {
    return this.page.locator('.pairing-code').innerText()
  }

  /** What a camera in front of the screen reads. */
  async qr(): Promise<string> {
    const picture = await this.page
      .getByRole('img', { name: words[this.#language].qr })
      .evaluate(async (svg) => {
        const size = 480
        const image = new Image(size, size)
        const source = new XMLSerializer().serializeToString(svg)
        image.src = `data:image/svg+xml,${encodeURIComponent(source)}`
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = size
        canvas.height = size
        const drawing = canvas.getContext('2d')
        drawing?.drawImage(image, 0, 0, size, size)
        return { size, data: Array.from(drawing?.getImageData(0, 0, size, size).data ?? []) }
      })
    return decodeQR({ width: picture.size, height: picture.size, data: Uint8Array.from(picture.data) })
  }

  /** The large code that the phone has to choose. */
  async dynamicCode(): Promise<string> {
    return this.page.locator('.code').innerText()
  }

  /** Reads what the service will get for the first time, and goes on. */
  async goOn(): Promise<void> {
    await this.page.getByRole('button', { name: words[this.#language].goOn, exact: true }).click()
  }

  async discloses(service: string): Promise<void> {
    await this.page.getByRole('heading', { name: words[this.#language].disclosureTitle(service) }).waitFor()
    await expectAccessible(this.page)
  }

  /** Signed in at the service, which shows what it received. */
  async signedIn(givenName: string): Promise<void> {
    const heading = this.page.getByRole('heading', { level: 1 })
    await heading.filter({ hasText: new RegExp(givenName, 'i') }).waitFor()
    await expectAccessible(this.page)
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: demoWords[this.#language].signOut }).click()
  }
}
