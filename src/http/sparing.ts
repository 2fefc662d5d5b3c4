import type { Context, MiddlewareHandler } from 'hono'

/** Whether `who` may try once more now. The answer may come from a counter of this place alone, not of the world. */
export type Attempts = (who: string) => Promise<boolean>

/**
 * Limits how often one network address asks for something that costs us or somebody a message. It is a coarse sieve in
 * front of the exact budgets, which are counted by person. Without an address (calls inside this Worker) nothing is
 * counted; the address is not kept.
 */
export const sparing =
  (attempts: Attempts, refused: (context: Context) => Response | Promise<Response>): MiddlewareHandler =>
  async (context, next) => {
    // Set by the edge, which overwrites whatever a client sends under this name.
    const address = context.req.header('cf-connecting-ip')
    if (address === undefined || (await attempts(`${context.req.path} ${address}`))) return next()
    context.header('Retry-After', '60')
    context.header('Cache-Control', 'no-store')
    return refused(context)
  }
