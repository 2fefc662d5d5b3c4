import type { Page } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { type ContextOptions, expectAccessible } from './browser.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const origin = inject('origin')
const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()
const t = ecps.fr

/** WCAG 2.2 §1.4.10: nothing is to be reached by scrolling sideways. */
async function fits(page: Page): Promise<void> {
  const { needs, has } = await page.evaluate(() => ({
    needs: document.documentElement.scrollWidth,
    has: document.documentElement.clientWidth,
  }))
  expect(needs, `${page.url()} is wider than its window`).toBeLessThanOrEqual(has)
  await expectAccessible(page)
}

const LOOKS: readonly (readonly [string, ContextOptions])[] = [
  ['in the dark', { colorScheme: 'dark' }],
  ['in a window of 320 pixels', { width: 320 }],
]

describe('a sign-in with the phone is readable, at every step', () => {
  it.each(LOOKS)('%s', async (_look, options) => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId, options)
    await fits(phone.page)
    const desk = await scene.computer(options)
    await desk.openService(record.origin)
    await desk.atMire()
    await fits(desk.page)
    await desk.choosePhone()
    await fits(desk.page)
    await phone.typeCode(await desk.typedCode())
    const values = await phone.values()
    await fits(phone.page)
    await fits(desk.page)
    // The page as it is for whoever opens it again: the value alone.
    await desk.page.reload()
    await fits(desk.page)
    const code = await desk.dynamicCode()
    await phone.choose(values.find((value) => value !== code) ?? '')
    await phone.reads(t.result.wrong)
    await desk.page.getByRole('heading', { name: mire.fr.failed['wrong-code'].title }).waitFor()
    await fits(desk.page)

    await phone.page.getByRole('link', { name: t.result.home }).click()
    await desk.startAgain()
    await phone.typeCode(await desk.typedCode())
    await phone.choose(await desk.dynamicCode())
    await phone.reads(t.result.approved)
    await fits(phone.page)
    await desk.discloses(record.name)
    await fits(desk.page)
    await desk.goOn()
    await desk.signedIn(person.givenName)
    await fits(desk.page)
    for (const screen of ['devices', 'sign-ins', 'sign-out', 'account', 'help', 'code', 'scan'] as const) {
      await phone.page.goto(`${origin}/ecps/#/${screen}`)
      await phone.page.getByRole('link', { name: t.back }).waitFor()
      await fits(phone.page)
    }
  })
})
