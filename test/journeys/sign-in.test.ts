import { describe, expect, inject, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { words as demo } from '../../tools/demo/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { expectAccessible } from './browser.ts'
import { Computer } from './mire.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const [record, mail] = inject('demos')
if (record === undefined || mail === undefined) throw new Error('two services are expected')

const scene = new Scene()

describe('with the phone, from a browser that nobody has trusted', () => {
  it('scans the QR, chooses the right value; the page goes on by itself; the second service asks nothing; logout ends both', async () => {
    const person = anyone()
    const professional = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.atMire()
    await desk.choosePhone()
    scene.devices.camera.show(await desk.qr())
    const code = await desk.dynamicCode()
    await professional.scan()
    expect(await professional.values()).toContain(code)
    await professional.choose(code)
    await professional.reads(ecps.fr.result.approved)

    await desk.discloses(record.name)
    await desk.goOn()
    await desk.signedIn(person.givenName)
    expect(await desk.page.content()).toContain(person.nationalId)

    await desk.openService(mail.origin)
    await desk.discloses(mail.name)
    await desk.goOn()
    await desk.signedIn(person.givenName)

    await desk.signOut()
    await desk.page.getByText(demo.fr.signedOut).first().waitFor()
    await expectAccessible(desk.page)
    await desk.openService(mail.origin)
    await desk.atMire()
  })

  it('types the code, in English', async () => {
    const person = anyone()
    const professional = await scene.phoneOf(person.nationalId, { language: 'en' })
    const desk = await scene.computer({ language: 'en' })
    await desk.openService(record.origin)
    await desk.atMire()
    await desk.choosePhone()
    await professional.typeCode((await desk.typedCode()).toLowerCase())
    const code = await desk.dynamicCode()
    expect(await professional.values()).toContain(code)
    await professional.choose(code)
    await professional.reads(ecps.en.result.approved)
    await desk.goOn()
    await desk.signedIn(person.givenName)
  })

  it('a wrong value opens nothing and is kept as a signed refusal; another way is at hand', async () => {
    const person = anyone()
    const professional = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.choosePhone()
    await professional.typeCode(await desk.typedCode())
    const code = await desk.dynamicCode()
    const wrong = (await professional.values()).find((value) => value !== code) ?? ''
    await professional.choose(wrong)
    await professional.reads(ecps.fr.result.wrong)
    await desk.page.getByRole('heading', { name: mire.fr.failed['wrong-code'].title }).waitFor()
    await desk.atMire()
    await professional.page.getByRole('link', { name: ecps.fr.signIns.title }).click()
    await professional.page.getByText(ecps.fr.signIns.outcomes['wrong-code']).first().waitFor()
    await expectAccessible(professional.page)
  })

  it('"none of these" refuses; the computer says so', async () => {
    const person = anyone()
    const professional = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.choosePhone()
    await professional.typeCode(await desk.typedCode())
    await professional.values()
    await professional.chooseNone()
    await professional.reads(ecps.fr.result.denied)
    await desk.page.getByRole('heading', { name: mire.fr.failed.denied.title }).waitFor()
    await expectAccessible(desk.page)
  })
})

describe('with the passkey of this very device', () => {
  it('by autofill: the passkey that the browser offers signs in by itself', async () => {
    const person = anyone()
    const desk = await scene.passkeyComputer({ kind: 'synced', autofill: true })
    await desk.activate(person.nationalId)
    const here = Computer.at(desk.page)
    await here.openService(record.origin)
    await here.discloses(record.name)
    await here.goOn()
    await here.signedIn(person.givenName)
  })

  it('signs in at the service in one tap, on the phone itself', async () => {
    const person = anyone()
    const professional = await scene.phoneOf(person.nationalId)
    const phone = Computer.at(professional.page)
    await phone.openService(record.origin)
    await phone.atMire()
    await phone.choosePasskey()
    await phone.discloses(record.name)
    await phone.goOn()
    await phone.signedIn(person.givenName)
    expect(await phone.page.content()).toContain('PASSKEY')
  })

  it('a finger that does not fit opens nothing, says so, and keeps the other ways', async () => {
    const person = anyone()
    const desk = await scene.passkeyComputer({})
    await desk.activate(person.nationalId)
    const here = Computer.at(desk.page)
    await here.openService(record.origin)
    await here.atMire()
    await desk.passkeys.verifies(false)
    await here.choosePasskey()
    await here.page.locator('#passkey-problem').filter({ visible: true }).waitFor()
    await expectAccessible(here.page)
    await here.choosePhone()
  })
})

describe('with the phone, from a trusted browser', () => {
  it('one click rings it; no QR, no code to type', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    // The computer has a passkey of its own, which proves the professional and lets the browser be trusted.
    const desk = await scene.passkeyComputer({})
    await desk.activate(person.nationalId)
    const here = Computer.at(desk.page)
    await here.openService(record.origin)
    await here.atMire()
    await here.page.getByRole('checkbox', { name: new RegExp(mire.fr.trust) }).check()
    await here.choosePasskey()
    await here.goOn()
    await here.signedIn(person.givenName)
    await here.signOut()

    await here.openService(record.origin)
    await phone.home()
    await here.ring()
    const code = await here.dynamicCode()
    await expectAccessible(here.page)
    // It opens by itself: the app was showing an empty list.
    expect(await phone.values()).toContain(code)
    await phone.choose(code)
    await phone.reads(ecps.fr.result.approved)
    await here.signedIn(person.givenName)
    expect(await here.page.content()).toContain('MOBILE')
  })

  it('two at once cancel each other: both pages and the phone say so', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.passkeyComputer({})
    await desk.activate(person.nationalId)
    const one = Computer.at(desk.page)
    await one.openService(record.origin)
    await one.atMire()
    await one.page.getByRole('checkbox', { name: new RegExp(mire.fr.trust) }).check()
    await one.choosePasskey()
    await one.goOn()
    await one.signedIn(person.givenName)
    await one.signOut()

    const other = await Computer.of(one.page.context())
    await phone.home()
    for (const tab of [one, other]) await tab.openService(record.origin)
    await one.ring()
    await phone.values()
    await other.page.locator('button[name="bond"]').click()
    await phone.reads(ecps.fr.result.twice)
    for (const tab of [one, other])
      await tab.page.getByRole('heading', { name: mire.fr.failed['two-at-once'].title }).waitFor()
  })
})
