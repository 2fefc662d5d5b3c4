import { describe, inject, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { words as sandbox } from '../../src/sandbox/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { expectAccessible } from './browser.ts'
import { Computer } from './mire.ts'
import { Scene } from './scene.ts'

const origin = inject('origin')
const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()

describe('the language', () => {
  it('of the mire is switched by its link, is kept on the next page, and comes back', async () => {
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.atMire()
    await desk.page.getByRole('link', { name: 'English' }).click()
    const english = Computer.at(desk.page, 'en')
    await english.atMire()
    await english.choosePhone()
    await desk.page.getByText(mire.en.openApp).waitFor()
    await desk.page.getByRole('link', { name: 'Français' }).click()
    await desk.page.getByText(mire.fr.openApp).waitFor()
    await expectAccessible(desk.page)
  })

  it('of the app is switched by its button, is kept when it is opened again, and comes back', async () => {
    const { page } = await scene.phone()
    await page.goto(`${origin}/ecps/`)
    await page.getByRole('heading', { level: 1, name: ecps.fr.welcome.title }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: ecps.en.welcome.title }).waitFor()
    await expectAccessible(page)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: ecps.en.welcome.title }).waitFor()
    await page.getByRole('button', { name: 'Français' }).click()
    await page.getByRole('heading', { level: 1, name: ecps.fr.welcome.title }).waitFor()
  })

  it('that a service asks for (OIDC Core §3.1.2.1, ui_locales) comes before the browser’s', async () => {
    const desk = await scene.computer()
    await desk.page.goto(`${record.origin}/?lang=en`)
    await Computer.at(desk.page, 'en').openService(record.origin)
    await Computer.at(desk.page, 'en').atMire()
  })

  it.each([
    ['en-GB', 'en'],
    ['fr-CA', 'fr'],
    ['de-DE', 'fr'],
  ] as const)('that the browser asks for, %s, gives %s', async (locale, language) => {
    const desk = await scene.computer({ locale })
    await desk.page.goto(`${origin}/sandbox`)
    await desk.page.getByText(sandbox[language].start.lead).waitFor()
  })
})
