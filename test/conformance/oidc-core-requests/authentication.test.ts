import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ObjectName } from '../../../src/kernel/identifiers.ts'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import type { ContextClass } from '../../../src/mire/authentication.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import {
  answer,
  authorize,
  claimsOf,
  prove,
  request,
  signIn,
  someone,
  toMire,
  world,
} from '../../actors/authorization.ts'
import type { Browser } from '../../actors/browser.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})
const asked = (more: Record<string, string> = {}) => request(service, more)
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
})
const wished = (...values: string[]) => ({ claims: JSON.stringify({ id_token: { acr: { values } } }) })

/** A browser where somebody signed in some time ago, this strongly, and knows what the service gets. */
async function signedIn(contextClass: ContextClass = 'phr', ago = 0): Promise<Browser> {
  const browser = here.browser()
  const who = someone(contextClass, after(systemClock(), -ago))
  await signIn(browser, asked(), who)
  await here.acquainted(who, service)
  return browser
}
/** The claims of the ID token that a code gives. */
async function redeemed(response: Response) {
  return claimsOf((await service.redeem(answer(response).code ?? '')).id_token)
}

describe('acr: step-up, eidas1 < phr < phrh', () => {
  const CLASSES = ['eidas1', 'phr', 'phrh'] as const
  const CASES = CLASSES.flatMap((has, i) => CLASSES.map((wants, j) => [has, wants, i >= j] as const))

  it.each(CASES)(
    'OIDC Core §3.1.2.1: a session of %s, acr_values=%s: answers by itself: %s',
    async (has, wants, enough) => {
      const browser = await signedIn(has)
      const response = await authorize(browser, asked({ acr_values: wants }))
      expect(toMire(response)).toBe(!enough)
      if (enough) expect(await redeemed(response)).toMatchObject({ acr: wants })
    },
  )

  it('§3.1.2.1: stepped up, the new session states it, and answers the next by itself', async () => {
    const browser = await signedIn('eidas1')
    const stronger = await prove(
      browser,
      await authorize(browser, asked({ acr_values: 'phr' })),
      someone('phr'),
    )
    expect(await redeemed(stronger)).toMatchObject({ acr: 'phr' })
    expect(answer(await authorize(browser, asked({ acr_values: 'phr', prompt: 'none' })))).toHaveProperty(
      'code',
    )
  })

  it('§3.1.2.1: a wish that is not reached is answered with the truth', async () => {
    for (const wish of [{ acr_values: 'phrh' }, wished('phrh')])
      expect(await redeemed(await signIn(here.browser(), asked(wish), someone('phr')))).toMatchObject({
        acr: 'phr',
      })
  })

  it('§5.5.1.1: an essential class that is reached is stated', async () => {
    const response = await signIn(here.browser(), asked(essential('phr', 'phrh')), someone('phrh'))
    expect(await redeemed(response)).toMatchObject({ acr: 'phrh' })
  })

  it('§5.5.1.1: an essential class makes a weaker session step up', async () => {
    const browser = await signedIn('eidas1')
    expect(toMire(await authorize(browser, asked(essential('phr'))))).toBe(true)
  })

  it.each([
    ['phrh', 'phr'],
    ['phr', 'eidas1'],
  ] as const)(
    'Unmet Authentication Requirements §2: essential %s, reached %s: no code and no session',
    async (wants, reached) => {
      const browser = here.browser()
      const response = await signIn(browser, asked(essential(wants)), someone(reached))
      expect(answer(response)).toMatchObject({
        error: 'unmet_authentication_requirements',
        state: 'the state',
        iss: here.issuer,
      })
      expect(answer(response)).not.toHaveProperty('code')
      expect(browser.cookie('session')).toBeUndefined()
    },
  )

  it('Unmet Authentication Requirements §2: a class of nobody’s is refused before anybody is asked', async () => {
    const response = await authorize(here.browser(), asked(essential('urn:mace:incommon:iap:silver')))
    expect(answer(response)).toMatchObject({ error: 'unmet_authentication_requirements' })
  })

  it('§3.1.2.6: prompt=none, where signing in again could reach it', async () => {
    const browser = await signedIn('eidas1')
    expect(answer(await authorize(browser, asked({ ...essential('phr'), prompt: 'none' })))).toMatchObject({
      error: 'login_required',
    })
  })

  it('the refusal leaves the session that was there before', async () => {
    const browser = await signedIn('eidas1')
    await prove(browser, await authorize(browser, asked(essential('phrh'))), someone('phr'))
    expect(answer(await authorize(browser, asked({ prompt: 'none' })))).toHaveProperty('code')
  })
})

