import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { words as mireWords } from '../src/mire/words.ts'
import { VirtualAuthenticator } from '../test/journeys/authenticator.ts'
import { launchDevices } from '../test/journeys/browser.ts'
import { Computer } from '../test/journeys/mire.ts'
import { words as ecpsWords } from '../web/ecps/words.ts'
import { ROOT } from './places.ts'
import { freePort } from './ports.ts'
import { startSerment } from './serve.ts'

// npm run screenshots: one sign-in with the phone, in French, photographed as it happens. Nothing is staged: the pages
// are those of a federator started for it, the passkey is Chromium's, the phone scans the QR that the mire shows.

const FOLDER = join(ROOT, 'docs', 'screenshots')
const PROFESSIONAL = '899700900012'
const Outbox = z.object({ messages: z.array(z.object({ channel: z.string(), body: z.string() })) })

const mire = mireWords.fr
const ecps = ecpsWords.fr

const state = mkdtempSync(join(tmpdir(), 'screenshots-'))
const serment = await startSerment({ port: await freePort(2), state })
const devices = await launchDevices()
try {
  mkdirSync(FOLDER, { recursive: true })
  const phone = await (await devices.phone()).newPage()
  await VirtualAuthenticator.on(phone, 'synced')
  await activate(phone)

  const computer = await Computer.of(await devices.desktop())
  await computer.page.setViewportSize({ width: 960, height: 800 })
  const record = serment.demos[0]?.origin ?? ''
  await computer.page.goto(record)
  await shoot(computer.page, '1-service')
  await computer.openService(record)
  await computer.atMire()
  await shoot(computer.page, '2-mire')
  await computer.choosePhone()
  await shoot(computer.page, '3-qr-and-code')
  devices.camera.show(await computer.qr())
  const code = await computer.dynamicCode()

  await phone.getByRole('link', { name: ecps.home.scan }).click()
  await phone.getByRole('heading', { name: ecps.request.question }).waitFor()
  const choice = phone.getByRole('button', { name: code, exact: true, disabled: false })
  await choice.waitFor()
  // Off the buttons: a choice that looks taken would be misleading.
  await phone.mouse.move(0, 0)
  await shoot(phone, '4-phone-request')
  await choice.click()
  await phone.getByRole('heading', { level: 1, name: ecps.result.approved }).waitFor()
  await shoot(phone, '5-phone-done')

  await computer.page.getByRole('button', { name: mire.goOn, exact: true }).waitFor()
  await shoot(computer.page, '6-what-is-shared')
  await computer.goOn()
  await computer.page.waitForURL(`${record}/`)
  await shoot(computer.page, '7-claims')
} finally {
  await devices.close()
  await serment.close()
  rmSync(state, { recursive: true, force: true })
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' })
  console.log(`docs/screenshots/${name}.png`)
}

/** Activates an e-CPS with the codes of the sandbox's outbox. */
async function activate(phone: Page): Promise<void> {
  await phone.goto(`${serment.origin}/ecps/`)
  await phone.getByRole('button', { name: ecps.welcome.start }).click()
  await phone.getByLabel(ecps.identity.label).fill(PROFESSIONAL)
  await phone.getByRole('button', { name: ecps.identity.next }).click()
  await phone.getByRole('heading', { level: 1, name: ecps.codes.title }).waitFor()
  await phone.getByLabel(ecps.codes.email).fill(await codeSentBy('email'))
  await phone.getByLabel(ecps.codes.sms).fill(await codeSentBy('sms'))
  await phone.getByRole('button', { name: ecps.codes.next, exact: true }).click()
  await phone.getByRole('button', { name: ecps.creation.create }).click()
  await phone.getByRole('button', { name: ecps.done.next }).click()
  await phone.getByRole('heading', { level: 1, name: ecps.home.title }).waitFor()
}

/** The six digits of the first message by this channel; messages leave by a queue, a second or so later. */
async function codeSentBy(channel: string): Promise<string> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const { messages } = Outbox.parse(await (await fetch(`${serment.origin}/sandbox/outbox`)).json())
    const body = messages
      .find((message) => message.channel === channel)
      ?.body.replaceAll(/(\d{3}) (\d{3})/g, '$1$2')
    const code = /\b\d{6}\b/.exec(body ?? '')?.[0]
    if (code !== undefined) return code
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`no code came by ${channel}`)
}
