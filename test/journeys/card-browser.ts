import dns from 'node:dns'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../tools/command.ts'
import type { Serment } from '../../tools/serve.ts'
import { isRecord, isString } from '../../web/shape.ts'
import type { Bought } from '../interop/card-holder.ts'

const POLICIES = '/etc/chromium/policies/managed'
const POLICY = join(POLICIES, 'card-journeys.json')

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

/**
 * Chooses the certificate without the browser's dialog, which no driver can press: by the policy that hospitals set, too.
 * Only the machine's own folder counts, and of several files there that set it the last alone: all runs share one.
 * @param choices the subject's common name for each origin
 * @returns how to take it back
 */
export function chooseWithoutAsking(choices: readonly (readonly [string, string | undefined])[]): () => void {
  const own = choices.map(([pattern, CN]) =>
    JSON.stringify({ pattern, filter: CN === undefined ? {} : { SUBJECT: { CN } } }),
  )
  mkdirSync(POLICIES, { recursive: true })
  write([...chosen(), ...own])
  return () => write(chosen().filter((rule) => !own.includes(rule)))
}

function chosen(): readonly string[] {
  if (!existsSync(POLICY)) return []
  const set: unknown = JSON.parse(readFileSync(POLICY, 'utf8'))
  const rules = isRecord(set) ? set.AutoSelectCertificateForUrls : undefined
  return Array.isArray(rules) ? rules.filter(isString) : []
}

/** At once, because a browser may be reading. */
function write(rules: readonly string[]): void {
  if (rules.length === 0) {
    rmSync(POLICY, { force: true })
    return
  }
  const draft = `${POLICY}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ AutoSelectCertificateForUrls: rules }))
  renameSync(draft, POLICY)
}

/** Why this machine's browser cannot be given a card of its own; `undefined` where it can. */
export async function withoutReader(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'only Linux has NSS'
  try {
    mkdirSync(POLICIES, { recursive: true })
    accessSync(POLICIES, constants.W_OK)
    await installed('certutil', 'libnss3-tools')
    return undefined
  } catch (problem) {
    return problem instanceof MissingProgram ? problem.message : `${POLICIES} cannot be written`
  }
}

/**
 * The next best: Playwright ends TLS itself and shows the card. Its names are then looked up by Node, which does not
 * know that what ends in .localhost is this machine (RFC 6761 §6.3).
 * @returns how to take it back
 */
export function lookUpLocalhost(): () => void {
  const { lookup } = dns.promises
  const own = async (name: string, options?: dns.LookupOptions) => {
    if (!name.endsWith('.localhost')) return lookup(name, { ...options })
    const here = { address: '127.0.0.1', family: 4 }
    return options?.all === true ? [here] : here
  }
  Object.assign(dns.promises, { lookup: own })
  return () => void Object.assign(dns.promises, { lookup })
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