describe('prompt', () => {
  it.each(['login', 'select_account', 'login consent', 'select_account consent'])(
    'OIDC Core §3.1.2.1: prompt=%s shows the mire afresh, and what comes of it is new',
    async (prompt) => {
      const browser = await signedIn('phr', 100)
      const before = browser.cookie('session')
      const begun = await authorize(browser, asked({ prompt }))
      expect(toMire(begun)).toBe(true)
      const claims = await redeemed(await prove(browser, begun))
      expect(Number(claims.auth_time)).toBeGreaterThan(systemClock() - 60)
      expect(browser.cookie('session')).not.toBe(before)
    },
  )

  it('§3.1.2.1: prompt=consent shows what is shared, in the same session', async () => {
    const browser = await signedIn('phr', 100)
    expect(toMire(await authorize(browser, asked({ prompt: 'consent' })))).toBe(true)
  })

  it('§3.1.2.6: prompt=none never shows anything', async () => {
    expect(answer(await authorize(here.browser(), asked({ prompt: 'none' })))).toMatchObject({
      error: 'login_required',
    })
    expect(answer(await authorize(await signedIn(), asked({ prompt: 'none' })))).toHaveProperty('code')
  })

  it.each(['none login', 'none select_account', 'create', 'LOGIN'])(
    '§3.1.2.1: refuses prompt=%s',
    async (prompt) => {
      expect(answer(await authorize(here.browser(), asked({ prompt })))).toMatchObject({
        error: 'invalid_request',
      })
    },
  )
})

describe('max_age', () => {
  it('OIDC Core §3.1.2.1: younger than it, the session answers, with auth_time', async () => {
    const browser = await signedIn('phr', 100)
    const claims = await redeemed(await authorize(browser, asked({ max_age: '200' })))
    expect(Number(claims.auth_time)).toBeLessThanOrEqual(systemClock() - 100)
  })

  it.each(['0', '50', '100'])(
    '§3.1.2.1: older than %s seconds, the mire, and a new auth_time',
    async (age) => {
      const browser = await signedIn('phr', 100)
      const begun = await authorize(browser, asked({ max_age: age }))
      expect(toMire(begun)).toBe(true)
      expect(Number((await redeemed(await prove(browser, begun))).auth_time)).toBeGreaterThan(
        systemClock() - 60,
      )
    },
  )

  it('Registration §2: default_max_age, where the request says nothing', async () => {
    const impatient = await here.service({ default_max_age: 50 })
    const browser = await signedIn('phr', 100)
    expect(toMire(await authorize(browser, request(impatient)))).toBe(true)
  })

  it.each(['-1', '1.5', 'soon', '1e3'])('refuses max_age=%s', async (age) => {
    expect(answer(await authorize(here.browser(), asked({ max_age: age })))).toMatchObject({
      error: 'invalid_request',
    })
  })
})

describe('id_token_hint', () => {
  const idTokenOf = async (by: Service, response: Response) =>
    (await by.redeem(answer(response).code ?? '')).id_token

  it('OIDC Core §3.1.2.1: of the person signed in: answers, also when that session is long over', async () => {
    const browser = here.browser()
    const hint = await idTokenOf(service, await signIn(browser, asked()))
    await here.acquainted(someone(), service)
    expect(answer(await authorize(browser, asked({ id_token_hint: hint, prompt: 'none' })))).toHaveProperty(
      'code',
    )
    const [object = ''] = (browser.cookie('session') ?? '').split('.')
    await objectSessions(env.SESSION).end(ObjectName.parse(object))
    expect(answer(await authorize(browser, asked({ id_token_hint: hint, prompt: 'none' })))).toMatchObject({
      error: 'login_required',
    })
    expect(answer(await signIn(here.browser(), asked({ id_token_hint: hint })))).toHaveProperty('code')
  })

  it('attack: an ID token of another client', async () => {
    const other = await here.service({ client_name: 'Messagerie' })
    const hint = await idTokenOf(other, await signIn(here.browser(), request(other)))
    expect(answer(await authorize(here.browser(), asked({ id_token_hint: hint })))).toMatchObject({
      error: 'invalid_request',
    })
  })

  it('attack: an access token as a hint', async () => {
    const { code = '' } = answer(await signIn(here.browser(), asked()))
    const { access_token: hint } = await service.redeem(code)
    expect(answer(await authorize(here.browser(), asked({ id_token_hint: hint })))).toMatchObject({
      error: 'invalid_request',
    })
  })
})

it('RFC 6749 §4.1.2.1: a client registered for other grants only', async () => {
  const elsewhere = await here.service({ grant_types: ['client_credentials'] })
  expect(answer(await authorize(here.browser(), request(elsewhere)))).toMatchObject({
    error: 'unauthorized_client',
  })
  const pushed = await elsewhere.post('/par', request(elsewhere))
  expect(await pushed.json()).toMatchObject({ error: 'unauthorized_client' })
})

it('ui_locales: the page speaks it (OIDC Core §3.1.2.1)', async () => {
  const browser = here.browser()
  const begun = await authorize(browser, asked({ ui_locales: 'de en' }))
  const page = await (await browser.ask(begun.headers.get('location') ?? '')).text()
  expect(page).toContain('<html lang="en">')
})
