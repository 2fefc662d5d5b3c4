import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { words } from '../../src/card-activation/words.ts'
import { words as mire } from '../../src/mire/words.ts'
import { freePort } from '../../tools/ports.ts'
import { type Serment, startSerment } from '../../tools/serve.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { type Bought, buy } from '../interop/card-holder.ts'
import { type ContextOptions, type Devices, expectAccessible, launchDevices } from './browser.ts'
import { CardReader, chooseWithoutAsking, lookUpLocalhost, withoutReader } from './card-browser.ts'
import { Computer } from './mire.ts'
import { anyone, type Person } from './people.ts'
import { Professional } from './professional.ts'

// A Serment of this file's own: its card shop registers its authority.
const state = mkdtempSync(join(tmpdir(), 'journeys-card-activation-'))
const undo: (() => unknown)[] = []
let serment: Serment

beforeAll(async () => {
  serment = await startSerment({ port: await freePort(2), state })
})
afterAll(async () => {
  await serment?.close()
  rmSync(state, { recursive: true, force: true })
})
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

type Language = 'fr' | 'en'

interface Room {
  readonly devices: Devices
  readonly desk: Computer
  phone(): Promise<Professional>
}

/** Why the browser of this machine reads no card by itself; it is then Playwright that shows it. */
const unread = await withoutReader()

/** A computer with a card in its reader, and phones beside it. */
async function room(
  card: Bought,
  { language = 'fr', ...options }: ContextOptions & { readonly language?: Language } = {},
): Promise<Room> {
  const [origin] = serment.cardOrigins
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const reader = unread === undefined ? await CardReader.of(serment) : undefined
  if (reader === undefined) undo.push(lookUpLocalhost())
  else {
    undo.push(() => reader.remove())
    await reader.insert(card)
    const [, holder] = /CN=([^+\n]+)/.exec(new X509Certificate(card.certificate).subject) ?? []
    undo.push(chooseWithoutAsking([[origin, holder]]))
  }
  const devices = await launchDevices(reader && { home: reader.home })
  undo.push(async () => {
    const complaints = devices.complaints()
    await devices.close()
    expect(complaints).toEqual([])
  })
  const clientCertificates = [{ origin, pfx: card.p12, passphrase: card.password }]
  const context = await devices.desktop({
    locale,
    ...options,
    ...(reader === undefined ? { clientCertificates } : {}),
  })
  return {
    devices,
    desk: await Computer.of(context, language),
    phone: async () => Professional.holding(await devices.phone({ locale }), serment.origin, { language }),
  }
}

const cardOf = ({ nationalId }: Person): Promise<Bought> => buy(serment.origin, { nationalId })

/** From the first page to the QR. */
async function showsCard({ page }: Computer, language: Language = 'fr'): Promise<void> {
  await page.goto(`${serment.origin}/activation`)
  await page.getByRole('heading', { level: 1, name: words[language].title }).waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: words[language].start }).click()
  await page.getByRole('img', { name: words[language].qr }).waitFor()
  await expectAccessible(page)
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor()

/** Opens the app and says that it is to be the card's way. */
async function choosesCard({ page }: Professional, language: Language = 'fr'): Promise<void> {
  const t = ecps[language]
  await page.goto(`${serment.origin}/ecps/`)
  await page.getByRole('button', { name: t.card.start }).click()
  await heading(page, t.card.title)
  await expectAccessible(page)
}

async function types({ page }: Professional, code: string, language: Language = 'fr'): Promise<void> {
  const t = ecps[language]
  await page.getByLabel(t.type.label).fill(code)
  await page.getByRole('button', { name: t.type.next, exact: true }).click()
}

async function creates({ page }: Professional, language: Language = 'fr'): Promise<void> {
  const t = ecps[language]
  await heading(page, t.creation.title)
  await expectAccessible(page)
  await page.getByRole('button', { name: t.creation.create }).click()
  await heading(page, t.done.title)
  await page.getByRole('button', { name: t.done.next }).click()
  await heading(page, t.home.title)
}

