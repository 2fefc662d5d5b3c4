import * as client from 'openid-client'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { words as ecps } from '../../web/ecps/words.ts'
import { type Devices, expectAccessible, launchDevices } from './browser.ts'
import { anyone } from './people.ts'
import { Professional } from './professional.ts'

const origin = inject('origin')
let devices: Devices
const open: Page[] = []
beforeAll(async () => {
  devices = await launchDevices()
})
afterAll(() => devices.close())
afterEach(async () => {
  for (const page of open.splice(0)) await page.context().close()
})

const phoneOf = async (nationalId: string, language: 'fr' | 'en') => {
  const device = await devices.phone({ locale: language === 'fr' ? 'fr-FR' : 'en-GB' })
  const professional = await Professional.holding(device, origin, { language })
  open.push(professional.page)
  await professional.activate(nationalId)
  return professional
}

/** A vendor's server asks for this person. */
async function ask(nationalId: string, bindingMessage: string) {
  const config = await client.dynamicClientRegistration(
    new URL(origin),
    {
      client_name: 'Logiciel Démo',
      redirect_uris: [],
      grant_types: ['urn:openid:params:grant-type:ciba'],
    },
    undefined,
    { execute: [client.allowInsecureRequests] },
  )
  const asked = await client.initiateBackchannelAuthentication(config, {
    scope: 'openid scope_all',
    login_hint: nationalId,
    binding_message: bindingMessage,
  })
  return () => client.pollBackchannelAuthenticationGrant(config, asked)
}

describe('a service asks the phone from its own server', () => {
  it('two digits: the request opens by itself, says where it comes from, and the right value gives tokens', async () => {
    const { nationalId } = anyone()
    const professional = await phoneOf(nationalId, 'fr')
    const { page } = professional
    const tokens = await ask(nationalId, '47')
    expect(await professional.values()).toContain('47')
    await page.getByText(ecps.fr.request.byService).waitFor()
    expect(await page.getByText(ecps.fr.request.nowhere).count()).toBe(0)
    await professional.choose('47')
    await professional.reads(ecps.fr.result.approved)
    await page.getByText(ecps.fr.result.approvedService).waitFor()
    expect((await tokens()).claims()?.SubjectNameID).toBe(nationalId)
  })

  it('words: they are shown, in English, and "yes" gives tokens', async () => {
    const { nationalId } = anyone()
    const professional = await phoneOf(nationalId, 'en')
    const { page } = professional
    const tokens = await ask(nationalId, 'Ordonnance de Mme Durand, 3 lignes')
    await page.getByRole('heading', { name: ecps.en.request.isItYou }).waitFor()
    await page.getByText('Ordonnance de Mme Durand, 3 lignes').waitFor()
    await expectAccessible(page)
    const yes = page.getByRole('button', { name: ecps.en.request.yes })
    await expect.poll(() => yes.getAttribute('aria-disabled')).toBe('false')
    await yes.click()
    await professional.reads(ecps.en.result.approved)
    expect((await tokens()).claims()?.SubjectNameID).toBe(nationalId)
  })

  it('"no" refuses', async () => {
    const { nationalId } = anyone()
    const professional = await phoneOf(nationalId, 'fr')
    const tokens = await ask(nationalId, 'Téléconsultation de 14 h')
    const refused = expect(tokens()).rejects.toMatchObject({ error: 'access_denied' })
    const no = professional.page.getByRole('button', { name: ecps.fr.request.no })
    await no.waitFor()
    await expect.poll(() => no.getAttribute('aria-disabled')).toBe('false')
    await no.click()
    await professional.reads(ecps.fr.result.denied)
    await refused
  })
})
