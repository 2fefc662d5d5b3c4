import { Page, type PageProps } from '../http/page.tsx'
import { words } from './words.ts'

/** A demonstration relying party to link to. */
export interface Demo {
  readonly name: string
  readonly url: string
}

export interface StartPageProps extends Pick<PageProps, 'language' | 'product' | 'nonce'> {
  readonly issuer: string
  readonly demos: readonly Demo[]
  /** A person whom the examples can use. */
  readonly example: string
}

/** What to try, and where. */
export function StartPage({ issuer, demos, example, ...page }: StartPageProps) {
  const { start, sandbox, invented } = words[page.language]
  const places = [
    ...demos.map(({ name, url }) => ({ href: url, name: start.demo(name), note: start.demoNote })),
    { href: '/ecps/', name: start.ecps, note: start.ecpsNote },
    { href: '/sandbox/people', name: start.people, note: start.peopleNote },
    { href: '/sandbox/cards', name: start.cards, note: start.cardsNote },
    { href: '/sandbox/outbox', name: start.outbox, note: start.outboxNote },
  ]
  return (
    <Page {...page} title={sandbox} path="/">
      <p class="lead">{sandbox}</p>
      <h1>{start.title(page.product)}</h1>
      <p>{start.lead}</p>
      <p class="notice">{invented}</p>

      <h2>{start.services}</h2>
      <ul class="ways">
        {places.map(({ href, name, note }) => (
          <li>
            <a class="way" href={href}>
              {name}
              <small>{note}</small>
            </a>
          </li>
        ))}
      </ul>

      <h2>{start.tryTitle}</h2>
      <ol class="steps">
        {start.steps.map(([title, text]) => (
          <li>
            <strong>{title}</strong>
            <br />
            {text}
          </li>
        ))}
      </ol>

      <h2>{start.developers}</h2>
      <p>{start.discovery}</p>
      <p>
        <a href="/.well-known/openid-configuration">
          <code>{issuer}/.well-known/openid-configuration</code>
        </a>
      </p>
      <h3>{start.registerTitle}</h3>
      <p>{start.register}</p>
      <pre class="raw">{registerExample(issuer)}</pre>
      <h3>{start.robotsTitle}</h3>
      <p>{start.robots}</p>
      <pre class="raw">{robotExample(issuer, example)}</pre>
      <p>{start.robotsThen}</p>
      <dl>
        {start.behaviours.map(([name, meaning]) => (
          <>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
    </Page>
  )
}

const registerExample = (issuer: string) => `curl ${issuer}/register -H 'content-type: application/json' \\
  -d '{"client_name": "Mon service", "redirect_uris": ["http://localhost:3000/callback"]}'`

const robotExample = (
  issuer: string,
  nationalId: string,
) => `curl ${issuer}/sandbox/robots -H 'content-type: application/json' \\
  -d '{"nationalId": "${nationalId}", "behaviour": "approve"}'
# 201 {"id": "…"}

curl ${issuer}/sandbox/robots/$ID/sign-in -H 'content-type: application/json' \\
  -d '{"url": "${issuer}/login/…"}'
# 200 {"continueUrl": "${issuer}/authorize/continue/…"}`
