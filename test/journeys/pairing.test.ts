import { describe, expect, inject, it } from 'vitest'
import { words as ecps } from '../../web/ecps/words.ts'
import { expectAccessible } from './browser.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()
const t = ecps.fr

describe('fetching a request from a computer', () => {
  it('what is not a code, and a code that is nobody’s, say so and lose nothing; the right one then works', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.choosePhone()

    await phone.typeCode('K7QM-2X')
    await phone.page.getByText(t.type.wrong).waitFor()
    await expectAccessible(phone.page)
    await phone.page.getByLabel(t.type.label).fill('ZZZZ-9999')
    await phone.page.getByRole('button', { name: t.type.next, exact: true }).click()
    await phone.page.getByText(t.refusals['code-unknown']).waitFor()
    await expectAccessible(phone.page)

    await phone.page.getByLabel(t.type.label).fill((await desk.typedCode()).replace('-', ' ').toLowerCase())
    await phone.page.getByRole('button', { name: t.type.next, exact: true }).click()
    expect(await phone.values()).toContain(await desk.dynamicCode())
  })

  it('a QR of something else is named as such; a camera that may not be used leads to the typed code', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    scene.devices.camera.show('https://bus.example/ticket/1234')
    await phone.scan()
    await phone.page.getByText(t.scan.foreign).waitFor()
    await expectAccessible(phone.page)
    await phone.page.getByRole('link', { name: t.back }).click()

    // The person's answer to the browser's own question, which a browser driven by a test does not ask.
    await phone.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('Permission denied', 'NotAllowedError')
      }
    })
    await phone.scan()
    await phone.page.getByText(t.scan.denied).waitFor()
    await expectAccessible(phone.page)
    await phone.page.getByRole('link', { name: t.home.type }).click()
    await phone.page.getByLabel(t.type.label).waitFor()
  })
})
