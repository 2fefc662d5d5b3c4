// npm run bench:revocation -- [ENTRIES…]
// What a list of revocations costs: its import (time, statements, memory that is really held) and a look-up in it.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as z from 'zod'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'
import { basicConstraints, keyUsage } from '../../src/sandbox/authority/extensions.ts'
import { issueCertificate, keyIdOf, type Name } from '../../src/sandbox/authority/issue.ts'
import { rsaKeys } from '../../src/sandbox/authority/keys.ts'
import { issueRevocationList } from '../../src/sandbox/authority/revocation-list.ts'
import { allAuthorities, d1Authorities, type SqlDatabase } from '../../src/trust/authorities.d1.ts'
import { issuerKeyOf } from '../../src/trust/entry.ts'
import { d1Lists } from '../../src/trust/lists.d1.ts'
import { refreshLists } from '../../src/trust/lists.scheduled.ts'
import { d1Revocations, STANDING } from '../../src/trust/revocations.d1.ts'
import { openDatabase } from '../directory/database.ts'

const LOOK_UPS = 300
const MEGABYTE = 1024 * 1024
const NAME: Name = [[{ type: '2.5.4.3', value: 'AC DE MESURE' }]]
const PLACE = 'http://crl.example.test/mesure.crl'

setFlagsFromString('--expose-gc')
const exposed: unknown = runInNewContext('gc')
const collect = () => (typeof exposed === 'function' ? exposed() : undefined)

const sizes = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'serment-revocation-'))
const { database, close } = await openDatabase(join(folder, 'state'))
const now = instant(Date.now() / 1000)
const keys = await rsaKeys()
const issuerKeyId = await keyIdOf(keys.publicKey)

try {
  const issuerKey = await registered()
  console.log(
    ['entries', 'list', 'import', 'statements', 'memory held', 'look-up', 'rows read'].map(cell).join(''),
  )
  let number = 0
  for (const size of sizes.length > 0 ? sizes : [0, 2_000, 200_000, 1_000_000]) {
    number += 1
    const file = join(folder, 'list.crl')
    await writeList(file, size, number)
    // An hour later every time, so that the next list is due.
    const imported = await measuredImport(file, instant(now + number * 3600))
    const look = await measuredLookUp(issuerKey, size)
    const figures = [
      size.toLocaleString('en'),
      `${(statSync(file).size / MEGABYTE).toFixed(1)} MB`,
      `${imported.seconds.toFixed(1)} s`,
      imported.statements,
      `${imported.held.toFixed(1)} MB`,
      `${look.milliseconds.toFixed(2)} ms`,
      look.rowsRead,
    ]
    console.log(figures.map((figure) => cell(String(figure))).join(''))
  }
  console.log(
    '\nMemory held: the most that was reachable beyond what there was before, the list’s own bytes among it; asked after\n' +
      'a collection at every statement. Look-up: the median, through Miniflare, for a person’s certificate.',
  )
} finally {
  await close()
  rmSync(folder, { recursive: true, force: true })
}

/** Serial numbers as cards have them: 16 octets. Every third says why. */
async function writeList(file: string, size: number, number: number): Promise<void> {
  const revoked = Array.from({ length: size }, (_, n) => ({
    serial: serialOf(n),
    at: instant(now - 86_400 - n),
    reason: n % 3 === 0 ? ('keyCompromise' as const) : ('unspecified' as const),
  }))
  const life = { thisUpdate: now, nextUpdate: instant(now + 86_400) }
  const parts = { issuer: NAME, issuerKeyId, number, ...life, revoked }
  writeFileSync(file, await issueRevocationList(parts, keys.privateKey))
}

async function registered(): Promise<string> {
  const der = await issueCertificate(
    {
      serial: '01',
      issuer: NAME,
      subject: NAME,
      notBefore: instant(now - 86_400),
      notAfter: instant(now + 86_400),
      publicKey: keys.publicKey,
      extensions: [basicConstraints(true), keyUsage('keyCertSign', 'cRLSign')],
    },
    keys.privateKey,
  )
  const authority = { role: 'anchor', range: 'MESURE', environment: 'test' } as const
  const said = { purposes: ['person'], policies: [], crlUrls: [PLACE], ocspUrl: undefined } as const
  await d1Authorities(database, () => now).add({ der, ...authority, ...said })
  const certificate = readCertificate(der)
  if (certificate === undefined) throw new Error('the authority is not read')
  return issuerKeyOf(certificate)
}

async function measuredImport(file: string, at: Instant) {
  // What made the list is still on its way out.
  await new Promise((resolve) => setImmediate(resolve))
  const before = reachable()
  let held = 0
  let statements = 0
  const watched: SqlDatabase = {
    prepare: (sql) => {
      statements += 1
      held = Math.max(held, reachable() - before)
      return database.prepare(sql)
    },
  }
  const started = performance.now()
  const problems: string[] = []
  await refreshLists({
    lists: d1Lists(watched),
    authorities: () => allAuthorities(database),
    environment: 'test',
    outbound: async () =>
      new Response(streamOf(file), { headers: { 'content-length': String(statSync(file).size) } }),
    clock: () => at,
    trail: { record: ({ kind, detail = '' }) => kind === 'trust.list-failed' && problems.push(detail) },
    patience: () => AbortSignal.timeout(600_000),
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return { seconds: (performance.now() - started) / 1000, statements, held: held / MEGABYTE }
}

async function measuredLookUp(issuerKey: string, size: number) {
  const revocations = d1Revocations(database)
  const times: number[] = []
  for (let n = 0; n < LOOK_UPS; n++) {
    const started = performance.now()
    const asked = { issuerKey, serial: serialOf(n % 2 === 0 ? n : size + n) }
    const [standing] = await revocations.standing([asked])
    times.push(performance.now() - started)
    if ((standing?.revoked !== undefined) !== (n % 2 === 0 && n < size)) throw new Error(`wrong about ${n}`)
  }
  const { meta } = await database
    .prepare(STANDING)
    .bind(JSON.stringify([[issuerKey, serialOf(0)]]))
    .all()
  const milliseconds = times.toSorted((a, b) => a - b)[LOOK_UPS / 2] ?? 0
  return { milliseconds, rowsRead: z.object({ rows_read: z.number() }).parse(meta).rows_read }
}

/** A file as it comes over the network: in pieces. */
function streamOf(file: string): ReadableStream<Uint8Array> {
  const descriptor = openSync(file, 'r')
  return new ReadableStream({
    pull(controller) {
      const piece = new Uint8Array(64 * 1024)
      const length = readSync(descriptor, piece)
      if (length > 0) return controller.enqueue(piece.subarray(0, length))
      closeSync(descriptor)
      controller.close()
    },
  })
}

/** Bytes that are still reachable: after a collection. */
function reachable(): number {
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function serialOf(n: number): string {
  return `5${n.toString(16).padStart(7, '0')}${((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}0123456789abcdef`
}

function cell(text: string): string {
  return text.padStart(14)
}
