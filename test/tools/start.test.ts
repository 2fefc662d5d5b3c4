import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../tools/command.ts'
import { loopbackFetch } from '../../tools/loopback-fetch.ts'
import { ROOT } from '../../tools/places.ts'
import { assertPortsFree, freePort } from '../../tools/ports.ts'
import { type Serment, type SermentOptions, startSerment } from '../../tools/serve.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A test that fails leaves nothing running.
const running: (() => unknown)[] = []
afterEach(async () => {
  for (const end of running.splice(0)) await end()
})

async function started(options: SermentOptions): Promise<Serment> {
  const serment = await startSerment(options)
  running.push(() => serment.close())
  return serment
}

const start = (...options: string[]) => run(process.execPath, ['tools/preflight.mjs', 'start.ts', ...options])
const lines = (output: string) => output.trimEnd().split('\n')

describe('refuses, in one line', () => {
  test('a port in use, naming it and the option', async () => {
    const port = await freePort(2)
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(port + 1, '127.0.0.1', resolve))
    const ended = await start('--port', String(port), '--state', join(folder, 'unused'))
    holder.close()
    expect(ended.code).toBe(1)
    expect(lines(ended.output)).toHaveLength(1)
    expect(ended.output).toContain(`Port ${port + 1} is in use`)
    expect(ended.output).toContain('--port')
  })

  test('a Node that is too old', async () => {
    const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.9.0'})"
    const ended = await run(process.execPath, ['--import', older, 'tools/preflight.mjs', 'start.ts'])
    expect(ended.code).toBe(1)
    expect(lines(ended.output)).toHaveLength(1)
    expect(ended.output).toContain('this is 20.9.0')
  })

  test.each([
    ['a port that is none', ['--port', 'web'], '--port web'],
    ['a port too high for three in a row', ['--port', '65535'], '--port 65535'],
    ['a card port that is none', ['--card-port', '0'], '--card-port 0'],
    ['an issuer without TLS', ['--issuer', 'http://id.example.test:9443'], '--issuer http://'],
    [
      'an issuer with a path',
      ['--issuer', 'https://id.example.test/realm'],
      '--issuer https://id.example.test/realm',
    ],
    [
      'a certificate without its key',
      ['--issuer', 'https://id.example.test', '--cert', 'x.pem'],
      '--cert and --key',
    ],
    [
      'a certificate that is not there',
      ['--issuer', 'https://id.example.test', '--cert', 'none.pem', '--key', 'none.pem'],
      'none.pem',
    ],
    ['an option that does not exist', ['--prot', '1'], '--prot'],
  ])('%s', async (_, options, named) => {
    const ended = await start(...options)
    expect(ended.code).toBe(1)
    expect(lines(ended.output)).toHaveLength(1)
    expect(ended.output).toContain(named)
  })
})

describe('starts', () => {
  test('from the command line, says where to go, and ends with all it started', async () => {
    const [port, cardPort] = [await freePort(2), await freePort()]
    const options = ['--port', `${port}`, '--card-port', `${cardPort}`, '--state', join(folder, 'cli')]
    const child = spawn(process.execPath, ['tools/preflight.mjs', 'start.ts', ...options], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.push(() => child.kill('SIGKILL'))
    const said = await new Promise<string>((resolve, reject) => {
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('Ctrl-C')) resolve(output)
      })
      child.on('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)))
    })
    for (const origin of [port, port + 1, port + 2].map((p) => `http://localhost:${p}`)) {
      expect(said).toContain(origin)
      expect(
        (
          await fetch(
            origin === `http://localhost:${port}` ? `${origin}/.well-known/openid-configuration` : origin,
          )
        ).status,
      ).toBe(200)
    }
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    await assertPortsFree([port, port + 1, port + 2])
  })

  test('again with what was kept, and afresh without', async () => {
    const state = join(folder, 'kept')
    const options = { port: await freePort(2), state }
    const count = "SELECT count(*) AS found FROM relying_party WHERE client_id = 'kept'"
    const people = 'SELECT count(*) AS found FROM practitioner'

    const first = await started(options)
    const seeded = await first.database.prepare(people).first('found')
    expect(seeded).toBeGreaterThanOrEqual(60)
    await first.database
      .prepare(
        "INSERT INTO relying_party (client_id, name, profile, metadata, registered_at) VALUES ('kept', 'Kept', 'strict', '{}', 0)",
      )
      .run()
    const keysBefore = await keysOf(first.origin)
    await first.close()

    const second = await started(options)
    expect(await second.database.prepare(count).first('found')).toBe(1)
    expect(await second.database.prepare(people).first('found')).toBe(seeded)
    expect(await keysOf(second.origin)).toEqual(keysBefore)
    await second.close()

    const afresh = await started({ ...options, fresh: true })
    expect(await afresh.database.prepare(count).first('found')).toBe(0)
    expect(await afresh.database.prepare(people).first('found')).toBe(seeded)
    expect(await keysOf(afresh.origin)).not.toEqual(keysBefore)
    await afresh.close()
  })

  test('over TLS under a name, with a certificate made on the spot', async () => {
    const port = await freePort(2)
    const issuer = `https://id.example.test:${port}`
    const serment = await started({ port, state: join(folder, 'tls'), issuer })
    const discovery = await loopbackFetch(serment.ca)(`${issuer}/.well-known/openid-configuration`)
    expect(await discovery.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
    const demo = serment.demos[0]?.origin ?? ''
    expect(demo).toBe(`https://id.example.test:${port + 1}`)
    // The service found the federator under that name too, or it could not send the browser there.
    const login = await loopbackFetch(serment.ca)(`${demo}/login`)
    expect(login.status).toBe(303)
    expect(login.headers.get('location')).toMatch(new RegExp(`^${issuer}/authorize\\?`))
    await expect(loopbackFetch(undefined)(`${issuer}/`)).rejects.toThrow(/certificate/i)
    await serment.close()
  })
})

async function keysOf(origin: string): Promise<unknown> {
  const discovery: unknown = await (await fetch(`${origin}/.well-known/openid-configuration`)).json()
  const uri =
    typeof discovery === 'object' && discovery !== null && 'jwks_uri' in discovery
      ? String(discovery.jwks_uri)
      : ''
  return (await fetch(uri)).json()
}
