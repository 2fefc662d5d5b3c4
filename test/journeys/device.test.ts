import * as client from 'openid-client'
import type { Page } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { words } from '../../src/provider/device-authorization/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { type ContextOptions, expectAccessible } from './browser.ts'
import { Computer } from './mire.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const origin = inject('origin')
const scene = new Scene()
const SERVICE = 'Tableau du service'
const t = words.fr

/** A screen on a wall asks: its code, and what it gets in the end. */
async function screen() {
  const config = await client.dynamicClientRegistration(
    new URL(origin),
    {
      client_name: SERVICE,
      redirect_uris: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
      token_endpoint_auth_method: 'none',
    },
    client.None(),
    { execute: [client.allowInsecureRequests] },
  )
  const device = await client.initiateDeviceAuthorization(config, { scope: 'openid profile' })
  return { device, tokens: () => client.pollDeviceAuthorizationGrant(config, device) }
}

async function shows(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  const { needs, has } = await page.evaluate(() => ({
    needs: document.documentElement.scrollWidth,
    has: document.documentElement.clientWidth,
  }))
  // WCAG 2.2 §1.4.10: nothing is to be reached by scrolling sideways.
  expect(needs, `${title} is wider than its window`).toBeLessThanOrEqual(has)
  await expectAccessible(page)
}

const LOOKS: readonly (readonly [string, ContextOptions & { language: 'fr' | 'en' }])[] = [
  ['in French', { language: 'fr' }],
  ['in English, in the dark', { language: 'en', colorScheme: 'dark' }],
  ['in French, in a window of 320 pixels', { language: 'fr', width: 320 }],
  ['in English, in a window of 320 pixels, in the dark', { language: 'en', width: 320, colorScheme: 'dark' }],
]

describe('RFC 8628 §3.3: a screen without a browser is signed in from a telephone', () => {
  it.each(LOOKS)(
    'by its address, with the passkey of that telephone, %s',
    async (_look, { language, ...look }) => {
      const say = words[language]
      const person = anyone()
      const phone = await scene.phoneOf(person.nationalId, { language, ...look })
      const { page } = phone
      const { device, tokens } = await screen()
      await page.goto(device.verification_uri_complete ?? '')
      await shows(page, say.enter)
      expect(await page.getByLabel(say.label).inputValue()).toBe(device.user_code)
      await page.getByRole('button', { name: say.next, exact: true }).click()
      await shows(page, say.confirm)
      for (const shown of [device.user_code, SERVICE, say.only]) await page.getByText(shown).first().waitFor()
      await page.getByRole('button', { name: say.yes, exact: true }).click()

      const mire = Computer.at(page, language)
      await mire.atMire()
      await mire.choosePasskey()
      await mire.discloses(SERVICE)
      await mire.goOn()
      await shows(page, say.done)
      expect((await tokens()).claims()?.SubjectNameID).toBe(person.nationalId)
    },
  )

  it('by its code, at a computer where somebody is signed in: under their name, without signing in again', async () => {
    const person = anyone()
    const desk = await scene.passkeyComputer({})
    await desk.activate(person.nationalId)
    const { page } = desk
    const [record] = inject('demos')
    const at = Computer.at(page)
    await at.openService(record?.origin ?? '')
    await at.choosePasskey()
    await at.goOn()
    await at.signedIn(person.givenName)

    const { device, tokens } = await screen()
    await page.goto(device.verification_uri)
    await page.getByLabel(t.label).fill(device.user_code.toLowerCase().replace('-', ' '))
    await page.getByRole('button', { name: t.next, exact: true }).click()
    await shows(page, t.confirm)
    await page.getByRole('button', { name: t.other, exact: true }).waitFor()
    await page.getByRole('button', { name: new RegExp(`${t.yesAs('')}.*${person.givenName}`, 'i') }).click()
    await at.discloses(SERVICE)
    await at.goOn()
    await shows(page, t.done)
    expect((await tokens()).claims()?.SubjectNameID).toBe(person.nationalId)

    // On the phone's list, and ended from there.
    await page.goto(`${origin}/ecps/#/sign-ins`)
    await page.getByText(SERVICE).first().waitFor()
    await page.getByRole('link', { name: ecps.fr.back }).waitFor()
  })

  it('a code that is none, and a screen that is not theirs', async () => {
    const { page } = await scene.computer({ width: 320 })
    const { device, tokens } = await screen()
    await page.goto(`${origin}/device`)
    await page.getByLabel(t.label).fill('BCDF-GHJK')
    await page.getByRole('button', { name: t.next, exact: true }).click()
    await page.getByText(t.codes.unknown).waitFor()
    await shows(page, t.enter)
    expect(await page.getByLabel(t.label).inputValue()).toBe('BCDF-GHJK')
    await page.getByLabel(t.label).fill(device.user_code)
    await page.getByRole('button', { name: t.next, exact: true }).click()
    await shows(page, t.confirm)
    const refused = expect(tokens()).rejects.toMatchObject({ error: 'access_denied' })
    await page.getByRole('button', { name: t.no, exact: true }).click()
    await shows(page, t.refused)
    await refused
  })

  it('without JavaScript', async () => {
    const { page } = await scene.computer({ javaScript: false })
    const { device } = await screen()
    await page.goto(device.verification_uri_complete ?? '')
    await page.getByRole('button', { name: t.next, exact: true }).click()
    await page.getByRole('button', { name: t.no, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: t.refused, exact: true }).waitFor()
    await expectAccessible(page)
  })
})