describe('a card opens the e-CPS', () => {
  it('QR to the camera, passkey, done: no code came, and the phone then signs in', async () => {
    const person = anyone()
    const { devices, desk, phone: another } = await room(await cardOf(person))
    const phone = await another()
    await showsCard(desk)
    await desk.page.getByRole('heading', { name: new RegExp(person.givenName, 'i') }).waitFor()

    await choosesCard(phone)
    devices.camera.show('https://bus.example/ticket/1234')
    await phone.page.getByRole('button', { name: ecps.fr.home.scan }).click()
    await phone.page.getByText(ecps.fr.card.foreign).waitFor()
    await expectAccessible(phone.page)
    await phone.page.getByRole('button', { name: ecps.fr.home.type }).click()
    devices.camera.show(await desk.qr())
    await phone.page.getByRole('button', { name: ecps.fr.home.scan }).click()
    await phone.page.getByRole('heading', { name: ecps.fr.creation.title }).waitFor()
    await phone.page.getByText(new RegExp(person.givenName, 'i')).waitFor()
    await heading(desk.page, words.fr.takenTitle)
    await expectAccessible(desk.page)

    await creates(phone)
    await heading(desk.page, words.fr.doneTitle)
    await expectAccessible(desk.page)
    const { messages } = (await (await fetch(`${serment.origin}/sandbox/outbox`)).json()) as {
      messages: { channel: string }[]
    }
    expect(messages.filter(({ channel }) => channel === 'sms')).toEqual([])

    await phone.page.goto(`${serment.origin}/ecps/#/devices`)
    await phone.page.getByText(/avec la carte/).waitFor()
    await phone.home()
    const [service] = serment.demos
    await desk.openService(service?.origin ?? '')
    await desk.page.getByRole('link', { name: mire.fr.activateByCard }).waitFor()
    await desk.choosePhone()
    await phone.typeCode(await desk.typedCode())
    expect(await phone.values()).toContain(await desk.dynamicCode())
    await phone.choose(await desk.dynamicCode())
    await desk.discloses(service?.name ?? '')
  })

  it('without JavaScript on the computer, by the typed code, in English', async () => {
    const person = anyone()
    const at = { language: 'en', javaScript: false } as const
    const { desk, phone: another } = await room(await cardOf(person), at)
    const phone = await another()
    await showsCard(desk, 'en')
    await choosesCard(phone, 'en')
    await phone.page.getByRole('button', { name: ecps.en.home.type }).click()
    await types(phone, 'K7QM-2XRD', 'en')
    await phone.page.getByText(ecps.en.card.wrong).waitFor()
    await expectAccessible(phone.page)
    await types(phone, await desk.typedCode(), 'en')
    await creates(phone, 'en')
    await heading(desk.page, words.en.doneTitle)
  })

  it('a phone that photographed the QR was first: it is taken back, and gets nothing', async () => {
    const person = anyone()
    const { desk, phone: another } = await room(await cardOf(person))
    await showsCard(desk)
    const photographed = await desk.typedCode()
    const [stranger, phone] = [await another(), await another()]
    for (const each of [stranger, phone]) {
      await choosesCard(each)
      await each.page.getByRole('button', { name: ecps.fr.home.type }).click()
    }
    await types(stranger, photographed)
    await heading(stranger.page, ecps.fr.creation.title)
    await types(phone, photographed)
    await phone.page.getByText(ecps.fr.refusals['code-taken']).waitFor()
    await expectAccessible(phone.page)

    await desk.page.getByRole('button', { name: words.fr.anotherCode }).click()
    await desk.page.getByRole('img', { name: words.fr.qr }).waitFor()
    const code = await desk.typedCode()
    expect(code).not.toBe(photographed)
    await stranger.page.getByRole('button', { name: ecps.fr.creation.create }).click()
    await stranger.page.getByText(ecps.fr.refusals['activation-expired']).waitFor()
    await types(phone, code)
    await creates(phone)
    await heading(desk.page, words.fr.doneTitle)
  })

  it('an address sent to somebody else, and a page of another browser, say so', async () => {
    const { devices, desk } = await room(await cardOf(anyone()))
    await showsCard(desk)
    const other = await (await devices.desktop()).newPage()
    await other.goto(desk.page.url())
    await heading(other, words.fr.problems['other-browser'].title)
    await expectAccessible(other)
    await other.goto(`${serment.origin}/activation/card?silent`)
    await other.getByText(words.fr.silent).waitFor()
    await expectAccessible(other)
  })
})
