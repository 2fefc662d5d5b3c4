import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { claimRows, decodedParts } from '../../tools/demo/claims.ts'
import { languageOf } from '../../tools/demo/words.ts'
import { type Devices, expectAccessible, launchDevices } from '../journeys/browser.ts'

const issuer = inject('origin')
const [record = '', mail = ''] = inject('demos').map((demo) => demo.origin)
const PROFESSIONAL = { nationalId: '899700900301', name: 'ALICE ABRICOTIER' }

let devices: Devices
beforeAll(async () => {
  devices = await launchDevices()
})
afterAll(() => devices?.close())

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.json()
}

/** Leaves the page where the mire sends it once the robot has decided. */
async function signInByRobot(page: Page): Promise<void> {
  const { id } = z
    .object({ id: z.string() })
    .parse(await post('/sandbox/robots', { nationalId: PROFESSIONAL.nationalId, behaviour: 'approve' }))
  const answer = z
    .object({ continueUrl: z.string() })
    .parse(await post(`/sandbox/robots/${id}/sign-in`, { url: page.url() }))
  await page.goto(answer.continueUrl)
}

async function atHome(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin)
  return page
}

describe('a demonstration service', () => {
  test.each([
    ['fr-FR', 'Se connecter avec Serment', 'fr'],
    ['en-GB', 'Sign in with Serment', 'en'],
  ])('speaks the language of the browser: %s', async (locale, label, tag) => {
    const context = await devices.desktop({ locale })
    const page = await atHome(context, record)
    expect(await page.getAttribute('html', 'lang')).toBe(tag)
    await page.getByRole('link', { name: label }).waitFor()
    await expectAccessible(page)
    await page.locator('header .language').click()
    expect(await page.getAttribute('html', 'lang')).not.toBe(tag)
    await context.close()
  })

  test('signs in, shows what it received, shares the single sign-on, refreshes and signs out', async () => {
    const context = await devices.desktop()
    const page = await atHome(context, record)
    await page.getByRole('link', { name: 'Se connecter avec Serment' }).click()
    await page.waitForURL(`${issuer}/login/**`)
    await signInByRobot(page)
    await page.waitForURL(`${record}/`)
    await page.getByRole('heading', { level: 1, name: `Bonjour ${PROFESSIONAL.name}` }).waitFor()
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'SubjectNameID', exact: true }) })
      .first()
    await row.getByText(PROFESSIONAL.nationalId).waitFor()
    const idToken = await page.locator('#id-token').textContent()
    expect(idToken).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(await page.locator('#id-token-payload').textContent()).toContain(`"iss": "${issuer}"`)
    await expectAccessible(page)

    // The other service, held to the strict profile: only what it will get is asked, never who signs in.
    await page.getByRole('link', { name: /Messagerie Démo/ }).click()
    await page.waitForURL(`${issuer}/login/**`)
    await page.getByRole('button', { name: 'Continuer', exact: true }).click()
    await page.waitForURL(`${mail}/`)
    await page.getByRole('heading', { level: 1, name: `Bonjour ${PROFESSIONAL.name}` }).waitFor()
    expect(await page.locator('#id-token-header').textContent()).toContain('"alg": "ES256"')
    await expectAccessible(page)

    await page.getByRole('button', { name: 'Renouveler les jetons' }).click()
    await page.getByRole('status').getByText('Jetons renouvelés').waitFor()

    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.waitForURL(`${mail}/signed-out`)
    await page.getByText('Vous êtes déconnecté.').waitFor()
    await expectAccessible(page)

    // Signed out of the federator too: the next sign-in asks who it is.
    await page.getByRole('link', { name: 'Se connecter avec Serment' }).click()
    await page.waitForURL(`${issuer}/login/**`)
    await context.close()
  })

  test('Back-Channel Logout §2.7: signing out of one signs out of the other', async () => {
    const context = await devices.desktop()
    const page = await atHome(context, record)
    await page.getByRole('link', { name: 'Se connecter avec Serment' }).click()
    await page.waitForURL(`${issuer}/login/**`)
    await signInByRobot(page)
    await page.waitForURL(`${record}/`)
    const elsewhere = await atHome(context, mail)
    await elsewhere.getByRole('link', { name: 'Se connecter avec Serment' }).click()
    // What is shared was read in the test before this one, or is to be read now.
    const read = elsewhere.getByRole('button', { name: 'Continuer', exact: true })
    const there = elsewhere.getByRole('heading', { level: 1, name: `Bonjour ${PROFESSIONAL.name}` })
    await read.or(there).waitFor()
    if (await read.isVisible()) await read.click()
    await elsewhere.waitForURL(`${mail}/`)
    await elsewhere.getByRole('heading', { level: 1, name: `Bonjour ${PROFESSIONAL.name}` }).waitFor()

    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.waitForURL(`${record}/signed-out`)
    await expect
      .poll(
        async () => {
          await elsewhere.reload()
          return elsewhere.getByRole('link', { name: 'Se connecter avec Serment' }).count()
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(1)
    await context.close()
  })

  test.each([
    ['nothing', ''],
    ['no JWT', 'logout_token=x'],
    ['too much', `logout_token=${'x'.repeat(20_000)}`],
  ])('Back-Channel Logout §2.6: refuses %s', async (_, body) => {
    const response = await fetch(`${mail}/backchannel-logout`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('says what happened when the person refused, and what to do', async () => {
    const context = await devices.desktop({ locale: 'en-GB', colorScheme: 'dark' })
    const page = await atHome(context, record)
    await page.getByRole('link', { name: 'Sign in with Serment' }).click()
    await page.waitForURL(`${issuer}/login/**`)
    await page.goto(`${record}/callback?${await refusal(context)}`)
    await page.getByRole('alert').getByText('refused or cancelled').waitFor()
    expect(await page.locator('#error').textContent()).toBe('access_denied')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.waitForURL(`${issuer}/login/**`)
    await context.close()
  })

  test('says so when an answer belongs to no sign-in of this browser', async () => {
    const context = await devices.desktop()
    const page = await context.newPage()
    const response = await page.goto(`${mail}/callback?code=x&state=planted&iss=${issuer}`)
    expect(response?.status()).toBe(400)
    await page.getByRole('alert').getByText('aucune connexion commencée dans ce navigateur').waitFor()
    await expectAccessible(page)
    await context.close()
  })

  test('has a page for an address that does not exist', async () => {
    const context = await devices.desktop()
    const page = await context.newPage()
    expect((await page.goto(`${mail}/nothing-here`))?.status()).toBe(404)
    await expectAccessible(page)
    await context.close()
  })
})

/** What the federator answers with when the person ends the login, for the sign-in that this browser begins now. */
async function refusal(context: BrowserContext): Promise<URLSearchParams> {
  const page = await context.newPage()
  const begun = page.waitForRequest((request) => request.url().startsWith(`${issuer}/authorize?`))
  await page.goto(`${record}/login`)
  const state = new URL((await begun).url()).searchParams.get('state') ?? ''
  await page.close()
  return new URLSearchParams({ error: 'access_denied', state, iss: issuer })
}

describe('what it shows of claims', () => {
  test('each value under its path', () => {
    expect(
      claimRows({
        sub: 'a',
        address: { city: '' },
        list: [{ code: '10' }, { code: '60' }],
        amr: ['pop', 'user'],
        active: true,
      }),
    ).toEqual([
      { name: 'sub', value: 'a' },
      { name: 'address.city', value: '' },
      { name: 'list[0].code', value: '10' },
      { name: 'list[1].code', value: '60' },
      { name: 'amr', value: 'pop, user' },
      { name: 'active', value: 'true' },
    ])
  })

  test('the parts of a token, and text that is none as it is', () => {
    const part = Buffer.from('{"a":"é"}').toString('base64url')
    expect(decodedParts(`${part}.${part}.x`)).toEqual({
      header: '{\n  "a": "é"\n}',
      payload: '{\n  "a": "é"\n}',
    })
    expect(decodedParts('%%%')).toEqual({ header: '%%%', payload: '' })
  })
})

describe('its language', () => {
  test.each([
    ['the one asked for', 'en', 'fr', 'fr', 'en'],
    ['then the one kept', null, 'en', 'fr', 'en'],
    [
      'then the first that the browser wants and there is',
      null,
      undefined,
      'de, en-GB;q=0.8, fr;q=0.5',
      'en',
    ],
    ['French otherwise', 'de', 'xx', 'de', 'fr'],
    ['French without a header', null, undefined, undefined, 'fr'],
  ] as const)('%s', (_, asked, kept, header, expected) => {
    expect(languageOf(asked, kept, header)).toBe(expected)
  })
})
