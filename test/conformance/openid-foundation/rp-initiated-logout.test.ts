import { beforeAll, expect, it } from 'vitest'
import { answer, authorize, locationOf, request, signIn, someone, world } from '../../actors/authorization.ts'
import type { Browser } from '../../actors/browser.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
const BYE = 'https://dossier.example.test/bye'
/** As long as the suite's, to see that nothing cuts it. */
const STATE = 'a'.repeat(128)
let service: Service
beforeAll(async () => {
  service = await here.service({ post_logout_redirect_uris: [BYE] })
})

/** Somebody signed in, in a browser of their own; with prompt=none they would be let in again. */
async function signedIn(): Promise<{ browser: Browser; hint: string }> {
  const browser = here.browser()
  const who = someone()
  const back = await signIn(browser, request(service), who)
  await here.acquainted(who, service)
  const { id_token: hint } = await service.redeem(answer(back).code ?? '')
  expect(await isSignedIn(browser)).toBe(true)
  return { browser, hint }
}
/** What each module ends with: prompt=none succeeds, or says that somebody must sign in. */
async function isSignedIn(browser: Browser): Promise<boolean> {
  const { code, error } = answer(await authorize(browser, request(service, { prompt: 'none' })))
  if (error !== undefined) expect(error).toBe('login_required')
  return code !== undefined
}
const logout = (browser: Browser, sent: Record<string, string>) =>
  browser.ask(`/logout?${new URLSearchParams(sent)}`)

/** Answers our own question: yes. */
async function confirm(browser: Browser, asked: Response): Promise<Response> {
  const page = await asked.text()
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  expect(fields.map(([, name]) => name)).toContain('proof')
  const body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]))
  return browser.ask('/logout/confirm', { method: 'POST', body })
}

/** The person is asked, nobody is sent anywhere before they answer, and then they are signed out. */
const asks =
  (change: (sent: Record<string, string>) => Record<string, string>, onward?: string) => async () => {
    const { browser, hint } = await signedIn()
    const sent = { id_token_hint: hint, post_logout_redirect_uri: BYE, state: STATE }
    const asked = await logout(browser, change(sent))
    expect(asked.status).toBe(200)
    expect(asked.headers.get('location')).toBeNull()
    expect(await isSignedIn(browser)).toBe(true)
    const done = await confirm(browser, asked)
    expect(done.headers.get('location')).toBe(onward ?? null)
    expect(await isSignedIn(browser)).toBe(false)
  }

/** Signed out at once, because the service proved which session it means. */
const signsOut =
  (change: (sent: Record<string, string>) => Record<string, string>, onward?: string) => async () => {
    const { browser, hint } = await signedIn()
    const sent = { id_token_hint: hint, post_logout_redirect_uri: BYE, state: STATE }
    const done = await logout(browser, change(sent))
    expect(done.status).toBe(onward === undefined ? 200 : 303)
    expect(done.headers.get('location')).toBe(onward ?? null)
    expect(await isSignedIn(browser)).toBe(false)
  }

const without =
  (...names: string[]) =>
  (sent: Record<string, string>) =>
    Object.fromEntries(Object.entries(sent).filter(([name]) => !names.includes(name)))
/** The signature of another token: the first letter of the claims is another. */
const modified = ({ id_token_hint = '', ...sent }: Record<string, string>) => {
  const [header, claims = '', signature] = id_token_hint.split('.')
  return { ...sent, id_token_hint: `${header}.${claims.slice(0, -2)}AA.${signature}` }
}

type Module = readonly [name: string, what: string, run: () => Promise<void>]
const MODULES: readonly Module[] = [
  [
    'oidcc-rp-initiated-logout-discovery-endpoint-verification',
    'end_session_endpoint is there',
    async () => {
      const metadata = await (
        await here.network(`${here.issuer}/.well-known/openid-configuration`, {})
      ).json()
      expect(metadata).toMatchObject({ end_session_endpoint: `${here.issuer}/logout` })
    },
  ],
  [
    'oidcc-rp-initiated-logout',
    'signed out, back at the service with its state',
    signsOut((sent) => sent, `${BYE}?state=${STATE}`),
  ],
  [
    'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
    'an address of nobody’s is not followed',
    async () => {
      const { browser, hint } = await signedIn()
      const sent = { id_token_hint: hint, post_logout_redirect_uri: `${BYE}/foo`, state: STATE }
      const told = await logout(browser, sent)
      expect(told.headers.get('location')).toBeNull()
      expect(told.headers.get('refresh')).toBeNull()
      expect(await told.text()).not.toContain(`${BYE}/foo`)
    },
  ],
  [
    'oidcc-rp-initiated-logout-modified-id-token-hint',
    'counts for nothing: the person is asked, and nobody is sent to the service',
    asks(modified),
  ],
  [
    'oidcc-rp-initiated-logout-no-id-token-hint',
    'the person is asked, and without a client nobody is sent anywhere',
    asks(without('id_token_hint')),
  ],
  [
    'oidcc-rp-initiated-logout-no-params',
    'the person is asked',
    asks(without('id_token_hint', 'post_logout_redirect_uri', 'state')),
  ],
  [
    'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
    'signed out, on a page of ours',
    signsOut(without('post_logout_redirect_uri')),
  ],
  ['oidcc-rp-initiated-logout-no-state', 'signed out, back without a state', signsOut(without('state'), BYE)],
  [
    'oidcc-rp-initiated-logout-only-state',
    'the person is asked',
    asks(without('id_token_hint', 'post_logout_redirect_uri')),
  ],
]

it.each(MODULES)('%s: %s', async (_, __, run) => run())

it('RP-Initiated Logout §2: by POST as by GET', async () => {
  const { browser, hint } = await signedIn()
  const body = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: STATE })
  const done = await browser.ask('/logout', { method: 'POST', body })
  expect(locationOf(done).href).toBe(`${BYE}?state=${STATE}`)
  expect(await isSignedIn(browser)).toBe(false)
})
