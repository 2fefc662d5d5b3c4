import type { Trail } from '../audit/trail.ts'
import { faultOf } from '../kernel/fault.ts'
import type { Clock } from '../kernel/instant.ts'
import { readCertificate } from '../protocol/pki/certificate.ts'
import type { Authority, TrustEnvironment } from './authority.ts'
import { exchange, type Outbound, type Patience } from './exchange.client.ts'
import { importList, isDue } from './list-import.ts'
import type { ListState, Lists } from './lists.ts'

/** Bytes: half of what an isolate has. At some 40 a certificate, a million and a half of them. */
const LARGEST = 64 * 1024 * 1024
/** Milliseconds for one whole list. */
const LONGEST_WAIT = 120_000

export interface ListsNeeds {
  readonly lists: Lists
  /** The registry, retired ones too. */
  readonly authorities: () => Promise<readonly Authority[]>
  readonly environment: TrustEnvironment
  readonly outbound: Outbound
  readonly clock: Clock
  readonly trail: Trail
  readonly patience: Patience
}

/**
 * Fetches every list that is due, one after the other: two at once would need the memory of two. What goes wrong with one
 * is written down and stops no other. Never rejects.
 */
export async function refreshLists(needs: ListsNeeds): Promise<void> {
  const { lists, clock, trail } = needs
  try {
    for (const authority of issuersWithLists(await needs.authorities(), needs.environment)) {
      const problem = await refresh(needs, authority).catch(faultOf)
      if (problem === undefined) continue
      const at = clock()
      trail.record({ at, kind: 'trust.list-failed', detail: `${authority.name}: ${problem}` })
      await lists.failed(authority.issuerKey, problem, at)
    }
    await lists.sweep()
  } catch (fault) {
    trail.record({ at: clock(), kind: 'trust.list-failed', detail: faultOf(fault) })
  }
}

/** Those that say where their list is, each key once: a renewed authority signs the same list. */
function issuersWithLists(
  authorities: readonly Authority[],
  environment: TrustEnvironment,
): readonly Authority[] {
  const wanted = authorities.filter(
    (one) => one.retiredAt === undefined && one.environment === environment && one.crlUrls.length > 0,
  )
  return [...new Map(wanted.map((one) => [one.issuerKey, one])).values()]
}

/** What is wrong, `undefined` when nothing is. Its places are tried in turn until one has the list. */
async function refresh(needs: ListsNeeds, authority: Authority): Promise<string | undefined> {
  const state = await needs.lists.state(authority.issuerKey)
  if (!isDue(state, needs.clock())) return undefined
  const problems: string[] = []
  for (const url of authority.crlUrls) {
    const problem = await refreshFrom(url, needs, authority, state)
    if (problem === undefined) return undefined
    problems.push(`${url} ${problem}`)
  }
  return problems.join('; ')
}

async function refreshFrom(
  url: string,
  { lists, outbound, clock, trail, patience }: ListsNeeds,
  { issuerKey, name, der }: Authority,
  state: ListState | undefined,
): Promise<string | undefined> {
  const certificate = readCertificate(der)
  if (certificate === undefined) return 'has an authority that is no certificate'
  const known = state?.url === url ? state : undefined
  const headers = new Headers({ accept: 'application/pkix-crl, application/octet-stream;q=0.9' })
  // RFC 9110 §13.1.2, §13.1.3.
  if (known?.etag !== undefined) headers.set('if-none-match', known.etag)
  else if (known?.lastModified !== undefined) headers.set('if-modified-since', known.lastModified)
  const answer = await exchange(outbound, {
    url,
    init: { headers },
    most: LARGEST,
    signal: patience(LONGEST_WAIT),
  })
  const at = clock()
  if (answer === 'not-modified') {
    if (known === undefined) return 'says that nothing has changed, but nothing was there'
    await lists.unchanged(issuerKey, { url, etag: known.etag, lastModified: known.lastModified, at })
    return undefined
  }
  if ('problem' in answer) return answer.problem
  const { body, etag, lastModified } = answer
  const outcome = await importList(lists, {
    der: body,
    authority: certificate,
    issuerKey,
    source: { url, etag, lastModified, at },
  })
  if (outcome === 'unchanged') return undefined
  if ('rejected' in outcome) return `gave a list that is refused: ${outcome.rejected}`
  const { number, entries } = outcome.imported
  trail.record({ at, kind: 'trust.list-imported', detail: `${name}: number ${number}, ${entries} revoked` })
  return undefined
}
