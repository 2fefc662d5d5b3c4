import { env } from 'cloudflare:workers'
import * as z from 'zod'
import { composeSandbox } from '../../src/sandbox/compose.ts'
import type { SandboxEnv } from '../../src/sandbox/environment.ts'
import { Browser } from './browser.ts'
import { type Call, countingEnv } from './counting-env.ts'

export const CARD_ORIGIN = 'https://card.example.test:8443'
export const OTHER_CARD_ORIGIN = 'https://card2.example.test:8443'

const Sold = z.object({
  certificate: z.string(),
  chain: z.array(z.string()),
  cardId: z.string().optional(),
  serial: z.string(),
})

/** A certificate as a TLS connection presents it. */
export interface Shown {
  readonly leaf: Uint8Array
  readonly chain: readonly Uint8Array[]
  readonly cardId: string
}

const derOf = (pem: string) =>
  Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----|\s/g, '')), (character) => character.charCodeAt(0))
const sequence = (der: Uint8Array) => `:${btoa(String.fromCharCode(...der))}:`

/** `cf.tlsClientAuth` as the edge fills it, the verdict being whatever it liked. */
export const edgeFields = (
  shown: Pick<Shown, 'leaf' | 'chain'> | undefined,
  verdict = 'FAILED:whatever',
) => ({
  tlsClientAuth:
    shown === undefined
      ? {
          certPresented: '0',
          certVerified: 'NONE',
          certRevoked: '0',
          certRFC9440: '',
          certRFC9440TooLarge: false,
          certChainRFC9440: '',
          certChainRFC9440TooLarge: false,
        }
      : {
          certPresented: '1',
          certVerified: verdict,
          certRevoked: '0',
          certRFC9440: sequence(shown.leaf),
          certRFC9440TooLarge: false,
          certChainRFC9440: shown.chain.map(sequence).join(', '),
          certChainRFC9440TooLarge: false,
        },
})

/** The sandbox with a card host, its card shop, and a service; every storage call is written down. */
export async function cardDesk(over: Readonly<Record<string, string>> = {}) {
  const counted = countingEnv(env)
  const vars = { MTLS_ORIGIN: CARD_ORIGIN, MTLS_OTHER_ORIGIN: OTHER_CARD_ORIGIN, ...over }
  const queued: unknown[] = []
  const events = {
    send: async (message: unknown) => void queued.push(message),
    sendBatch: async (messages: Iterable<{ body: unknown }>) =>
      void queued.push(...[...messages].map(({ body }) => body)),
  }
  // Own members: an assignment would go through to the bindings that every test shares.
  const own = Object.getOwnPropertyDescriptors({ ...vars, EVENTS: events })
  const bindings: SandboxEnv = Object.create(counted.env, own)
  const composed = composeSandbox(bindings)
  const { issuer } = composed.settings
  const fetch = async (request: Request) => composed.app.fetch(request, bindings)
  const registered = await fetch(
    new Request(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Dossier',
        redirect_uris: ['https://dossier.example.test/callback'],
        backchannel_logout_uri: 'https://dossier.example.test/logout',
      }),
    }),
  )
  const client = z.object({ client_id: z.string(), client_secret: z.string() }).parse(await registered.json())

  return {
    composed,
    issuer,
    fetch,
    client,
    calls: counted.calls as readonly Call[],
    /** What went to the queue: lines of the trail, among others. */
    queued: queued as readonly unknown[],
    /** A card from the shop, or a structure's certificate. */
    async buy(wanted: Readonly<Record<string, unknown>>): Promise<Shown> {
      const response = await fetch(
        new Request(`${issuer}/sandbox/cards`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(wanted),
        }),
      )
      const { certificate, chain, cardId = '' } = Sold.parse(await response.json())
      return { leaf: derOf(certificate), chain: chain.map(derOf), cardId }
    },
    /** A browser that stands before the mire. */
    async begins(query: Readonly<Record<string, string>> = {}) {
      const browser = new Browser(issuer, fetch)
      const asked = new URLSearchParams({
        response_type: 'code',
        client_id: client.client_id,
        redirect_uri: 'https://dossier.example.test/callback',
        scope: 'openid scope_all',
        state: 'st',
        ...query,
      })
      const sent = await browser.ask(`/authorize?${asked}`)
      const path = new URL(sent.headers.get('location') ?? '', issuer).pathname
      return {
        browser,
        path,
        /** Chooses the card; answers where it is to be shown. */
        choosesCard: async () => {
          const response = await browser.ask(`${path}/card`, { method: 'POST' })
          return response.headers.get('location') ?? ''
        },
      }
    },
    /** Shows a card at that address, over a connection of its own. */
    show: (
      url: string,
      shown: Pick<Shown, 'leaf' | 'chain'> | undefined,
      headers: Record<string, string> = {},
    ) =>
      fetch(
        new Request(url, {
          headers: { accept: 'text/html', 'accept-language': 'fr', ...headers },
          redirect: 'manual',
          cf: edgeFields(shown),
        } as RequestInit),
      ),
    /** The code at the end, taken to /token and /userinfo. */
    async userinfo(callback: string): Promise<Record<string, unknown>> {
      const code = new URL(callback).searchParams.get('code') ?? ''
      const token = await fetch(
        new Request(`${issuer}/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` },
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            code,
            redirect_uri: 'https://dossier.example.test/callback',
          }),
        }),
      )
      const { access_token } = z.object({ access_token: z.string() }).parse(await token.json())
      const answer = await fetch(
        new Request(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } }),
      )
      return z.record(z.string(), z.unknown()).parse(await answer.json())
    },
  }
}
