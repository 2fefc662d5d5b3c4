import type { Digest } from '../kernel/digest.ts'
import { LoginObject as OfProduction } from '../mire/login.object.ts'

/** A login as in production that also says whose browser it is: the robots have the hands and eyes, not the cookie. */
export class LoginObject extends OfProduction {
  override begin(input: Parameters<OfProduction['begin']>[0]): void {
    super.begin(input)
    this.ctx.storage.kv.put('browser', input.browser)
  }

  browser(): Digest | undefined {
    return this.ctx.storage.kv.get<Digest>('browser')
  }
}
