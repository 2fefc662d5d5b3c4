import type { Page } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { words as demo } from '../../tools/demo/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => (document.activeElement?.textContent ?? '').replaceAll(/\s+/g, ' ').trim())

/** Tabs until what has the focus begins with `text`; whoever cannot get there in 25 steps gives up. */
async function tabTo(page: Page, text: string): Promise<void> {
  const seen: string[] = []
  for (let step = 0; step < 25; step++) {
    await page.keyboard.press('Tab')
    const here = await focused(page)
    if (here.startsWith(text)) return
    seen.push(here.slice(0, 40))
  }
  throw new Error(`"${text}" is not reached by Tab, only: ${seen.join(' | ')}`)
}

describe('by the keyboard alone', () => {
  it('signs in with the phone, at both ends', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.page.goto(record.origin)
    await tabTo(desk.page, demo.fr.signIn('Serment'))
    await desk.page.keyboard.press('Enter')
    await desk.atMire()
    await tabTo(desk.page, mire.fr.phone)
    // Who is on a control sees that they are (WCAG 2.2 §2.4.7).
    const ring = await desk.page.evaluate(
      () => getComputedStyle(document.activeElement ?? document.body).outline,
    )
    expect(ring).toContain('3px')
    await desk.page.keyboard.press('Enter')
    const value = await desk.dynamicCode()

    await tabTo(phone.page, ecps.fr.home.type)
    await phone.page.keyboard.press('Enter')
    await phone.page.getByLabel(ecps.fr.type.label).waitFor()
    // The new screen's heading takes the focus; a Tab pressed before that would start from the page that was left.
    await expect.poll(() => phone.page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    await phone.page.keyboard.press('Tab')
    await expect
      .poll(() => phone.page.evaluate(() => document.activeElement?.tagName), { timeout: 5000 })
      .toBe('INPUT')
    await phone.page.keyboard.type(await desk.typedCode())
    await phone.page.keyboard.press('Enter')
    await phone.values()
    await tabTo(phone.page, value)
    await phone.page.keyboard.press('Enter')
    await phone.reads(ecps.fr.result.approved)

    await desk.discloses(record.name)
    await tabTo(desk.page, mire.fr.goOn)
    await desk.page.keyboard.press('Enter')
    await desk.signedIn(person.givenName)
  })
})
