import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import type { Cookies } from '../../http/cookies.ts'
import { formFields, isForm } from '../../http/form.ts'
import { requestedLanguage } from '../../http/requested-language.ts'
import { pageHeaders } from '../../http/security-headers.ts'
import { NationalId } from '../../kernel/identifiers.ts'
import type { Authorities } from '../../trust/authority.ts'
import { CARD_KINDS, cardTypeOf, ORGANISATION_KINDS } from './cards.ts'
import { type Der, hexOf } from './der-writer.ts'
import { AUTHORITY_IDS, RANGES } from './hierarchy.ts'
import { IssuedPage } from './issued.page.tsx'
import { register } from './registration.ts'
import { type Buyer, NoCardPage, ShopPage } from './shop.page.tsx'
import { PASSWORD, type Shop, type ShopRefusal, sell } from './shop.ts'

export interface AuthorityNeeds extends Shop {
  readonly issuer: string
  readonly secure: boolean
  readonly product: string
  readonly cookies: Cookies
  /** Everyone in the directory, by family name. */
  readonly people: () => Promise<readonly Buyer[]>
  /** The host that asks for a card, where there is one. */
  readonly cardOrigin: string | undefined
  /** The national id of a person whom the page's example can use. */
  readonly example: string
  /** The registry that is told of this authority before its first card is handed out. */
  readonly registry: Pick<Authorities, 'add' | 'all'>
}

const range = z.enum(RANGES).default('STANDARD')
const Wanted = z.union([
  z.strictObject({
    nationalId: NationalId,
    kind: z.enum(CARD_KINDS).default('valid'),
    range,
    director: z.union([z.boolean(), z.literal('true').transform(() => true)]).default(false),
  }),
  z.strictObject({
    structure: z.string().max(20),
    software: z
      .string()
      .trim()
      .min(1)
      .max(64)
      .regex(/^[^\p{C}]+$/u),
    kind: z.enum(ORGANISATION_KINDS).default('valid'),
    range,
  }),
])
const Revoke = z.strictObject({
  serial: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{2,40}$/),
  reason: z
    .enum(['keyCompromise', 'affiliationChanged', 'superseded', 'unspecified'])
    .default('keyCompromise'),
})
const File = z.templateLiteral([z.enum(AUTHORITY_IDS), '.', z.enum(['crl', 'cer'])])

