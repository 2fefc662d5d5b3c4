import type { CardRefusal } from '../../src/cards/refusal.ts'
import {
  type Answer,
  covers,
  get,
  type Handshake,
  handshake,
  misdirected,
  type Reach,
  type ShownFile,
} from './observe.ts'

/** One thing that was looked at. A fault keeps somebody from signing in, or lets in who should not be. */
export interface Finding {
  readonly is: 'good' | 'note' | 'fault'
  readonly says: string
  /** What to do about it. */
  readonly cure?: string
}

const good = (says: string): Finding => ({ is: 'good', says })
const note = (says: string, cure?: string): Finding => ({ is: 'note', says, ...(cure && { cure }) })
const fault = (says: string, cure: string): Finding => ({ is: 'fault', says, cure })

/** A handle that nobody has: without a card the page says so, and with a good one that the link is over. */
const PROBE = '/card/sign-in/check'
const TOLERATED_SKEW = 60
const HALF_A_YEAR = 15_552_000

/** Looks at a card host from outside, as browsers will meet it; its other name and the identity host are found from it. */
export async function examineCardHost(
  card: URL,
  reach: Reach,
  shown: ShownFile | undefined,
): Promise<readonly Finding[]> {
  let first: Handshake
  try {
    first = await handshake(card, reach)
  } catch (problem) {
    return [
      fault(
        `no TLS connection to ${card.host}: ${reasonOf(problem)}`,
        'Is it a custom domain of the Worker, and does its certificate name it?',
      ),
    ]
  }
  const findings = [...judgeTls(card, first), judgeRequest(card, first, true)]
  const page = await get(new URL(PROBE, card), reach, { accept: 'text/html', 'accept-language': 'en' })
  findings.push(judgePage(card, page), ...judgeHeaders(card, page))
  findings.push(...(await judgeIdentity(card, first, reach)))
  findings.push(...(await judgeOther(card, page, reach)))
  if (shown === undefined)
    findings.push(
      note('no card was shown', 'Do it once with --card FILE.p12 --password WORD: only that proves it.'),
    )
  else findings.push(judgeCard(await get(new URL(PROBE, card), reach, { accept: 'application/json' }, shown)))
  return findings
}

const reasonOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem))

function judgeTls({ host }: URL, { protocol, http2 }: Handshake): Finding[] {
  const modern = protocol === 'TLSv1.3' || protocol === 'TLSv1.2'
  return [
    modern
      ? good(`${host} speaks ${protocol}${http2 ? ' and HTTP/2' : ''}`)
      : fault(`${host} speaks ${protocol}`, 'Set the minimum TLS version of the zone to 1.2.'),
  ]
}

/** The list of names in a request (RFC 8446 §4.2.4, RFC 5246 §7.4.4): a browser offers only certificates under them. */
export function judgeRequest({ host }: URL, { request }: Handshake, wanted: boolean): Finding {
  if (request === undefined)
    return fault(
      `whether ${host} asks for a certificate is not known`,
      'Install openssl, then do this again.',
    )
  const { asked, authorities } = request
  if (!wanted)
    return asked
      ? fault(
          `${host} asks for a client certificate: every visitor would see a dialog`,
          'Take this name out of the hosts for which mutual TLS is enabled.',
        )
      : good(`${host} asks nobody for a certificate`)
  if (!asked)
    return fault(
      `${host} does not ask for a client certificate: no card can be shown`,
      'Enable mutual TLS for this name (SSL/TLS, Client Certificates, Hosts).',
    )
  if (authorities.length === 0) return good(`${host} asks for a certificate of any authority`)
  return authorities.some((name) => /IGC[- ]?SANTE/i.test(name))
    ? good(`${host} asks for a certificate of: ${authorities.join('; ')}`)
    : fault(
        `${host} asks only for certificates of: ${authorities.join('; ')}. Browsers hide every card of IGC-Santé`,
        'Upload the issuing authorities of IGC-Santé for this name (BYOCA), or have the list left out.',
      )
}

function judgePage({ host }: URL, { status, headers, body }: Answer): Finding {
  const ours =
    status === 403 &&
    /text\/html/.test(String(headers['content-type'])) &&
    body.includes('No card was presented')
  return ours
    ? good('without a certificate, our own page says so')
    : fault(
        `without a certificate ${host} answers ${status}, and not with our page`,
        'No rule may block requests without a certificate (WAF, API Shield, Access), and MTLS_ORIGIN must be this address.',
      )
}

