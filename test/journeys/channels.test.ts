import { describe, expect, inject, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { expectAccessible } from './browser.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()

describe('a network or a browser that takes something away', () => {
  it('no WebSockets, on the computer and on the phone: both ask instead, and go on by themselves', async () => {
    const person = anyone()
    const phone = await scene.phone()
    const desk = await scene.computer()
    // The computer's proxy takes the connection and lets nothing through; the phone's browser has none at all.
    await desk.page.routeWebSocket(/\/live$/, () => {})
    await phone.page.addInitScript('delete globalThis.WebSocket')
    await phone.activate(person.nationalId)
    await desk.openService(record.origin)
    await desk.choosePhone()
    await phone.typeCode(await desk.typedCode())
    await phone.choose(await desk.dynamicCode())
    await phone.reads(ecps.fr.result.approved)
    await desk.discloses(record.name)
    await desk.goOn()
    await desk.signedIn(person.givenName)
  })

  it('no JavaScript on the computer: the typed code signs in, through every page', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer({ javaScript: false })
    await desk.openService(record.origin)
    expect(await desk.page.locator('noscript .notice').innerText()).toBe(mire.fr.passkeyNeedsScript)
    await desk.choosePhone()
    await phone.typeCode(await desk.typedCode())
    // The page asks again by itself, and then shows the value alone.
    await desk.page.getByRole('heading', { name: mire.fr.choose }).waitFor()
    await expectAccessible(desk.page)
    const value = await desk.dynamicCode()
    expect(await phone.values()).toContain(value)
    await phone.choose(value)
    await desk.discloses(record.name)
    await desk.goOn()
    await desk.signedIn(person.givenName)
  })
})

describe('two requests at once for one person', () => {
  it('cancel each other: both computers and the phone say so, and starting again works', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const [one, other] = [await scene.computer(), await scene.computer()]
    for (const desk of [one, other]) {
      await desk.openService(record.origin)
      await desk.choosePhone()
    }
    await phone.typeCode(await one.typedCode())
    await phone.values()
    await phone.page.getByRole('link', { name: ecps.fr.result.home }).click()
    await phone.typeCode(await other.typedCode())
    await phone.page.getByText(ecps.fr.refusals['two-at-once']).waitFor()
    await expectAccessible(phone.page)
    for (const desk of [one, other]) {
      await desk.page.getByRole('heading', { name: mire.fr.failed['two-at-once'].title }).waitFor()
      await expectAccessible(desk.page)
    }
    await phone.home()
    await phone.page.getByText(ecps.fr.home.none).waitFor()

    await one.startAgain()
    await phone.typeCode(await one.typedCode())
    await phone.choose(await one.dynamicCode())
    await phone.reads(ecps.fr.result.approved)
    await one.goOn()
    await one.signedIn(person.givenName)
  })
})
