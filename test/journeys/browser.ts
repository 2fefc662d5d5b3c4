import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../../tools/chromium.ts'
import { FakeCamera } from './camera.ts'

export interface ContextOptions {
  /** `fr-FR` unless told. */
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  /** Of the window, in CSS pixels; 320 is the narrowest that must do (WCAG 2.2 §1.4.10). */
  readonly width?: number
  /** Off, as a ward computer may have it. On unless told. */
  readonly javaScript?: boolean
  /** Shown by Playwright's own TLS, in place of the browser's. */
  readonly clientCertificates?: BrowserContextOptions['clientCertificates']
}

/** What Chromium writes of every answer of 4xx, expected or not; 5xx stay complaints. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/

/** A real Chromium with people in front of it: each context is a device of its own, with its own cookies and storage. */
export interface Devices {
  /** What every phone's camera sees. */
  readonly camera: FakeCamera
  desktop(options?: ContextOptions): Promise<BrowserContext>
  /** A small touch screen, allowed to use its camera. */
  phone(options?: ContextOptions): Promise<BrowserContext>
  /** What pages wrote to their consoles as errors (a policy's refusals too) since last asked; answers of 4xx left out. */
  complaints(): readonly string[]
  close(): Promise<void>
}

/** Where a browser finds its cards. */
export interface Machine {
  /** What stands in it is what Chromium knows of cards and authorities, and no other server is believed. */
  readonly home: string
  readonly environment?: Readonly<Record<string, string>>
  /** On a screen, where the browser's own dialogs can be answered: `:99`. */
  readonly display?: string | undefined
}

/** @throws {NoChromium} A journey that cannot run fails; it is never skipped. */
export async function launchDevices(machine?: Machine): Promise<Devices> {
  const folder = mkdtempSync(join(tmpdir(), 'journeys-'))
  const camera = new FakeCamera(join(folder, 'camera.y4m'))
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    headless: machine?.display === undefined,
    ...(machine === undefined ? {} : { env: environmentOf(machine) }),
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${camera.file}`,
      // Names that a TLS issuer is given in a test are in no hosts file.
      '--host-resolver-rules=MAP *.test 127.0.0.1',
    ],
  })
  const shared = ({
    locale = 'fr-FR',
    colorScheme = 'light',
    javaScript = true,
    clientCertificates = [],
  }: ContextOptions = {}) => ({
    clientCertificates: [...clientCertificates],
    locale,
    colorScheme,
    javaScriptEnabled: javaScript,
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce' as const,
    ignoreHTTPSErrors: machine === undefined,
  })
  const complained: string[] = []
  const listening = async (made: Promise<BrowserContext>, options: ContextOptions | undefined) => {
    const context = await made
    context.setDefaultTimeout(25_000)
    if (options?.javaScript === false) scriptless.add(context)
    context.on('weberror', (thrown) => complained.push(String(thrown.error())))
    context.on('console', (message) => {
      if (message.type() === 'error' && !REFUSED.test(message.text()))
        complained.push(`${message.page()?.url()}: ${message.text()}`)
    })
    return context
  }
  return {
    camera,
    desktop: (options) =>
      listening(
        browser.newContext({
          ...shared(options),
          viewport: { width: options?.width ?? 1280, height: 900 },
        }),
        options,
      ),
    phone: (options) =>
      listening(
        browser.newContext({
          ...shared(options),
          viewport: { width: options?.width ?? 390, height: 844 },
          deviceScaleFactor: 2,
          isMobile: true,
          hasTouch: true,
          permissions: ['camera'],
        }),
        options,
      ),
    complaints: () => complained.splice(0),
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const environmentOf = ({ home, environment, display }: Machine) => ({
  ...process.env,
  ...environment,
  HOME: home,
  ...(display === undefined ? {} : { DISPLAY: display }),
})

const scriptless = new WeakSet<BrowserContext>()
/**
 * Asserts that axe finds nothing on the page as it is now, by any of its rules; a failure names rule and element. Many
 * journeys go through the same pages, and axe takes longer than they do: once in a run it looks at each.
 */
export async function expectAccessible(page: Page): Promise<void> {
  if (scriptless.has(page.context())) return expectCopyAccessible(page)
  const look = await page.evaluate(() =>
    [
      innerWidth,
      matchMedia('(prefers-color-scheme: dark)').matches,
      document.documentElement.outerHTML,
    ].join(),
  )
  const sound = noteOf(look)
  if (sound !== undefined && existsSync(sound)) return
  const { violations } = await new AxeBuilder({ page }).analyze()
  const wrong = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html}`),
  )
  if (wrong.length > 0) throw new Error(`axe on ${new URL(page.url()).pathname}:\n${wrong.join('\n')}`)
  if (sound !== undefined) writeFileSync(sound, '')
}

/** Where a run of the tests notes that axe found nothing in a page that looks so; nowhere outside of one. */
const noteOf = (look: string): string | undefined =>
  process.env.SERMENT_SOUND_PAGES === undefined
    ? undefined
    : join(process.env.SERMENT_SOUND_PAGES, createHash('sha256').update(likeness(look)).digest('hex'))

/** A page without what differs each time that it is shown and is the same to axe: QRs, handles, names and codes, claims. */
const likeness = (html: string): string =>
  html
    .replaceAll(/ d="[^"]*"/g, '')
    .replaceAll(/<td>[^<]*/g, '<td>')
    .replaceAll(/(?=[\w-]*[\dA-Z])[\w-]{16,}/g, '…')
    .replaceAll(/[\p{Lu}\d][\p{Lu}\d-]+/gu, '…')
    .replaceAll(/\d+/g, '0')

/** Without JavaScript no timer runs, and so no axe: it looks at what was rendered there, in a browser that has it. */
async function expectCopyAccessible(page: Page): Promise<void> {
  const body = (await page.content()).replaceAll(/<script.*?<\/script>|<meta http-equiv="refresh"[^>]*>/g, '')
  const context = await page.context().browser()?.newContext({ reducedMotion: 'reduce' })
  if (context === undefined) throw new Error('a browser is expected')
  const copy = await context.newPage()
  await copy.route(page.url(), (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }))
  await copy.goto(page.url())
  await expectAccessible(copy)
  await context.close()
}
