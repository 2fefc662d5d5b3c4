import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { words as endWords } from '../../src/provider/end-session/words.ts'
import { freePort } from '../../tools/ports.ts'
import { CookieJar } from '../interop/cookie-jar.ts'
import { robot, signIn } from '../interop/robot.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

/**
 * Services whose callback leads on to another origin, as a portal in front of many applications does. Chromium holds a
 * form's `form-action` to every redirect after it (CSP3 §6.4.2.1), so such a service is reached only if our own forms end
 * on a page of ours first.
 */

const issuer = inject('origin')
const scene = new Scene()
let portal: Server
let application: Server
let callback: string
let arrived: string

beforeAll(async () => {
  const [here, there] = [await freePort(), await freePort()]
  callback = `http://localhost:${here}/callback`
  arrived = `http://127.0.0.1:${there}/arrived`
  portal = createServer((request, response) => {
    const { search } = new URL(request.url ?? '', callback)
    response.writeHead(302, { location: `${arrived}${search}` }).end()
  }).listen(here, 'localhost')
  application = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>arrived</title>')
  }).listen(there, '127.0.0.1')
})
afterAll(() => {
  portal.close()
  application.close()
})

async function asked(more: Record<string, string> = {}): Promise<{ request: string; client: string }> {
  const registered = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Portail',
      redirect_uris: [callback],
      post_logout_redirect_uris: [callback],
    }),
  })
  const { client_id } = (await registered.json()) as { client_id: string }
  const sent = { client_id, redirect_uri: callback, response_type: 'code', scope: 'openid', ...more }
  return { request: `${issuer}/authorize?${new URLSearchParams(sent)}`, client: client_id }
}

describe('a service whose callback leads on to another origin is reached', () => {
  it.each([true, false])('when somebody gives up at the mire (script: %s)', async (javaScript) => {
    const desk = await scene.computer({ javaScript })
    await desk.page.goto((await asked()).request)
    await desk.cancel()
    await desk.page.waitForURL(`${arrived}?*`)
    expect(new URL(desk.page.url()).searchParams.get('error')).toBe('access_denied')
  })

  /** Somebody who is signed in: by a robot, whose session the browser then has. */
  async function signedIn(nationalId: string, javaScript: boolean) {
    const jar = new CookieJar()
    await signIn(issuer, await robot(issuer, nationalId), new URL((await asked()).request), jar)
    const desk = await scene.computer({ javaScript })
    await desk.page.context().addCookies([{ name: 'session', value: jar.value('session'), url: issuer }])
    return desk
  }

  it.each([true, false])('when somebody has read what it gets (script: %s)', async (javaScript) => {
    const desk = await signedIn(anyone().nationalId, javaScript)
    await desk.page.goto((await asked({ prompt: 'consent' })).request)
    await desk.goOn()
    await desk.page.waitForURL(`${arrived}?*`)
    expect(new URL(desk.page.url()).searchParams.get('code')).toBeTruthy()
  })

  it.each([true, false])('when somebody signs out at our own question (script: %s)', async (javaScript) => {
    const desk = await signedIn(anyone().nationalId, javaScript)
    const sent = { client_id: (await asked()).client, post_logout_redirect_uri: callback, state: 'bye' }
    await desk.page.goto(`${issuer}/logout?${new URLSearchParams(sent)}`)
    await desk.page.getByRole('button', { name: endWords.fr.signOut }).click()
    await desk.page.waitForURL(`${arrived}?state=bye`)
  })
})
