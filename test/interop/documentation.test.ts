import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { run } from '../../tools/command.ts'
import { ROOT } from '../../tools/places.ts'
import { freePort } from '../../tools/ports.ts'
import { CookieJar } from './cookie-jar.ts'
import { robot, signIn } from './robot.ts'

const origin = inject('origin')

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

describe('what the documentation says is run', () => {
  it('docs/examples/relying-party.mjs: from registration to userinfo', async () => {
    const ended = await run(process.execPath, ['docs/examples/relying-party.mjs'], {
      ISSUER: origin,
      NATIONAL_ID: '899700900012',
    })
    expect(ended.output, ended.output).toContain('"nationalId":"899700900012"')
    expect(ended.code).toBe(0)
  })

  it.each(['README.md', 'docs/relying-parties.md'])(
    'the client in %s signs a professional in',
    async (file) => {
      const port = await freePort()
      const redirectUri = `http://localhost:${port}/callback`
      const registered = await fetch(`${origin}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_name: 'Mon service', redirect_uris: [redirectUri] }),
      })
      const { client_id, client_secret } = (await registered.json()) as Record<string, string>
      const client = clientIn(readFileSync(join(ROOT, file), 'utf8'))
        .replaceAll('http://localhost:8787', origin)
        .replaceAll('3000', String(port))
        .replace('CLIENT_ID', `'${client_id}'`)
        .replace('CLIENT_SECRET', `'${client_secret}'`)
      const folder = mkdtempSync(join(ROOT, 'test', 'results-'))
      undo.push(() => rmSync(folder, { recursive: true, force: true }))
      writeFileSync(join(folder, 'client.mjs'), `${client}\nconsole.log('listening')\n`)
      const child = spawn(process.execPath, [join(folder, 'client.mjs')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      undo.push(() => child.kill())
      await new Promise((resolve, reject) => {
        child.stdout.once('data', resolve)
        child.once('exit', (code) => reject(new Error(`the client ended with ${code}`)))
      })

      const jar = new CookieJar()
      const authorization = await jar.redirect(`http://localhost:${port}/`)
      const callback = await signIn(origin, await robot(origin, '899700900012'), authorization, jar)
      expect(await (await jar.get(callback)).text()).toBe('Bonjour CAMILLE EXEMPLE, 899700900012')
    },
  )
})

/** The block of code that imports openid-client and serves. */
function clientIn(markdown: string): string {
  const blocks = [...markdown.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const client = blocks.find((block) => block.includes('createServer') && block.includes('openid-client'))
  if (client === undefined) throw new Error('no client in the document')
  return client
}
