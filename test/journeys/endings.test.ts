import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { freePort } from '../../tools/ports.ts'
import { type Serment, startSerment } from '../../tools/serve.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { words as mireScript } from '../../web/mire/words.ts'
import { expectAccessible } from './browser.ts'
import { Computer } from './mire.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

// A Serment of this file's own: requests live 10 seconds in it, QRs 22, and its people can be suspended.
const state = mkdtempSync(join(tmpdir(), 'journeys-endings-'))
let serment: Serment
let record: { readonly name: string; readonly origin: string }
beforeAll(async () => {
  const vars = { LIFETIME_APPROVAL: '10', LIFETIME_PAIRING: '22' }
  serment = await startSerment({ port: await freePort(2), state, vars })
  const [first] = serment.demos
  if (first === undefined) throw new Error('a service is expected')
  record = first
})
afterAll(async () => {
  await serment?.close()
  rmSync(state, { recursive: true, force: true })
})
const scene = new Scene(() => serment.origin)

describe('time passes', () => {
  it('a request that nobody answers expires: both ends say so, and starting again works', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.choosePhone()
    await phone.typeCode(await desk.typedCode())
    await phone.reads(ecps.fr.result.expired)
    await desk.page.getByRole('heading', { name: mire.fr.failed['request-expired'].title }).waitFor()
    await expectAccessible(desk.page)

    await phone.page.getByRole('link', { name: ecps.fr.result.home }).click()
    await desk.startAgain()
    await phone.typeCode(await desk.typedCode())
    await phone.choose(await desk.dynamicCode())
    await phone.reads(ecps.fr.result.approved)
    await desk.goOn()
    await desk.signedIn(person.givenName)
  })

  it('the QR is renewed while the page waits; the code shown before still works', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.choosePhone()
    const before = { typed: await desk.typedCode(), qr: await desk.qr(), value: await desk.dynamicCode() }
    const elsewhere = desk.page.getByRole('button', { name: mire.fr.anotherWay })
    await elsewhere.focus()
    await expect.poll(() => desk.typedCode(), { timeout: 20_000 }).not.toBe(before.typed)
    // Whoever goes through the page by keyboard or by ear is still where they were.
    await expect.poll(() => elsewhere.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await desk.qr()).not.toBe(before.qr)
    expect(await desk.dynamicCode()).toBe(before.value)
    await phone.typeCode(before.typed)
    await phone.choose(before.value)
    await phone.reads(ecps.fr.result.approved)
    await desk.goOn()
    await desk.signedIn(person.givenName)
  })
})

describe('a right is taken away', () => {
  it('a suspended person opens nothing, by passkey or by phone, and both say so', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const here = Computer.at(phone.page)
    await here.openService(record.origin)
    await here.atMire()
    await serment.database
      .prepare(`UPDATE practitioner SET status = 'suspended' WHERE national_id = ?1`)
      .bind(person.nationalId)
      .run()
    await here.choosePasskey()
    await phone.page.getByText(mireScript.fr.problems.suspended).waitFor()
    await expectAccessible(phone.page)

    await phone.page.goto(`${serment.origin}/ecps/`)
    await phone.reads(ecps.fr.ended.title)
    await phone.page.getByText(ecps.fr.refusals.suspended).waitFor()
    expect(await phone.page.getByRole('button', { name: ecps.fr.ended.again }).count()).toBe(0)
  })
})
