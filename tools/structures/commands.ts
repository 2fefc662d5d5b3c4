import { randomUUID } from 'node:crypto'
import type { AuditEvent } from '../../src/audit/event.ts'
import { ClientId } from '../../src/kernel/identifiers.ts'
import type { Clock } from '../../src/kernel/instant.ts'
import { d1Bindings } from '../../src/structures/bindings.d1.ts'
import { type Binding, bindPresented, type ExamineCertificate } from '../../src/structures/bindings.ts'
import { isFiness, structureId } from '../../src/structures/structure.ts'
import { d1Structures } from '../../src/structures/structures.d1.ts'
import type { SqlDatabase } from '../../src/trust/authorities.d1.ts'
import type { TrustEnvironment } from '../../src/trust/authority.ts'
import { examiner } from '../../src/trust/examine.ts'
import { d1Registry } from '../../src/trust/registry.d1.ts'
import { d1Revocations } from '../../src/trust/revocations.d1.ts'

/** What the commands work on, and where they answer. Each gives the process's exit code. */
export interface Desk {
  readonly database: SqlDatabase
  readonly environment: TrustEnvironment
  readonly clock: Clock
  readonly say: (line: string) => void
}

/**
 * Binds the first of these certificates, with the others as its chain, to the structure in its OU and to these relying
 * parties. It must lead to an authority of the registry, which says its range, and stand on no list in hand.
 */
export async function bindCertificate(
  desk: Desk,
  [leaf, ...chain]: readonly Uint8Array[],
  clients: readonly string[],
): Promise<number> {
  const { database, environment, clock, say } = desk
  if (leaf === undefined) return refuse(say, 'no certificate')
  const known = await clientsOf(database, clients)
  if ('refused' in known) return refuse(say, known.refused)
  const trust = examiner({
    registry: d1Registry({ database, clock, environment, defer: () => {} }),
    revocations: d1Revocations(database),
    // Asked at each of its uses; here an operator says that it is the right one.
    responders: { ask: async () => ({ said: 'nothing', detail: 'not asked' }) },
    clock,
    trail: { record: () => {} },
    revocationUnknown: 'accept',
  })
  const { bindings, written } = bindingsOf(desk)
  const examine: ExamineCertificate = (presented) => trust.examine(presented, 'organisation')
  const outcome = await bindPresented({ examine, bindings }, { leaf, chain }, known)
  if ('refused' in outcome) return refuse(say, outcome.refused)
  await written()
  say(`Bound:\n${describeBinding(outcome.bound)}`)
  say('It counts within a minute. A renewed certificate with the same subject needs nothing.')
  return 0
}

/** @param id or the beginning of one, when there is only one such. With no client, from all. */
export async function unbindCertificate(desk: Desk, id: string, clients: readonly string[]): Promise<number> {
  const { bindings, written } = bindingsOf(desk)
  const found = (await bindings.all()).filter((one) => one.id.startsWith(id.toLowerCase()))
  const [binding, another] = found
  if (binding === undefined || another !== undefined)
    return refuse(
      desk.say,
      another === undefined ? `no binding ${id}` : `${found.length} bindings begin with ${id}`,
    )
  if (!(await bindings.unbind(binding.id, clients)))
    return refuse(desk.say, `${binding.software} is not bound to ${clients.join(', ')}`)
  await written()
  desk.say(`Unbound: ${binding.software} of ${binding.structureName}, within a minute everywhere.`)
  desk.say(
    'A client without a binding is held to its registration alone: suspend it, or remove it, to shut it out.',
  )
  return 0
}

export async function listBindings(desk: Desk): Promise<number> {
  const all = await bindingsOf(desk).bindings.all()
  if (all.length === 0) desk.say('No certificate is bound to a structure.')
  for (const binding of all) desk.say(describeBinding(binding))
  return 0
}

/** Enters a structure that no extract has: most that have a SIRET only. */
export async function addStructure(desk: Desk, id: string, name: string): Promise<number> {
  const read = structureId(id)
  if (read === undefined || name.trim() === '')
    return refuse(desk.say, 'a structure is 1 and a FINESS number, or 3 and a SIRET; and a name')
  const number = read.slice(1)
  const finess = isFiness(number) ? number : undefined
  const siret = finess === undefined ? number : undefined
  const structure = { id: read, finess, siret, name: name.trim(), entity: undefined }
  await d1Structures(desk.database).upsert([structure], desk.clock())
  desk.say(`In the registry: ${read}  ${structure.name}`)
  return 0
}

const refuse = (say: Desk['say'], why: string): number => {
  say(`Refused: ${why}`)
  return 1
}

const PARTY = `SELECT client_id, metadata ->> '$.token_endpoint_auth_method' AS method FROM relying_party
WHERE client_id IN (SELECT value FROM json_each(?1))`

/** The structure is told only of a client that is known by a name in its certificate. */
async function clientsOf(
  database: SqlDatabase,
  clients: readonly string[],
): Promise<readonly ClientId[] | { readonly refused: string }> {
  const { results } = await database.prepare(PARTY).bind(JSON.stringify(clients)).all()
  const methods = new Map(
    results.map((row) => [Reflect.get(Object(row), 'client_id'), Reflect.get(Object(row), 'method')]),
  )
  const known: ClientId[] = []
  for (const text of clients) {
    const id = ClientId.safeParse(text)
    if (!id.success || !methods.has(text)) return { refused: `no relying party ${text}` }
    if (methods.get(text) !== 'tls_client_auth')
      return { refused: `${text} is registered for ${methods.get(text)}, not for tls_client_auth` }
    known.push(id.data)
  }
  return known
}

const SHOWN = 12

const describeBinding = ({
  id,
  structure,
  structureName,
  software,
  range,
  notAfter,
  clients,
}: Binding): string =>
  [
    `${id.slice(0, SHOWN)}  ${software}, ${range}, until ${new Date(notAfter * 1000).toISOString().slice(0, 10)}`,
    `  ${structure}  ${structureName}`,
    ...clients.map((client) => `  for: ${client}`),
  ].join('\n')

const RECORD = 'INSERT INTO audit_event (id, at, kind, detail) VALUES (?1, ?2, ?3, ?4)'

/** The bindings, and what writes their changes into the trail: there is no queue here. */
function bindingsOf({ database, clock }: Desk) {
  const events: AuditEvent[] = []
  return {
    bindings: d1Bindings(database, clock, { record: (event) => events.push(event) }),
    written: async () => {
      for (const { at, kind, detail = '' } of events.splice(0))
        await database.prepare(RECORD).bind(randomUUID(), at, kind, detail).run()
    },
  }
}
