import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { run } from '../../tools/command.ts'
import { allow, isThumbprintOf } from '../../tools/demo/api.ts'
import type { Introspected } from '../../tools/demo/introspection.ts'
import { ROOT } from '../../tools/places.ts'
import { freePort } from '../../tools/ports.ts'
import { over } from '../interop/card-holder.ts'

const state = mkdtempSync(join(tmpdir(), 'serment-demo-api-'))
afterAll(() => rmSync(state, { recursive: true, force: true }))

const der = new TextEncoder().encode('a certificate')
const digest = createHash('sha256').update(der).digest()
const RFC = digest.toString('base64url')
const ANS = Buffer.from(digest.toString('hex')).toString('base64')

describe('the thumbprint of a token', () => {
  it.each([
    ['RFC 8705 §3.1', RFC],
    ['the ANS’s', ANS],
  ])('is known in the form of %s', (_, bound) => {
    expect(isThumbprintOf(bound, der)).toBe(true)
    expect(isThumbprintOf(bound, der.slice(1))).toBe(false)
  })
  it.each(['', `${RFC}=`, RFC.slice(1), RFC.toUpperCase(), digest.toString('hex'), 'é'.repeat(22)])(
    'is not %s',
    (bound) => expect(isThumbprintOf(bound, der)).toBe(false),
  )
})

const api = {
  audience: 'https://api.example.test/',
  issuer: 'https://id.example.test',
  scope: 'patient.read',
}
const bound = { active: true, cnf: { 'x5t#S256': RFC }, client_id: 'software' }
const exchanged: Introspected = { ...bound, aud: api.audience, sub: 'someone', scope: 'other patient.read' }
const structure = { id: '10B0000001', name: 'CH' }
const own: Introspected = { ...bound, aud: api.issuer, sub: 'software', structure }

describe('whom the API lets in', () => {
  it('a professional, by a token that was exchanged for it', () => {
    expect(allow(api, exchanged, der)).toEqual({ professional: 'someone', software: 'software' })
  })
  it('a structure’s software, by a token of its own', () => {
    expect(allow(api, own, der)).toEqual({ structure, software: 'software' })
  })
  it.each<[string, Introspected, Uint8Array | undefined, string]>([
    ['one that is not active', { active: false }, der, 'not active'],
    ['one that is bound to nothing', { ...exchanged, cnf: undefined }, der, 'not bound to a certificate'],
    ['one that is bound to a key only', { ...exchanged, cnf: {} }, der, 'not bound to a certificate'],
    ['one on a connection without a certificate', exchanged, undefined, 'no certificate on this connection'],
    ['one of another certificate', exchanged, der.slice(1), 'bound to another certificate'],
    [
      'one without the scope',
      { ...exchanged, scope: 'patient.readall' },
      der,
      'this takes the scope patient.read',
    ],
    [
      'one for another API',
      { ...exchanged, aud: 'https://other.example.test/' },
      der,
      'for another audience',
    ],
    ['a professional’s that was not exchanged', { ...own, sub: 'someone' }, der, 'for another audience'],
    ['one of software that is no structure’s', { ...own, structure: undefined }, der, 'for another audience'],
  ])('refuses %s', (_, told, certificate, why) => {
    expect(allow(api, told, certificate)).toMatchObject({ refused: expect.any(String), why })
  })
})

describe('npm run demo:api', () => {
  it('registers itself with a running sandbox, says how to reach it, and asks for a token', async () => {
    const port = await freePort()
    const args = ['tools/demo-api.ts', '--issuer', inject('origin'), '--port', String(port), '--state', state]
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      let said = ''
      for await (const chunk of child.stdout) {
        said += String(chunk)
        if (said.includes('curl')) break
      }
      const [, file = ''] = /--cacert (\S+)/.exec(said) ?? []
      const authority = { file, pem: readFileSync(file, 'utf8') }
      const answer = await over({ cardAuthority: authority }, `https://localhost:${port}/dossiers`)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="demo-api"')
    } finally {
      child.kill()
    }
  })
  it.each([
    [['--port', 'x'], 2],
    [['--port', '0'], 2],
    [['--issuer', 'nowhere'], 2],
    [['--nothing'], 2],
    [['--help'], 0],
  ])('%j ends with %d', async (args, code) => {
    const ended = await run(process.execPath, ['tools/demo-api.ts', ...args])
    expect(ended.code).toBe(code)
    expect(ended.output).toContain('npm run demo:api')
  })
  it('says that there is no federator', async () => {
    const args = ['tools/demo-api.ts', '--issuer', `http://localhost:${await freePort()}`, '--state', state]
    const ended = await run(process.execPath, [...args, '--port', String(await freePort())])
    expect(ended).toMatchObject({ code: 1, output: expect.stringContaining('npm start') })
  })
})
