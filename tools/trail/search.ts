import { randomUUID } from 'node:crypto'
import { type Found, searchTrail, type TrailQuery } from '../../src/audit/search.d1.ts'
import type { Desk } from './verify.ts'

const RECORD =
  'INSERT INTO audit_event (id, at, kind, practitioner_id, client_id, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)'

/** Says what is found, the newest first. Looking is itself written into the trail, with whom it was about. */
export async function searchedTrail(
  { database, clock, say }: Desk,
  query: TrailQuery,
  json: boolean,
): Promise<number> {
  const { practitionerId = null, clientId = null, limit, ...rest } = query
  await database
    .prepare(RECORD)
    .bind(
      randomUUID(),
      clock(),
      'trail.searched',
      practitionerId,
      clientId,
      `by the command: ${JSON.stringify(rest)}`,
    )
    .run()
  // The line just written is there too: it is part of the truth.
  const found = await searchTrail(database, query)
  for (const line of found) say(json ? JSON.stringify(line) : sentence(line))
  if (!json) say(`${found.length} lines${found.length === limit ? ', and perhaps more: --limit' : ''}.`)
  return 0
}

const sentence = ({ seq, at, kind, practitionerId, clientId, means, place, detail }: Found): string =>
  [
    new Date(at * 1000).toISOString().replace('.000', ''),
    seq === null ? 'not sealed' : `#${seq}`,
    kind,
    ...(practitionerId === null ? [] : [`person ${practitionerId}`]),
    ...(clientId === null ? [] : [`service ${clientId}`]),
    ...(means === null ? [] : [`by ${means}`]),
    ...(place === null ? [] : [`from ${place}`]),
    // A detail may hold what a stranger sent: nothing of it reaches the terminal but as text.
    ...(detail === null ? [] : [JSON.stringify(detail)]),
  ].join('  ')
