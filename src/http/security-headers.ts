import type { Context, MiddlewareHandler } from 'hono'
import { NONCE, secureHeaders } from 'hono/secure-headers'

/** What a page may reach beside its own origin; nothing unless it is named. */
export interface Reach {
  /**
   * The URLs where a form of this page may go. Chromium applies `form-action` to redirects after it too, as far as a
   * service may lead: a form of ours therefore ends on a page of ours that leads on by itself (`Refresh`).
   */
  readonly formEnds?: readonly string[]
  /** Origins that it may embed: where services are signed out of. */
  readonly frames?: readonly string[]
  /** Origins that its script may ask: the host of the card. */
  readonly connects?: readonly string[]
}

/** Headers of every page that the Worker renders. */
export function pageHeaders(
  secure: boolean,
  { formEnds = [], frames = [], connects = [] }: Reach = {},
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: [NONCE, "'strict-dynamic'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", ...connects],
      manifestSrc: ["'self'"],
      formAction: ["'self'", ...formEnds.map(formTarget)],
      ...(frames.length === 0 ? {} : { frameSrc: [...frames] }),
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    // A page that opened ours in a pop-up loses its hold on it, and we on it: signing in is a redirect of the whole
    // window (RFC 6749 §4.1). Signing in inside a pop-up that reports to its opener is not supported, on purpose.
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    originAgentCluster: '?1',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: secure ? 'max-age=63072000; includeSubDomains; preload' : false,
    xContentTypeOptions: 'nosniff',
    xFrameOptions: 'DENY',
    permissionsPolicy: {
      publickeyCredentialsGet: ['self'],
      camera: [],
      microphone: [],
      geolocation: [],
    },
  })
}

/** The headers of pages around one answer, for where a form may end is known only once there is one. */
export async function withPageHeaders(
  context: Context,
  secure: boolean,
  reach: Reach,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  await pageHeaders(secure, reach)(context, async () => {
    context.res = await answer()
  })
  return context.res
}

/**
 * How CSP writes a place where a form may end (CSP3 §6.4.2): the origin of that URL, or its scheme where there is no
 * origin (`org.example.app:`) or CSP cannot write it (IPv6).
 */
export function formTarget(url: string): string {
  const { origin, protocol, hostname } = new URL(url)
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin
}
