import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../../tools/chromium.ts'
import { FakeCamera } from './camera.ts'

export interface ContextOptions {
  /** `fr-FR` unless told. */
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  /** `false` for a browser that runs no script. */
  readonly script?: boolean
}

/** A real Chromium with people in front of it: each context is a device of its own, with its own cookies and storage. */
export interface Devices {
  /** What every phone's camera sees. */
  readonly camera: FakeCamera
  desktop(options?: ContextOptions): Promise<BrowserContext>
  /** A small touch screen, allowed to use its camera. */
  phone(options?: ContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

/** @throws {NoChromium} A journey that cannot run fails; it is never skipped. */
export async function launchDevices(): Promise<Devices> {
  const folder = mkdtempSync(join(tmpdir(), 'journeys-'))
  const camera = new FakeCamera(join(folder, 'camera.y4m'))
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${camera.file}`,
      // Names that a TLS issuer is given in a test are in no hosts file.
      '--host-resolver-rules=MAP *.test 127.0.0.1',
    ],
  })
  const shared = ({ locale = 'fr-FR', colorScheme = 'light', script = true }: ContextOptions = {}) => ({
    javaScriptEnabled: script,
    locale,
    colorScheme,
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce' as const,
    ignoreHTTPSErrors: true,
  })
  return {
    camera,
    desktop: (options) => browser.newContext({ ...shared(options), viewport: { width: 1280, height: 900 } }),
    phone: (options) =>
      browser.newContext({
        ...shared(options),
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        isMobile: true,
        hasTouch: true,
        permissions: ['camera'],
      }),
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Asserts that axe finds nothing on the page as it is now, by any of its rules; a failure names rule and element. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html}`),
  )
  if (found.length > 0) throw new Error(`axe on ${new URL(page.url()).pathname}:\n${found.join('\n')}`)
}
