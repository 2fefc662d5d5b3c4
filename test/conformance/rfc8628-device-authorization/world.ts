import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import type { Browser } from '../../actors/browser.ts'
import {
  basic,
  type Client,
  fetch,
  issuer,
  locationOf,
  newBrowser,
  type Person,
  passkeyAnswer,
  registered,
  shown,
  token,
} from '../federator.ts'

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** What a device is told (RFC 8628 §3.2). */
export interface Given {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

/** A screen's relying party: confidential and with refresh tokens unless said otherwise. */
export const screen = (metadata: Record<string, unknown> = {}): Promise<Client> =>
  registered({
    client_name: 'Tableau du service',
    redirect_uris: [],
    grant_types: [DEVICE_GRANT, 'refresh_token'],
    ...metadata,
  })

/** A device authorization request as this client would send it. */
export async function ask(
  client: Client,
  change: Record<string, string> = {},
  init: { readonly path?: string; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const form = new URLSearchParams({ scope: 'openid scope_all', ...change })
  if (client.client_secret === undefined) form.set('client_id', client.client_id)
  const headers = { ...(client.client_secret === undefined ? {} : basic(client)), ...init.headers }
  const request = new Request(`${issuer}${init.path ?? '/device_authorization'}`, {
    method: 'POST',
    body: form,
    headers,
  })
  return fetch(request)
}

/** A request in good order, accepted. */
export async function given(client: Client, change: Record<string, string> = {}): Promise<Given> {
  const response = await ask(client, change)
  expect(response.status).toBe(200)
  return response.json<Given>()
}

export const poll = (client: Client, { device_code }: Pick<Given, 'device_code'>) =>
  token(client, { grant_type: DEVICE_GRANT, device_code })

/** What a poll is told while there is nothing for it. */
export const told = async (client: Client, device: Pick<Given, 'device_code'>): Promise<string> => {
  const { status, body } = await poll(client, device)
  return body.error === undefined ? `${status}` : `${status} ${body.error}`
}

/** A form of ours, as a browser posts it. */
export const post = (
  browser: Browser,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  browser.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })

/** The page that asks whose screen it is, as text, and the fields of its form. */
export async function confirmation(browser: Browser, { user_code }: Pick<Given, 'user_code'>) {
  const response = await post(browser, '/device', { user_code })
  const html = await response.text()
  const fields = Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  )
  return { status: response.status, html, fields }
}

/** Says whose screen it is, with the fields of the page that asked. */
export async function reply(
  browser: Browser,
  device: Given,
  answer: 'yes' | 'other' | 'no',
): Promise<Response> {
  const { fields } = await confirmation(browser, device)
  return post(browser, '/device/answer', { ...fields, answer })
}

/** From a redirect to the mire to our page at its end, by passkey. */
export async function signIn(browser: Browser, begun: Response, person: Person): Promise<Response> {
  const path = locationOf(begun).pathname
  expect(path).toMatch(/^\/login\//)
  const { challenge } = await shown(browser, path)
  const proved = await passkeyAnswer(browser, path, person, challenge)
  const state = await proved.json<{ status: string; disclose: boolean; next: string }>()
  expect(state.status).toBe('proved')
  const next = state.disclose
    ? (await browser.ask(`${path}/acknowledge`, { method: 'POST' })).headers.get('location')
    : state.next
  return browser.ask(next ?? '')
}

/** A whole walk: code typed, screen recognised, signed in by passkey. */
export async function connect(device: Given, person: Person, browser = newBrowser()): Promise<Browser> {
  const end = await signIn(browser, await reply(browser, device, 'yes'), person)
  expect(end.status).toBe(200)
  return browser
}

/** A device's request as if this many seconds had passed since it was made. */
export const passes = ({ device_code }: Given, seconds: number): Promise<void> =>
  runInDurableObject(env.DEVICE_REQUEST.getByName(device_code.slice(0, 22)), (object) => {
    object.clock = () => after(systemClock(), seconds)
  })
