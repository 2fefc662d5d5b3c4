import { cors } from 'hono/cors'

/**
 * For an endpoint that public clients call from browsers, whatever page they stand on. What it answers to is what the
 * request carries, never a cookie; a script may read the nonce for its next proof (RFC 9449 §8.1) and the challenge.
 */
export const anyOrigin = (...methods: readonly ('GET' | 'POST')[]) =>
  cors({
    origin: '*',
    allowMethods: [...methods],
    allowHeaders: ['Authorization', 'Content-Type', 'DPoP'],
    exposeHeaders: ['DPoP-Nonce', 'WWW-Authenticate'],
  })
