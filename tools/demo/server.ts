import {
  createServer as createPlainServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { Federator, SignInFailed } from './federator.ts'
import { LogoutTokens } from './logout-tokens.ts'
import { errorPage, homePage, missingPage, signedInPage } from './pages.ts'
import type { DemoService } from './services.ts'
import { type DemoSession, DemoSessions } from './sessions.ts'
import { styles } from './styles.ts'
import { type Language, languageOf } from './words.ts'

export interface DemoServerOptions {
  readonly service: DemoService
  readonly other: { readonly service: DemoService; readonly origin: string }
  readonly origin: string
  readonly port: number
  readonly issuer: string
  readonly product: string
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string } | undefined
}

export interface DemoServer {
  close(): Promise<void>
}

/** A demonstration relying party, listening on 127.0.0.1. */
export async function startDemo(options: DemoServerOptions): Promise<DemoServer> {
  const handle = demoHandler(options)
  const { tls } = options
  const server: Server =
    tls === undefined ? createPlainServer(handle) : createTlsServer({ cert: tls.cert, key: tls.key }, handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function demoHandler(options: DemoServerOptions): RequestListener {
  const { service, origin, issuer, product, other, tls } = options
  const sessions = new DemoSessions()
  const federator = new Federator({ issuer, ca: tls?.ca, service, origin })
  const logoutTokens = new LogoutTokens({
    issuer,
    clientId: service.clientId,
    algorithm: service.idTokenAlgorithm,
    ca: tls?.ca,
  })
  // localhost's ports share one cookie jar: the names have to differ. RFC 6265 §8.5.
  const cookieName = service.clientId
  const attributes = `Path=/; HttpOnly; SameSite=Lax${tls === undefined ? '' : '; Secure'}`

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', origin)
    const cookies = cookiesOf(request)
    const asked = url.searchParams.get('lang')
    const language = languageOf(asked, cookies.get(`${cookieName}-lang`), request.headers['accept-language'])
    if (asked === language)
      response.appendHeader('set-cookie', `${cookieName}-lang=${language}; ${attributes}`)
    const found = sessions.find(cookies.get(cookieName))
    const context = {
      language,
      service,
      product,
      other: { name: other.service.name, origin: other.origin },
      path: '/',
    }

    try {
      switch (`${request.method} ${url.pathname}`) {
        case 'GET /':
        case 'GET /signed-out':
          if (found?.signedIn !== undefined && url.pathname === '/')
            return await page(response, 200, signedInPage(context, found.signedIn))
          return await page(
            response,
            200,
            homePage({ ...context, path: url.pathname }, url.pathname === '/signed-out'),
          )
        case 'GET /styles.css':
          response.setHeader('cache-control', 'max-age=300')
          return end(response, 200, 'text/css; charset=utf-8', styles)
        case 'GET /login':
          return await begin(response, language, found)
        case 'GET /callback':
          return await finish(response, url, found)
        case 'POST /refresh':
          return await refresh(response, found)
        case 'POST /logout':
          return await signOut(response, language, found)
        case 'POST /backchannel-logout':
          return await signedOutElsewhere(request, response)
        default:
          return await page(response, 404, missingPage(context))
      }
    } catch (error) {
      const failed =
        error instanceof SignInFailed
          ? error
          : new SignInFailed('other', 'internal', error instanceof Error ? error.message : String(error))
      await page(response, failed.trouble === 'unreachable' ? 502 : 400, errorPage(context, failed))
    }
  }

  const begin = async (response: ServerResponse, language: Language, found: DemoSession | undefined) => {
    const { url, state, begun } = await federator.begin(language)
    const session = found ?? sessions.open()
    sessions.remember(session, state, begun)
    response.appendHeader('set-cookie', `${cookieName}=${session.id}; ${attributes}`)
    redirect(response, url.href)
  }

  const finish = async (response: ServerResponse, url: URL, found: DemoSession | undefined) => {
    const state = url.searchParams.get('state') ?? ''
    const begun = found === undefined ? undefined : sessions.take(found, state)
    if (found === undefined || begun === undefined) throw new SignInFailed('lost', 'unknown_state', '')
    const signedIn = await federator.finish(url, state, begun)
    // A new session id for someone who is signed in now: a planted one is worth nothing.
    sessions.close(found)
    const session = sessions.open()
    session.signedIn = signedIn
    response.appendHeader('set-cookie', `${cookieName}=${session.id}; ${attributes}`)
    redirect(response, '/')
  }

  const refresh = async (response: ServerResponse, found: DemoSession | undefined) => {
    if (found?.signedIn === undefined) throw new SignInFailed('ended', 'no_session', '')
    try {
      found.signedIn = await federator.refresh(found.signedIn)
    } catch (error) {
      if (error instanceof SignInFailed && error.trouble === 'ended') sessions.close(found)
      throw error
    }
    redirect(response, '/')
  }

  const signOut = async (response: ServerResponse, language: Language, found: DemoSession | undefined) => {
    if (found?.signedIn === undefined) return redirect(response, '/')
    const url = await federator.endSession(found.signedIn, language)
    sessions.close(found)
    response.appendHeader('set-cookie', `${cookieName}=; Max-Age=0; ${attributes}`)
    redirect(response, url.href)
  }

  /** The federator says that a session ended, here or at another service (Back-Channel Logout §2.5–§2.8). */
  const signedOutElsewhere = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('cache-control', 'no-store')
    const token = new URLSearchParams(await bodyOf(request)).get('logout_token')
    const who = token === null ? undefined : await logoutTokens.read(token)
    if (who !== undefined) sessions.closeOf(who)
    response.writeHead(who === undefined ? 400 : 200).end()
  }

  const page = async (response: ServerResponse, status: number, content: ReturnType<typeof homePage>) => {
    response.setHeader('cache-control', 'no-store')
    // The form that signs out is redirected to the federator, which form-action would otherwise stop (CSP3 §6.4.1).
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${issuer}; frame-ancestors 'none'; base-uri 'none'`,
    )
    end(response, status, 'text/html; charset=utf-8', String(await content))
  }

  return (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    answer(request, response)
      .catch(() => response.destroy())
      // Nobody reads the other bodies; one that is left would keep the connection from the next request.
      .finally(() => request.resume())
  }
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

const LONGEST_BODY = 16_384

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > LONGEST_BODY) return ''
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end()
}

function cookiesOf(request: IncomingMessage): Map<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const
  })
  return new Map(pairs)
}
