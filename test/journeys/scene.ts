import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import type { AuthenticatorKind } from './authenticator.ts'
import { type ContextOptions, type Devices, launchDevices } from './browser.ts'
import { Computer } from './mire.ts'
import { Professional } from './professional.ts'

type Language = 'fr' | 'en'

export interface Cast extends ContextOptions {
  readonly language?: Language
}

/** The devices of a file's journeys. What a test opened is closed after it, and no page may have complained. */
export class Scene {
  readonly #origin: () => string
  readonly #open: BrowserContext[] = []
  #devices: Devices | undefined
  #allowed: readonly RegExp[] = []

  /** Registers its own hooks: one for a file, at its top. */
  constructor(origin: () => string = () => inject('origin')) {
    this.#origin = origin
    beforeAll(async () => {
      this.#devices = await launchDevices()
    })
    afterAll(() => this.#devices?.close())
    afterEach(() => this.#clear())
  }

  get devices(): Devices {
    if (this.#devices === undefined) throw new Error('devices are there from the first test on')
    return this.#devices
  }

  /** What a test provokes in the consoles. */
  expectComplaint(...allowed: readonly RegExp[]): void {
    this.#allowed = allowed
  }

  /** Closed after the test. */
  closing(context: BrowserContext): BrowserContext {
    this.#open.push(context)
    return context
  }

  async computer({ language = 'fr', ...options }: Cast = {}): Promise<Computer> {
    const device = await this.devices.desktop({ locale: LOCALES[language], ...options })
    return Computer.of(this.closing(device), language)
  }

  /** A computer with a passkey of its own, and somebody in front of it; nothing is activated yet. */
  async passkeyComputer({
    kind = 'bound',
    autofill = false,
  }: {
    kind?: AuthenticatorKind
    autofill?: boolean
  }) {
    const device = this.closing(await this.devices.desktop())
    return Professional.holding(device, this.#origin(), { kind, autofill })
  }

  /** A phone that has never seen the e-CPS. */
  async phone({ language = 'fr', ...options }: Cast = {}): Promise<Professional> {
    const device = this.closing(await this.devices.phone({ locale: LOCALES[language], ...options }))
    return Professional.holding(device, this.#origin(), { language })
  }

  /** A phone whose e-CPS is activated. */
  async phoneOf(nationalId: string, cast: Cast = {}): Promise<Professional> {
    const professional = await this.phone(cast)
    await professional.activate(nationalId)
    return professional
  }

  async #clear(): Promise<void> {
    const allowed = this.#allowed
    this.#allowed = []
    for (const context of this.#open.splice(0)) await context.close()
    const complaints = this.devices.complaints().filter((text) => !allowed.some((each) => each.test(text)))
    expect(complaints).toEqual([])
  }
}

const LOCALES: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' }