function judgeHeaders({ host }: URL, { headers, at }: Answer): Finding[] {
  const [, age = '0'] = /max-age=(\d+)/.exec(String(headers['strict-transport-security'] ?? '')) ?? []
  const skew = Math.round((Date.parse(String(headers.date)) - at) / 1000)
  const found = [
    headers['set-cookie'] === undefined
      ? good('no cookie is set')
      : fault(
          `${host} sets a cookie: ${headers['set-cookie']}`,
          'Turn off what adds it (bot management, load balancing).',
        ),
    Number(age) >= HALF_A_YEAR
      ? good('HSTS for half a year or more')
      : fault(
          'no HSTS for half a year',
          'Is ISSUER an https origin? The Worker says it then; no rule may take it away.',
        ),
    Math.abs(skew) <= TOLERATED_SKEW
      ? good('both clocks agree')
      : fault(
          `the clocks differ by ${skew} seconds`,
          'Set the clock of this machine: what a card says of its validity is judged by the server’s.',
        ),
  ]
  return /\bh3\b/.test(String(headers['alt-svc'] ?? ''))
    ? [
        ...found,
        fault(
          `${host} offers HTTP/3, over which browsers are not known to show certificates`,
          'Turn HTTP/3 off for the zone of this name, or give the name a zone of its own.',
        ),
      ]
    : [...found, good('HTTP/3 is not offered')]
}

async function judgeIdentity(card: URL, seen: Handshake, reach: Reach): Promise<Finding[]> {
  const { status, headers } = await get(new URL('/', card), reach, { accept: 'text/html' })
  const location = String(headers.location ?? '')
  if (status !== 302 || !URL.canParse(location))
    return [
      fault(
        `${card.host} does not say which identity host it belongs to`,
        'Is MTLS_ORIGIN of the deployed Worker this very address?',
      ),
    ]
  const identity = new URL(location)
  if (identity.protocol !== 'https:')
    return [note(`${identity.origin} is not https: a laptop's sandbox, of which no more can be said`)]
  try {
    const other = await handshake(identity, reach)
    return [judgeRequest(identity, other, false), await judgeCoalescing(card, seen, identity, other, reach)]
  } catch (problem) {
    return [fault(`no TLS connection to ${identity.host}: ${reasonOf(problem)}`, 'Look at that host first.')]
  }
}

/**
 * RFC 9113 §9.1.1: where a certificate names both hosts, a browser may send requests for the card host over the
 * connection that it has to the identity host, on which no certificate was ever asked for.
 */
async function judgeCoalescing(
  card: URL,
  seen: Handshake,
  identity: URL,
  other: Handshake,
  reach: Reach,
): Promise<Finding> {
  const shared = covers(other.names, card.hostname) || covers(seen.names, identity.hostname)
  if (!shared) return good('the certificates of card host and identity host name one host each')
  if (!other.http2) return note('one certificate names both hosts; without HTTP/2 that does no harm')
  const status = await misdirected(identity, new URL(PROBE, card), reach).catch(() => 0)
  return status === 421
    ? note('one certificate names both hosts; the server sends browsers to a connection of its own (421)')
    : fault(
        `one certificate names both ${card.hostname} and ${identity.hostname}, and a connection for one serves the other: a browser would find no card`,
        'Order a certificate of its own for the card host (Advanced Certificate Manager), without a wildcard that covers both.',
      )
}

async function judgeOther(card: URL, { body }: Answer, reach: Reach): Promise<Finding[]> {
  const found = [...body.matchAll(/href="(https:[^"]*\/card\/[^"]*)"/g)]
    .flatMap(([, address]) => (address === undefined ? [] : new URL(address)))
    .find(({ host }) => host !== card.host)
  if (found === undefined)
    return [
      note(
        'there is no second name: to try another card, people have to close their browser',
        'Set MTLS_OTHER_ORIGIN to another custom domain with mutual TLS.',
      ),
    ]
  const other = new URL(found.origin)
  try {
    return [judgeRequest(other, await handshake(other, reach), true)]
  } catch (problem) {
    return [
      fault(
        `no TLS connection to ${other.host}: ${reasonOf(problem)}`,
        'Set the second name up as the first.',
      ),
    ]
  }
}

/** What the refusals say of a deployment, as far as it is not the card that is at fault. */
const OF_THE_DEPLOYMENT: { readonly [Refusal in CardRefusal]?: string } = {
  'no-certificate':
    'The edge does not hand the certificate on: is mutual TLS enabled for this very name, and the Worker on a custom domain?',
  'unknown-authority':
    'Add its authorities with `npm run trust -- add`, in the environment that TRUST_ENVIRONMENT names.',
  unchecked:
    'Neither its list of revocations nor OCSP could be had: look at the cron trigger and at the trail.',
}

function judgeCard({ status, body }: Answer): Finding {
  const [, refused = ''] = /"error"\s*:\s*"([a-z-]+)"/.exec(body) ?? []
  if (status !== 403 || refused === '')
    return fault(`shown a card, it answers ${status}`, 'Look at the logs of the Worker.')
  // The card was read, believed and found in the directory; only the link is made up.
  if (refused === 'link-expired')
    return good('the card is read, believed, and its holder is in the directory')
  const cure = Object.entries(OF_THE_DEPLOYMENT).find(([name]) => name === refused)?.[1]
  return cure === undefined
    ? note(
        `the certificate arrives; this card is refused: ${refused}`,
        'Is that what you expect of this card?',
      )
    : fault(`shown a card, it says: ${refused}`, cure)
}
