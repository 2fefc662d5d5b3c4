import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { freePort } from '../../tools/ports.ts'
import { CookieJar } from '../interop/cookie-jar.ts'
import { robot, signIn } from '../interop/robot.ts'
import { type Devices, launchDevices } from './browser.ts'

const issuer = inject('origin')
let devices: Devices
let server: Server
let origin: string
/** What a browser asked of the service, in order. */
const asked: string[] = []

beforeAll(async () => {
  devices = await launchDevices()
  const port = await freePort()
  origin = `http://localhost:${port}`
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Service</title><h1>Service</h1>')
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
})
afterAll(async () => {
  await devices?.close()
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
})

test('Front-Channel Logout §2: a service is loaded in a frame, and then the browser goes back to it', async () => {
  const registered = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Service à cadre',
      redirect_uris: [`${origin}/callback`],
      post_logout_redirect_uris: [`${origin}/bye`],
      frontchannel_logout_uri: `${origin}/front`,
    }),
  })
  const client = (await registered.json()) as { client_id: string; client_secret: string }
  const url = new URL(`${issuer}/authorize`)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: `${origin}/callback`,
    scope: 'openid',
  }).toString()
  const back = await signIn(issuer, await robot(issuer, '899700900301'), url, new CookieJar())
  const answered = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: `${origin}/callback`,
    }),
  })
  const tokens = (await answered.json()) as { id_token: string; session_state: string }

  const context = await devices.desktop()
  const page = await context.newPage()
  const blocked: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) blocked.push(message.text())
  })
  const logout = new URL(`${issuer}/logout`)
  logout.search = new URLSearchParams({
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: `${origin}/bye`,
    state: 'here',
  }).toString()
  await page.goto(logout.href)
  await page.waitForURL(`${origin}/bye?state=here`)
  const [frame, bye] = asked.filter((path) => path !== '/favicon.ico')
  expect(new URL(frame ?? '', origin).pathname).toBe('/front')
  expect(Object.fromEntries(new URL(frame ?? '', origin).searchParams)).toEqual({
    iss: issuer,
    sid: tokens.session_state,
  })
  expect(bye).toBe('/bye?state=here')
  expect(blocked).toEqual([])
  await context.close()
})
