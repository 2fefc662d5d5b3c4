import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../tools/command.ts'
import type { Serment } from '../../tools/serve.ts'
import type { Bought } from '../interop/card-holder.ts'

const POLICIES = '/etc/chromium/policies/managed'

/** A program that the machine lacks, after trying to install it: what has to be installed by hand. */
export class MissingProgram extends Error {}

/**
 * A card reader: the certificate store of NSS, which Chromium on Linux reads, in a home of its own. What is put into it is
 * what a browser that is started with this home finds.
 */
export class CardReader {
  readonly home: string
  readonly #database: string

  private constructor(home: string) {
    this.home = home
    this.#database = `sql:${join(home, '.pki', 'nssdb')}`
  }

  /** Trusts the card host's authority; no card is in it. @throws {MissingProgram} */
  static async of({ cardAuthority }: Pick<Serment, 'cardAuthority'>): Promise<CardReader> {
    await installed('certutil', 'libnss3-tools')
    const home = mkdtempSync(join(tmpdir(), 'card-reader-'))
    mkdirSync(join(home, '.pki', 'nssdb'), { recursive: true })
    const reader = new CardReader(home)
    await reader.#nss('certutil', '-N', '--empty-password')
    await reader.#nss('certutil', '-A', '-t', 'C,,', '-n', 'card host', '-i', cardAuthority.file)
    return reader
  }

  /** Puts a card in, as its PKCS #12 file. */
  async insert({ p12, password }: Bought): Promise<void> {
    const file = join(this.home, 'card.p12')
    writeFileSync(file, p12)
    await this.#nss('pk12util', '-i', file, '-W', password)
    rmSync(file)
  }

  /** A token of its own (PKCS #11), as a real card is: through the module that knows it. */
  async plug(module: string, environment: Readonly<Record<string, string>>): Promise<void> {
    const add = ['-dbdir', this.#database, '-add', 'CPS', '-libfile', module, '-force']
    await done('modutil', add, environment)
  }

  async #nss(program: string, ...args: readonly string[]): Promise<void> {
    await done(program, ['-d', this.#database, ...args])
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true })
  }
}

/** Which certificate is shown to an origin: `filter` as in the policy, the first that there is by default. */
export interface Choice {
  readonly pattern: string
  readonly filter?: Readonly<Record<string, unknown>>
}

/**
 * Chooses the certificate without the browser's dialog, which no driver can press: the policy that hospitals set, too.
 * Only the machine's own folder counts, so it takes the right to write there.
 * @returns how to take it back
 */
export function chooseWithoutAsking(choices: readonly Choice[]): () => void {
  const file = join(POLICIES, `card-journeys-${process.pid}.json`)
  mkdirSync(POLICIES, { recursive: true })
  const rules = choices.map(({ pattern, filter = {} }) => JSON.stringify({ pattern, filter }))
  writeFileSync(file, JSON.stringify({ AutoSelectCertificateForUrls: rules }))
  return () => rmSync(file, { force: true })
}

/** Installs a Debian package where its program is missing and that is allowed. @throws {MissingProgram} */
export async function installed(program: string, debianPackage: string): Promise<void> {
  if (isThere(program)) return
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    const environment = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update'], environment)
    await run('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], environment)
  }
  if (!isThere(program)) throw new MissingProgram(`${program} is missing: install ${debianPackage}.`)
}

export const isThere = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)))

/** @throws with what the program printed */
export async function done(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, output } = await run(program, args, environment)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${output}`)
  return output
}
