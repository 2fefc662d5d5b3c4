import { Page, type PageProps } from '../../http/page.tsx'
import { CARD_KINDS, cardTypeOf, ORGANISATION_KINDS, STRUCTURES } from './cards.ts'
import { AUTHORITY_IDS, AUTHORITY_KINDS, RANGES } from './hierarchy.ts'
import { PASSWORD } from './shop.ts'
import { type CardWords, words } from './words.ts'

/** Somebody whose card one can have. */
export interface Buyer {
  readonly nationalId: string
  readonly familyName: string
  readonly givenName: string
}

type Shell = Pick<PageProps, 'language' | 'product' | 'nonce'>

export interface ShopPageProps extends Shell {
  readonly issuer: string
  readonly people: readonly Buyer[]
  /** Where the card is asked for; none where nothing asks. */
  readonly cardOrigin: string | undefined
  /** A person whom the example can use. */
  readonly example: string
}

/** Choose whose card, and which; then how to install it. */
export function ShopPage({ issuer, people, example, cardOrigin, ...page }: ShopPageProps) {
  const text = words[page.language]
  return (
    <Page {...page} title={text.title} path="/sandbox/cards">
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      <p class="notice">
        <strong>{text.password(PASSWORD)}</strong>
      </p>
      {people.length === 0 ? <p>{text.none}</p> : <CardForm people={people} text={text} />}

      <h2>{text.install}</h2>
      <p>{text.installLead}</p>
      {text.installs.map(({ where, steps, command }) => (
        <details>
          <summary>{where}</summary>
          <ol class="steps">
            {steps.map((step) => (
              <li>{step}</li>
            ))}
          </ol>
          {command === undefined ? null : <pre class="raw">{command}</pre>}
        </details>
      ))}
      {cardOrigin === undefined ? null : <CardHost origin={cardOrigin} text={text} />}
      <h2>{text.use}</h2>
      <ul>
        {text.useSteps.map((step) => (
          <li>{step}</li>
        ))}
      </ul>
      {cardOrigin === undefined ? null : (
        <>
          <p>{text.notOffered}</p>
          <pre class="raw">{`curl --cert-type P12 --cert card.p12:${PASSWORD} --insecure '${cardOrigin}/card/…'`}</pre>
        </>
      )}
      <ul class="ways">
        <li>
          <a class="way" href="/sandbox/cards/issued">
            {text.lost}
            <small>{text.lostNote}</small>
          </a>
        </li>
      </ul>

      <h2>{text.structures}</h2>
      <p>{text.structuresLead}</p>
      <OrganisationForm text={text} />

      <h2>{text.lists}</h2>
      <p>{text.listsLead}</p>
      <ul>
        {AUTHORITY_IDS.map((id) => (
          <li>
            {AUTHORITY_KINDS[id].name.at(-1)?.[0]?.value}
            <br />
            <a href={`/sandbox/authority/${id}.cer`}>{id}.cer</a> ·{' '}
            <a href={`/sandbox/authority/${id}.crl`}>{id}.crl</a>
          </li>
        ))}
      </ul>
      <p>
        {text.ocsp} <code>{issuer}/sandbox/authority/ocsp</code>
      </p>
      <h2>{text.developers}</h2>
      <p>{text.developersLead}</p>
      <pre class="raw">{commandExample(issuer, example)}</pre>
      <p>
        <a href="/sandbox">{text.home}</a>
      </p>
    </Page>
  )
}

function CardHost({ origin, text }: { readonly origin: string; readonly text: CardWords }) {
  return (
    <>
      <h2>{text.host}</h2>
      <p>{text.hostLead(origin)}</p>
      <ul>
        {text.hostSteps.map(({ where, step }) => (
          <li>
            <strong>{where}</strong>
            <br />
            {step}
          </li>
        ))}
      </ul>
    </>
  )
}

function CardForm({ people, text }: { readonly people: readonly Buyer[]; readonly text: CardWords }) {
  return (
    <form method="post" action="/sandbox/cards">
      <div class="field">
        <label for="nationalId">{text.person}</label>
        <select id="nationalId" name="nationalId">
          {people.map(({ nationalId, givenName, familyName }) => (
            <option value={nationalId}>
              {familyName} {givenName}, {cardTypeOf(nationalId)} {nationalId}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="kind">{text.kind}</label>
        <select id="kind" name="kind">
          {CARD_KINDS.map((kind) => (
            <option value={kind}>{text.kinds[kind]}</option>
          ))}
        </select>
      </div>
      <RangeField id="range" text={text} />
      <p>
        <label>
          <input type="checkbox" name="director" value="true" /> {text.director}
        </label>
      </p>
      <p class="quiet">{text.fresh}</p>
      <button class="button" type="submit">
        {text.get}
      </button>
    </form>
  )
}

function OrganisationForm({ text }: { readonly text: CardWords }) {
  return (
    <form method="post" action="/sandbox/cards">
      <div class="field">
        <label for="structure">{text.structure}</label>
        <select id="structure" name="structure">
          {STRUCTURES.map(({ id, name }) => (
            <option value={id}>
              {name} ({id.startsWith('1') ? 'FINESS' : 'SIRET'} {id.slice(1)})
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="software">{text.software}</label>
        <input
          id="software"
          name="software"
          value="DOSSIER-DEMO"
          maxlength={64}
          required
          autocomplete="off"
        />
      </div>
      <div class="field">
        <label for="organisationKind">{text.whichCertificate}</label>
        <select id="organisationKind" name="kind">
          {ORGANISATION_KINDS.map((kind) => (
            <option value={kind}>{text.certificates[kind]}</option>
          ))}
        </select>
      </div>
      <RangeField id="organisationRange" text={text} />
      <button class="button secondary" type="submit">
        {text.getCertificate}
      </button>
    </form>
  )
}

const RangeField = ({ id, text }: { readonly id: string; readonly text: CardWords }) => (
  <div class="field">
    <label for={id}>{text.range}</label>
    <select id={id} name="range">
      {RANGES.map((range) => (
        <option value={range}>{text.ranges[range]}</option>
      ))}
    </select>
  </div>
)

const commandExample = (issuer: string, nationalId: string) =>
  `curl ${issuer}/sandbox/cards -H 'content-type: application/json' \\
  -d '{"nationalId": "${nationalId}", "kind": "valid"}'
# 201 {"serial": "…", "certificate": "…", "chain": ["…"],
#      "privateKey": "…", "p12": "…", "password": "${PASSWORD}"}

curl ${issuer}/sandbox/authority/revoke -H 'content-type: application/json' \\
  -d '{"serial": "…"}'
# 200 {"revokedAt": …}`

/** Nothing could be handed out. */
export function NoCardPage({ why, ...page }: Shell & { readonly why: 'noCard' | 'unknown' }) {
  const text = words[page.language]
  return (
    <Page {...page} title={text.refused.title}>
      <h1>{text.refused.title}</h1>
      <p class="notice">{text.refused[why]}</p>
      <p>
        <a href="/sandbox/cards">{text.revoke.back}</a>
      </p>
    </Page>
  )
}
