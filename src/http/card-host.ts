import type { MiddlewareHandler } from 'hono'

/**
 * Keeps the host that asks for client certificates apart from all others. On it only what needs a certificate answers:
 * `/card/…`, and the endpoints that services call themselves (RFC 8705 §5). Elsewhere `/card/…` does not exist, so a
 * certificate is never looked for on a connection that was not asked for one.
 */
export function cardHost({
  origins,
  issuer,
  endpoints,
}: {
  readonly origins: readonly string[]
  readonly issuer: string
  /** Paths of the endpoints that services call, and of whole APIs. */
  readonly endpoints: readonly string[]
}): MiddlewareHandler {
  const hosts = new Set(origins.map((origin) => new URL(origin).host))
  return async (context, next) => {
    const forCards = context.req.path.startsWith('/card/')
    if (!hosts.has(new URL(context.req.url).host)) return forCards ? context.notFound() : next()
    const { path } = context.req
    if (forCards || endpoints.some((one) => path === one || path.startsWith(`${one}/`))) return next()
    // Somebody who typed the name of this host: the way in is the other one.
    return context.req.path === '/'
      ? context.redirect(issuer, 302)
      : context.json({ error: 'not_found' }, 404)
  }
}
