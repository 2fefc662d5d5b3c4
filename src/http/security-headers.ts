import type { Context, MiddlewareHandler } from 'hono'
import { NONCE, secureHeaders } from 'hono/secure-headers'

/**
 * Headers of every page that the Worker renders. `formTargets` are the origins (or schemes) where a form of this
 * page may end after redirects: Chromium applies `form-action` to those too, so the relying party's is named. `frames`
 * are the origins that it may embed: none, but where services are signed out of.
 */
export function pageHeaders(
  secure: boolean,
  formTargets: readonly string[] = [],
  frames: readonly string[] = [],
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: [NONCE, "'strict-dynamic'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'", ...formTargets],
      ...(frames.length === 0 ? {} : { frameSrc: [...frames] }),
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
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
  formTargets: readonly string[],
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  await pageHeaders(secure, formTargets)(context, async () => {
    context.res = await answer()
  })
  return context.res
}
