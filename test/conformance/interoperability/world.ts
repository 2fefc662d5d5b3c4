import { env } from 'cloudflare:workers'
import { digest } from '../../../src/kernel/digest.ts'
import { ObjectName } from '../../../src/kernel/identifiers.ts'
import { objectInteractions } from '../../../src/mire/login.object.ts'
import { locationOf, prove, someone } from '../../actors/authorization.ts'
import { Browser } from '../../actors/browser.ts'
import { deliverOnce } from '../../actors/logout-receiver.ts'
import { organisationAuthority } from '../../actors/organisations.ts'
import { MTLS_ORIGIN, tlsClientAuth } from '../../actors/token-desk.ts'
import * as ciba from '../ciba/world.ts'

export const CALLBACK = 'https://dossier.example.test/callback'
export const BYE = 'https://dossier.example.test/bye'
/** The person who signs in here. */
export const PERSON = '899700911111'

/** What the libraries hand to fetch. */
export interface Asking {
  readonly method?: string | undefined
  readonly headers?: Record<string, string> | undefined
  readonly body?: BodyInit | null | undefined
}

/**
 * The composed application as a library meets it: real storage, people and phones in software, and the services' own
 * servers, which keep what they are sent. A request to the host that asks for certificates arrives with one, as the edge
 * would attach it (`cf.tlsClientAuth`): the handshake itself is the edge's.
 */
export function world() {
  let shown: Promise<string> | undefined
  /** The certificate of the invented service, from an authority that the registry has. */
  const certificate = async () => {
    const authority = await organisationAuthority()
    await authority.enter()
    return authority.issue()
  }
  /** What was posted to services, by address. */
  const received: { readonly url: string; readonly init: RequestInit }[] = []
  const here = ciba.world(
    async (url, init) => {
      received.push({ url, init })
      return new Response(null, { status: url.includes('/ping') ? 204 : 200 })
    },
    { MTLS_ORIGIN },
  )
  const fetch = async (url: string | URL, { method, headers, body }: Asking = {}): Promise<Response> => {
    const asked = new URL(url).origin === MTLS_ORIGIN
    if (asked) shown ??= certificate()
    const cf = asked && shown !== undefined ? { tlsClientAuth: tlsClientAuth(await shown) } : {}
    return here.app.fetch(
      new Request(url, {
        ...(method === undefined ? {} : { method }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined || body === null ? {} : { body }),
        cf: cf as IncomingRequestCfProperties,
      }),
    )
  }
  const browser = () => new Browser(here.issuer, here.app.fetch)
  return {
    ...here,
    fetch,
    received,
    browser,
    /** Somebody signs in for this request; answers where the browser comes back to. */
    signIn: async (url: URL, by = browser()): Promise<URL> =>
      locationOf(await prove(by, await by.ask(`${url.pathname}${url.search}`), someone())),
    /** Somebody in front of a screen types its code, recognises it, and signs in. */
    connect: async (userCode: string): Promise<void> => {
      const by = browser()
      const form = (fields: Record<string, string>) => ({
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      })
      const page = await (await by.ask('/device', form({ user_code: userCode }))).text()
      const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
      const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
      const begun = await by.ask('/device/answer', form({ ...fields, answer: 'yes' }))
      const name = ObjectName.parse(locationOf(begun).pathname.slice('/login/'.length))
      const cookie = await digest(by.cookie(`login-${name.slice(0, 8)}`) ?? '')
      const mire = objectInteractions(env.LOGIN)
      const shown = await mire.view(name, cookie)
      if (!('view' in shown)) throw new Error(`the login is ${shown.absent}`)
      const { challenge, clientId } = shown.view
      const known = { [clientId]: 'scope_all' }
      await mire.prove(name, cookie, { challenge, authentication: someone(), known })
      const end = await by.ask(`/device/continue/${name}`)
      if (end.status !== 200) throw new Error(`not connected: ${end.status}`)
    },
    /** Delivers what waits to be sent to services. */
    deliver: async () => {
      const leaving = here.queued.splice(0).filter(({ type }) => type === 'ping' || type === 'logout')
      await deliverOnce(here.composed, leaving)
    },
    /** A professional whose phone answers the next request of a service with these digits. */
    answering: async (digits: string) => {
      const nationalId = await here.person()
      const phone = await here.phone(nationalId)
      const rung = () => here.events().filter(({ detail }) => detail === 'service: listed').length
      const before = rung()
      return {
        nationalId,
        answer: async () => {
          await ciba.until(() => rung() > before)
          await phone.tap(await ciba.request(phone), digits)
        },
      }
    },
  }
}
export type World = ReturnType<typeof world>