/** The card shop, and the addresses that stand in every certificate of the test authority. */
export const authorityRoutes = (needs: AuthorityNeeds) => {
  const { issuer, secure, product, cookies, authority, clock } = needs
  const page = (c: Context) => ({
    language: requestedLanguage(c, cookies),
    product,
    nonce: c.get('secureHeadersNonce'),
  })
  let registered: Promise<void> | undefined
  const registration = (): Promise<void> => {
    registered ??= register(issuer, authority, needs.registry).catch((problem: unknown) => {
      registered = undefined
      throw problem
    })
    return registered
  }
  const answered = async (question: Uint8Array) =>
    der(await authority.answer(question), 'application/ocsp-response')

  return (
    new Hono()
      .use('/sandbox/cards', pageHeaders(secure), bodyLimit({ maxSize: 10_000 }))
      .use('/sandbox/cards/*', pageHeaders(secure))
      .use('/sandbox/authority/*', pageHeaders(secure), bodyLimit({ maxSize: 10_000 }))

      .get('/sandbox/cards', async (c) => {
        const people = (await needs.people()).filter(({ nationalId }) => cardTypeOf(nationalId) !== undefined)
        return c.html(
          <ShopPage
            {...page(c)}
            issuer={issuer}
            people={people}
            example={needs.example}
            cardOrigin={needs.cardOrigin}
          />,
        )
      })

      .post('/sandbox/cards', async (c) => {
        const asked = Wanted.safeParse(await bodyOf(c))
        if (!asked.success) return invalid(c, asked.error)
        await registration()
        const sold = await sell(needs, asked.data)
        c.header('Cache-Control', 'no-store')
        if (isForm(c)) {
          if ('refused' in sold)
            return c.html(
              <NoCardPage {...page(c)} why={sold.refused === 'no_card' ? 'noCard' : 'unknown'} />,
              REFUSALS[sold.refused][0],
            )
          return c.body(sold.p12, 200, {
            'content-type': 'application/x-pkcs12',
            'content-disposition': `attachment; filename="${fileName(sold.label, asked.data.kind)}"`,
          })
        }
        if ('refused' in sold) {
          const [status, description] = REFUSALS[sold.refused]
          return c.json({ error: sold.refused, error_description: description }, status)
        }
        const { p12, ...rest } = sold
        return c.json({ kind: asked.data.kind, ...rest, p12: base64(p12), password: PASSWORD }, 201)
      })

      .get('/sandbox/cards/issued', async (c) => {
        const cards = await authority.handedOut()
        return wantsJson(c)
          ? c.json({ cards })
          : c.html(<IssuedPage {...page(c)} cards={cards} now={clock()} />)
      })

      .post('/sandbox/authority/revoke', async (c) => {
        const asked = Revoke.safeParse(await bodyOf(c))
        if (!asked.success) return invalid(c, asked.error)
        const done = await authority.revoke(asked.data.serial, asked.data.reason)
        if ('refused' in done)
          return c.json(
            {
              error: 'unknown_certificate',
              error_description: 'No certificate of this sandbox has this serial number.',
            },
            404,
          )
        return isForm(c) ? c.redirect('/sandbox/cards/issued', 303) : c.json(done)
      })

      // RFC 6960 Appendix A.1: by POST, or by GET with the request as base64 in the path.
      .post('/sandbox/authority/ocsp', async (c) => answered(new Uint8Array(await c.req.arrayBuffer())))
      .get('/sandbox/authority/ocsp/*', async (c) =>
        answered(questionInPath(new URL(c.req.url).pathname.slice('/sandbox/authority/ocsp/'.length))),
      )

      .get('/sandbox/authority/:file', async (c) => {
        const file = File.safeParse(c.req.param('file'))
        if (!file.success) return c.notFound()
        const id = AUTHORITY_IDS.find((known) => file.data.startsWith(`${known}.`))
        if (id === undefined) return c.notFound()
        if (file.data.endsWith('.cer'))
          return der((await authority.certificates())[id], 'application/pkix-cert')
        const list = await authority.list(id)
        // No two lists have the same signature (RFC 9110 §8.8.3).
        const etag = `"${hexOf(list.slice(-16))}"`
        if (c.req.header('if-none-match') === etag)
          return new Response(null, { status: 304, headers: { etag } })
        return der(list, 'application/pkix-crl', { etag })
      })
  )
}

/** The same addresses for the application itself, which would otherwise leave the machine to reach its own. */
export const authorityFetch =
  (
    issuer: string,
    routes: { fetch(request: Request): Response | Promise<Response> },
    elsewhere: Outbound,
  ): Outbound =>
  async (url, init) =>
    url.startsWith(`${issuer}/sandbox/authority/`)
      ? routes.fetch(new Request(url, init))
      : elsewhere(url, init)
export type Outbound = (url: string, init: RequestInit) => Promise<Response>

function questionInPath(path: string): Uint8Array {
  try {
    return Uint8Array.from(atob(decodeURIComponent(path)), (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}

const der = (bytes: Der, type: string, headers: Record<string, string> = {}): Response =>
  new Response(bytes, { headers: { ...headers, 'content-type': type, 'cache-control': 'no-cache' } })

/** Browsers name text/html; curl, fetch and test clients do not, and get JSON. */
const wantsJson = (c: Context): boolean =>
  c.req.query('format') === 'json' || !(c.req.header('accept') ?? '').includes('text/html')

const bodyOf = async (c: Context): Promise<unknown> =>
  isForm(c) ? Object.fromEntries(await formFields(c)) : c.req.json().catch(() => undefined)

const invalid = (c: Context, error: z.ZodError) =>
  c.json(
    { error: 'invalid_request', error_description: `Not what is expected here. ${z.prettifyError(error)}` },
    400,
  )

const REFUSALS = {
  unknown_person: [404, 'No professional has this national id. GET /sandbox/people lists them.'],
  no_card: [409, 'Identities of test tools have no card. Choose another person in /sandbox/people.'],
  unknown_structure: [
    404,
    'No invented structure has this number: 1 and its FINESS, or 3 and its SIRET, as /sandbox/cards lists them.',
  ],
} as const satisfies Record<ShopRefusal, readonly [number, string]>

/** `cps-camille-exemple-expired.p12`. */
const fileName = (label: string, kind: string): string =>
  `${label
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}${kind === 'valid' ? '' : `-${kind}`}.p12`

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (octet) => String.fromCharCode(octet)).join(''))
