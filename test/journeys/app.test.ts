import { describe, expect, inject, it } from 'vitest'
import { words as demo } from '../../tools/demo/words.ts'
import { words as ecps } from '../../web/ecps/words.ts'
import { expectAccessible } from './browser.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const origin = inject('origin')
const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()
const t = ecps.fr

describe('the devices and the sign-ins of one person', () => {
  it('a second phone takes the right from the first, which says why and offers to begin again', async () => {
    const person = anyone()
    const lost = await scene.phoneOf(person.nationalId)
    const kept = await scene.phoneOf(person.nationalId)
    await kept.page.getByRole('link', { name: t.devices.title }).click()
    const rows = kept.page.getByRole('listitem')
    await expect.poll(() => rows.count()).toBe(2)
    await expectAccessible(kept.page)
    const other = rows.filter({ hasNotText: t.devices.current })
    await other.getByRole('button', { name: t.devices.remove }).click()
    await other.getByRole('alert').waitFor()
    await expectAccessible(kept.page)
    await other.getByRole('button', { name: t.devices.confirm }).click()
    await kept.page.getByText(t.devices.removed).waitFor()
    expect(await rows.count()).toBe(1)

    // By itself: its line was cut, and the server says why.
    await lost.reads(t.ended.title)
    await lost.page.getByText(t.refusals['device-revoked']).waitFor()
    await lost.page.getByRole('button', { name: t.ended.again }).click()
    await lost.reads(t.welcome.title)

    await rows.getByRole('button', { name: t.devices.remove }).click()
    await kept.page.getByText(t.devices.sureHere).waitFor()
    await kept.page.getByRole('button', { name: t.devices.confirm }).click()
    await kept.reads(t.ended.title)
  })

  it('a sign-in is listed, and signing out everywhere ends it at the service', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const desk = await scene.computer()
    await desk.openService(record.origin)
    await desk.choosePhone()
    await phone.typeCode(await desk.typedCode())
    await phone.choose(await desk.dynamicCode())
    await phone.reads(t.result.approved)
    await desk.goOn()
    await desk.signedIn(person.givenName)

    await phone.page.getByRole('link', { name: t.signIns.title }).click()
    const entry = phone.page.getByRole('listitem').filter({ hasText: record.name })
    await entry.getByText(t.signIns.live).waitFor()
    await entry.getByText(t.signIns.means.MOBILE).waitFor()
    await expectAccessible(phone.page)
    await phone.page.getByRole('link', { name: t.signOut.title }).click()
    await expectAccessible(phone.page)
    await phone.page.getByRole('button', { name: t.signOut.confirm }).click()
    await phone.page.getByText(t.signOut.done(1)).waitFor()
    await expectAccessible(phone.page)

    await desk.page.getByRole('button', { name: demo.fr.refresh }).click()
    await desk.page.getByText(demo.fr.advice.ended).waitFor()
    await expectAccessible(desk.page)
    await desk.openService(record.origin)
    await desk.atMire()
  })
})

describe('the app on its phone', () => {
  it('says who it speaks for, survives a reload and the loss of the network, and forgets when told to', async () => {
    const person = anyone()
    const phone = await scene.phoneOf(person.nationalId)
    const { page } = phone
    await page.getByRole('link', { name: t.account.title }).click()
    await page.getByText(person.nationalId).waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: t.back }).click()
    await page.reload()
    await phone.reads(t.home.title)

    scene.expectComplaint(/net::ERR_INTERNET_DISCONNECTED/)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.context().setOffline(true)
    await page.getByText(t.offline).waitFor()
    await page.reload()
    await phone.reads(t.home.title)
    await page.getByText(t.offline).waitFor()
    await page.context().setOffline(false)
    await page.getByText(t.offline).waitFor({ state: 'hidden' })

    await page.getByRole('link', { name: t.help.link }).click()
    await phone.reads(t.help.title)
    await page.getByRole('button', { name: t.help.again }).click()
    await page.getByText(t.help.againLead).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: t.help.sure }).click()
    await phone.reads(t.welcome.title)
    await page.reload()
    await phone.reads(t.welcome.title)
  })

  it('can be installed: manifest, icons, service worker', async () => {
    const { page } = await scene.phone()
    await page.goto(`${origin}/ecps/`)
    await page.evaluate(() => navigator.serviceWorker.ready)
    const devtools = await page.context().newCDPSession(page)
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    // A window of Playwright's is a private one, in which nothing is ever installed.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
      [],
    )
    const { errors, data } = await devtools.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const manifest = JSON.parse(data ?? '{}') as { icons: { src: string; type: string }[] }
    expect(manifest).toMatchObject({
      id: '/ecps/',
      start_url: '/ecps/',
      scope: '/ecps/',
      display: 'standalone',
    })
    for (const { src, type } of manifest.icons) {
      const icon = await fetch(new URL(src, origin))
      expect([src, icon.status, icon.headers.get('content-type')]).toEqual([src, 200, type])
    }
  })
})
