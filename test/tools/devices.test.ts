import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../tools/ports.ts'
import { VirtualAuthenticator } from '../journeys/authenticator.ts'
import { type Devices, expectAccessible, launchDevices } from '../journeys/browser.ts'

// The instruments of the journeys themselves: one that measures nothing would let every journey pass.

let devices: Devices
let origin: string
const page = (title: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><main><h1>${title}</h1></main></body></html>`
const server = createServer((_request, response) =>
  response.setHeader('content-type', 'text/html').end(page('A page')),
)

beforeAll(async () => {
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  origin = `http://localhost:${port}`
  devices = await launchDevices()
})
afterAll(async () => {
  await devices?.close()
  server.close()
})

/** One frame of the camera, as the page gets it. */
async function look(at: Page): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const frame = await at.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true })
    const video = document.createElement('video')
    video.srcObject = stream
    await video.play()
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
    const context = canvas.getContext('2d')
    context?.drawImage(video, 0, 0)
    for (const track of stream.getTracks()) track.stop()
    const { data = [] } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? {}
    // One channel of a grey picture, as text: a million numbers would take seconds to hand over.
    let greys = ''
    for (let i = 0; i < data.length; i += 4) greys += String.fromCharCode(data[i] ?? 0)
    return { width: canvas.width, height: canvas.height, greys: btoa(greys) }
  })
  const greys = Buffer.from(frame.greys, 'base64')
  const data = Uint8ClampedArray.from({ length: greys.length * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (greys[i >> 2] ?? 0),
  )
  return { width: frame.width, height: frame.height, data }
}

describe('the camera of the phone', () => {
  test('sees the text that is shown to it, and the next one', async () => {
    const phone = await devices.phone()
    const screen = await phone.newPage()
    await screen.goto(origin)
    for (const text of [
      'https://id.example.test/ecps/#q=first',
      'https://id.example.test/ecps/#q=another-and-longer-0123456789',
    ]) {
      devices.camera.show(text)
      expect(decodeQR(await look(screen))).toBe(text)
    }
    await phone.close()
  })

  test('sees nothing when nothing is shown', async () => {
    devices.camera.showNothing()
    const phone = await devices.phone()
    const screen = await phone.newPage()
    await screen.goto(origin)
    const frame = await look(screen)
    expect(() => decodeQR(frame)).toThrow()
    await phone.close()
  })
})

const create = (at: Page) =>
  at.evaluate(async () => {
    const credential = await navigator.credentials.create({
      publicKey: {
        challenge: new Uint8Array(32),
        rp: { name: 'A page', id: 'localhost' },
        user: { id: new Uint8Array([1]), name: 'someone', displayName: 'Someone' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      },
    })
    return credential?.id
  })

const get = (at: Page) =>
  at.evaluate(async () => {
    const credential = await navigator.credentials.get({
      publicKey: { challenge: new Uint8Array(32), rpId: 'localhost', userVerification: 'required' },
    })
    return credential?.id
  })

describe('the virtual authenticator', () => {
  test.each(['synced', 'bound'] as const)('keeps a %s passkey and says so', async (kind) => {
    const desktop = await devices.desktop()
    const screen = await desktop.newPage()
    await screen.goto(origin)
    const authenticator = await VirtualAuthenticator.on(screen, kind)
    const id = await create(screen)
    expect(await get(screen)).toBe(id)
    const [credential] = await authenticator.credentials()
    expect(credential).toMatchObject({
      backupEligibility: kind === 'synced',
      backupState: kind === 'synced',
      isResidentCredential: true,
    })
    await desktop.close()
  })

  test('gives the same passkey to another page', async () => {
    const phone = await devices.phone()
    const first = await phone.newPage()
    await first.goto(origin)
    const authenticator = await VirtualAuthenticator.on(first, 'synced')
    const id = await create(first)
    const desktop = await devices.desktop()
    const second = await desktop.newPage()
    await second.goto(origin)
    await authenticator.copyTo(second)
    expect(await get(second)).toBe(id)
    await Promise.all([phone.close(), desktop.close()])
  })

  test('refuses when the fingerprint does not fit', async () => {
    const desktop = await devices.desktop()
    const screen = await desktop.newPage()
    await screen.goto(origin)
    const authenticator = await VirtualAuthenticator.on(screen, 'bound')
    await create(screen)
    await authenticator.verifies(false)
    await expect(get(screen)).rejects.toThrow('NotAllowedError')
    await desktop.close()
  })
})

describe('axe', () => {
  test('passes a clean page and names what is wrong on another', async () => {
    const desktop = await devices.desktop()
    const screen = await desktop.newPage()
    await screen.goto(origin)
    await expectAccessible(screen)
    await screen.evaluate(() =>
      document.querySelector('main')?.insertAdjacentHTML('beforeend', '<img src="data:,">'),
    )
    await expect(expectAccessible(screen)).rejects.toThrow('image-alt')
    await desktop.close()
  })
})
