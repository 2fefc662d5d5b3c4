import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { formPostWords } from '../../src/provider/authorization/words.ts'
import { freePort } from '../../tools/ports.ts'
import { type Devices, expectAccessible, launchDevices } from './browser.ts'

const origin = inject('origin')

let devices: Devices
let service: Server
let callback: string
/** What was posted to the service. */
const received: URLSearchParams[] = []

beforeAll(async () => {
  const port = await freePort()
  callback = `http://localhost:${port}/callback`
  service = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      if (request.method === 'POST') {
        received.push(new URLSearchParams(body))
        response.writeHead(303, { location: '/arrived' }).end()
      } else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>arrived</title>')
    })
  }).listen(port, 'localhost')
  devices = await launchDevices()
})
afterAll(async () => {
  await devices.close()
  service.close()
})

/** A request that is answered at once: nobody is signed in, and nobody may be asked. */
async function request(mode: string): Promise<string> {
  const registered = await fetch(`${origin}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Service <b>de</b> test', redirect_uris: [callback] }),
  })
  const { client_id } = (await registered.json()) as { client_id: string }
  const sent = { client_id, redirect_uri: callback, response_type: 'code', scope: 'openid', prompt: 'none' }
  return `${origin}/authorize?${new URLSearchParams({ ...sent, response_mode: mode, state: 'é"<st>' })}`
}

describe('OAuth 2.0 Form Post Response Mode §2, in a browser', () => {
  it('posts itself, under its own Content-Security-Policy', async () => {
    const page = await (await devices.desktop()).newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(await request('form_post'))
    await page.waitForURL('**/arrived')
    expect(Object.fromEntries(received.pop() ?? [])).toMatchObject({
      error: 'login_required',
      state: 'é"<st>',
      iss: origin,
    })
    expect(complaints.filter((text) => /Content Security|Trusted/i.test(text))).toEqual([])
  })

  it('without script, a button does it, on a page that everybody can read', async () => {
    const page = await (await devices.desktop({ javaScript: false })).newPage()
    await page.goto(await request('form_post.jwt'))
    expect(await page.textContent('main')).toContain('Service <b>de</b> test')
    await page.getByRole('button', { name: formPostWords.fr.button }).click()
    await page.waitForURL('**/arrived')
    expect([...(received.pop()?.keys() ?? [])]).toEqual(['response'])
  })

  it('has nothing that axe objects to', async () => {
    const page = await (await devices.desktop()).newPage()
    // 204: the browser stays where it is.
    await page.route('**/callback', (route) => route.fulfill({ status: 204 }))
    await page.goto(await request('form_post'), { waitUntil: 'commit' })
    await page.waitForSelector('main form button')
    await expectAccessible(page)
  })
})
