import type { Authority } from '../../src/trust/authority.ts'
import type { ListState } from '../../src/trust/lists.ts'

/** Enough of an identifier to tell it from the others. */
const SHOWN = 12

/** An authority and what is known of its list, for a terminal. */
export function describeAuthority(authority: Authority, list: ListState | undefined): string {
  const { id, name, environment, role, range, purposes, crlUrls, ocspUrl, retiredAt } = authority
  const issues = purposes.length === 0 ? 'issues for authorities' : `issues for: ${purposes.join(', ')}`
  return [
    `${id.slice(0, SHOWN)}  ${name}${retiredAt === undefined ? '' : `  RETIRED ${day(retiredAt)}`}`,
    `  ${environment}, ${role}, ${range}, ${issues}`,
    ...crlUrls.map((url) => `  list: ${url}`),
    ...(ocspUrl === undefined ? [] : [`  answers: ${ocspUrl}`]),
    ...(retiredAt === undefined && crlUrls.length > 0 ? [`  ${describeList(list)}`] : []),
    ...(crlUrls.length === 0 && ocspUrl === undefined && purposes.length > 0
      ? ['  PUBLISHES NOTHING: whether its certificates are revoked is unknown']
      : []),
  ].join('\n')
}

function describeList(list: ListState | undefined): string {
  const problem = list?.problem === undefined ? '' : `; LAST ATTEMPT FAILED: ${list.problem}`
  if (list?.nextUpdate === undefined) return `not fetched yet${problem}`
  const { number, entries, nextUpdate } = list
  return `number ${number}, ${entries} revoked, good until ${day(nextUpdate)}${problem}`
}

const day = (at: number): string => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')
