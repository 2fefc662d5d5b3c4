import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bought } from '../interop/card-holder.ts'
import { done, installed } from './card-browser.ts'

/** SoftHSM as Debian and Ubuntu install it. */
const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so']

/** The programs that a card in software and somebody who types its PIN take, and their packages. */
const NEEDED = [
  ['softhsm2-util', 'softhsm2'],
  ['pkcs11-tool', 'opensc'],
  ['Xvfb', 'xvfb'],
  ['xdotool', 'xdotool'],
] as const

/** What is missing of all that, once it was tried to install it. */
export async function missingForToken(): Promise<readonly string[]> {
  const missing: string[] = []
  for (const [program, debianPackage] of NEEDED)
    await installed(program, debianPackage).catch(() => missing.push(debianPackage))
  return missing
}

/** A card as a PKCS #11 token with a PIN: its key cannot be had, and signs only once the PIN was typed. */
export class Token {
  readonly module: string
  readonly environment: Readonly<Record<string, string>>
  readonly #folder: string

  private constructor(folder: string, module: string) {
    this.#folder = folder
    this.module = module
    // The browser's own dialogs are looked for by their English titles.
    const english = { LANGUAGE: 'en', LC_ALL: 'C.UTF-8' }
    this.environment = { ...english, SOFTHSM2_CONF: join(folder, 'softhsm2.conf') }
  }

  static async holding(folder: string, { certificate, privateKey }: Bought, pin: string): Promise<Token> {
    const module = MODULES.find((path) => existsSync(path))
    if (module === undefined) throw new Error(`SoftHSM is in none of ${MODULES.join(', ')}`)
    const token = new Token(folder, module)
    mkdirSync(join(folder, 'tokens'), { recursive: true })
    writeFileSync(
      token.environment.SOFTHSM2_CONF ?? '',
      `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
    )
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    writeFileSync(keyFile, privateKey, { mode: 0o600 })
    writeFileSync(certificateFile, certificate)
    const softhsm = (...args: readonly string[]) => done('softhsm2-util', args, token.environment)
    await softhsm('--init-token', '--free', '--label', 'CPS', '--so-pin', '00000000', '--pin', pin)
    await softhsm('--import', keyFile, '--token', 'CPS', '--label', 'auth', '--id', '01', '--pin', pin)
    const write = ['--write-object', certificateFile, '--type', 'cert', '--id', '01', '--label', 'auth']
    const open = ['--module', module, '--token-label', 'CPS', '--login', '--pin', pin]
    await done('pkcs11-tool', [...open, ...write], token.environment)
    rmSync(keyFile)
    return token
  }

  /** Takes the card out of the reader: its objects are no longer there. */
  takeOut(): void {
    rmSync(join(this.#folder, 'tokens'), { recursive: true, force: true })
  }
}

/** A screen that nobody sees, and hands at it: the dialog for a PIN is the browser's own, out of a page's reach. */
export class Screen {
  readonly display: string
  readonly #server: ChildProcess

  private constructor(display: string, server: ChildProcess) {
    this.display = display
    this.#server = server
  }

  static async on(): Promise<Screen> {
    // The server chooses a number that is free and tells it (`-displayfd`).
    const arguments_ = ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp']
    const server = spawn('Xvfb', arguments_, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    const number = await new Promise<string>((resolve, reject) => {
      server.once('error', reject)
      server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)))
      server.stdio[3]?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    })
    return new Screen(`:${number}`, server)
  }

  /** Waits for a window that has this in its title. */
  async sees(title: string): Promise<boolean> {
    try {
      return (await this.#do('search', '--name', title)) !== ''
    } catch {
      return false
    }
  }

  async type(text: string): Promise<void> {
    await this.#do('type', '--delay', '20', text)
  }

  async press(key: string): Promise<void> {
    await this.#do('key', key)
  }

  async #do(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('xdotool', args, {
      env: { ...process.env, DISPLAY: this.display },
    })
    return stdout.trim()
  }

  off(): void {
    this.#server.kill()
  }
}
