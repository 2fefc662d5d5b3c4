import { describe, expect, inject, it } from 'vitest'
import { words as ecps } from '../../web/ecps/words.ts'
import { expectAccessible } from './browser.ts'
import { anyone, someone } from './people.ts'
import type { Professional } from './professional.ts'
import { Scene } from './scene.ts'

const origin = inject('origin')
const scene = new Scene()
const t = ecps.fr

/** What the outbox holds for everyone. */
async function mails(): Promise<number> {
  const response = await fetch(`${origin}/sandbox/outbox`)
  return ((await response.json()) as { messages: unknown[] }).messages.length
}

async function begin({ page }: Professional, nationalId: string): Promise<void> {
  await page.goto(`${origin}/ecps/`)
  await page.getByRole('button', { name: t.welcome.start }).click()
  await page.getByLabel(t.identity.label).fill(nationalId)
  await page.getByRole('button', { name: t.identity.next }).click()
  await page.getByRole('heading', { level: 1, name: t.codes.title }).waitFor()
}

async function giveCodes({ page }: Professional, email: string, sms: string): Promise<void> {
  await page.getByLabel(t.codes.email).fill(email)
  await page.getByLabel(t.codes.sms).fill(sms)
  await page.getByRole('button', { name: t.codes.next, exact: true }).click()
}

describe('activating an e-CPS', () => {
  it('shows a number that leads nowhere what it shows any other, and sends nothing', async () => {
    const before = await mails()
    const known = await scene.phone()
    await begin(known, anyone().nationalId)
    const shown = await known.page.getByRole('main').innerText()
    await expect.poll(mails, { timeout: 15_000 }).toBe(before + 2)
    for (const nationalId of [
      '899700999999',
      someone('suspended').nationalId,
      someone('without contact details').nationalId,
    ]) {
      const phone = await scene.phone()
      await begin(phone, nationalId)
      expect(await phone.page.getByRole('main').innerText()).toBe(shown)
      await giveCodes(phone, '123456', '654321')
      await phone.page.getByText(t.codes.left(4)).waitFor()
    }
    // What leaves for the next known number comes after whatever would have left for these.
    await begin(await scene.phone(), anyone().nationalId)
    await expect.poll(mails, { timeout: 15_000 }).toBeGreaterThanOrEqual(before + 4)
    expect(await mails()).toBe(before + 4)
  })

  it('what is typed wrong is said beside it; wrong codes count down, then new ones are asked for', async () => {
    const phone = await scene.phone()
    const { page } = phone
    await page.goto(`${origin}/ecps/`)
    await page.getByRole('button', { name: t.welcome.start }).click()
    await page.getByLabel(t.identity.label).fill('8123')
    await page.getByRole('button', { name: t.identity.next }).click()
    await page.getByText(t.identity.wrong).waitFor()
    await expectAccessible(page)

    await begin(phone, anyone().nationalId)
    await giveCodes(phone, '123456', '')
    await page.getByText(t.codes.missing).waitFor()
    await expectAccessible(page)
    for (const left of [4, 3, 2, 1]) {
      await giveCodes(phone, '000000', '000000')
      await page.getByText(t.codes.left(left)).waitFor()
    }
    await expectAccessible(page)
    await giveCodes(phone, '000000', '000000')
    await page.getByRole('heading', { level: 1, name: t.identity.title }).waitFor()
    await page.getByText(t.refusals['too-many-attempts']).waitFor()
    await expectAccessible(page)
  })

  it('goes on where it was when the mail app pushed the page out of memory', async () => {
    const phone = await scene.phone()
    await begin(phone, anyone().nationalId)
    await phone.page.reload()
    await phone.page.getByRole('heading', { level: 1, name: t.codes.title }).waitFor()
    await phone.page.getByText(t.codes.nothing).click()
    await expectAccessible(phone.page)
    await phone.page.getByRole('button', { name: t.codes.again }).click()
    await phone.page.getByRole('heading', { level: 1, name: t.identity.title }).waitFor()
  })
})
