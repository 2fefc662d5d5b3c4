import { randomUUID } from 'node:crypto'
import type { AuditEvent } from '../../src/audit/event.ts'
import type { Clock } from '../../src/kernel/instant.ts'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'
import { sameName } from '../../src/protocol/pki/distinguished-name.ts'
import { d1Authorities, type SqlDatabase } from '../../src/trust/authorities.d1.ts'
import type { Authority, NewAuthority } from '../../src/trust/authority.ts'
import { allListStates } from '../../src/trust/lists.d1.ts'
import { describeAuthority } from './describe.ts'

/** What the commands work on, and where they answer. Each gives the process's exit code. */
export interface Desk {
  readonly database: SqlDatabase
  readonly clock: Clock
  readonly say: (line: string) => void
}

export type Wanted = Omit<NewAuthority, 'der' | 'role'> & { readonly anchor: boolean }

/** Adds these certificates, in their order, as far as the first that is refused. */
export async function addAuthorities(
  desk: Desk,
  ders: readonly Uint8Array[],
  { anchor, ...wanted }: Wanted,
): Promise<number> {
  const { registry, written } = registryOf(desk)
  for (const der of ders) {
    const certificate = readCertificate(der)
    const own = certificate !== undefined && sameName(certificate.subject, certificate.issuer)
    const outcome = await registry.add({ ...wanted, der, role: own || anchor ? 'anchor' : 'intermediate' })
    if ('refused' in outcome) {
      desk.say(`Refused: ${outcome.refused}`)
      return 1
    }
    await written()
    desk.say(`Added:\n${describeAuthority(outcome.added, undefined)}`)
  }
  desk.say('It counts within a minute; its list is fetched by the next run of the cron.')
  return 0
}

export async function listAuthorities({ database, clock, say }: Desk): Promise<number> {
  const [authorities, lists] = [await d1Authorities(database, clock).all(), await allListStates(database)]
  if (authorities.length === 0) say('No authority: no certificate is trusted.')
  for (const authority of authorities) say(describeAuthority(authority, lists.get(authority.issuerKey)))
  return 0
}

/** @param id or the beginning of one, when there is only one such. */
export async function retireAuthority(desk: Desk, id: string): Promise<number> {
  const { registry, written } = registryOf(desk)
  const found = (await registry.all()).filter((authority: Authority) =>
    authority.id.startsWith(id.toLowerCase()),
  )
  const [authority, another] = found
  if (authority === undefined || another !== undefined) {
    desk.say(another === undefined ? `No authority ${id}.` : `${found.length} authorities begin with ${id}.`)
    return 1
  }
  const retired = await registry.retire(authority.id)
  await written()
  desk.say(
    retired
      ? `Retired: ${authority.name}. Nothing that leads to it is trusted, within a minute everywhere.`
      : `${authority.name} was retired already.`,
  )
  return retired ? 0 : 1
}

const RECORD = 'INSERT INTO audit_event (id, at, kind, detail) VALUES (?1, ?2, ?3, ?4)'

/** The registry, and what writes its changes into the trail: there is no queue here. */
function registryOf({ database, clock }: Desk) {
  const events: AuditEvent[] = []
  return {
    registry: d1Authorities(database, clock, { record: (event) => events.push(event) }),
    written: async () => {
      for (const { at, kind, detail = '' } of events.splice(0))
        await database.prepare(RECORD).bind(randomUUID(), at, kind, detail).run()
    },
  }
}
