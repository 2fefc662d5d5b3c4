import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

/**
 * Our cookies. Under https each has the `__Host-` prefix (Secure, no Domain, Path=/). Under the sandbox's
 * http://localhost the prefix and `Secure` are left out, because cookie jars of test clients do not all treat
 * localhost as secure; settings refuse http anywhere else.
 */
export interface Cookies {
  read(context: Context, name: string): string | undefined
  write(context: Context, name: string, value: string, maxAge: number, sameSite?: 'Lax' | 'Strict'): void
  clear(context: Context, name: string): void
}

export function cookies(secure: boolean): Cookies {
  const full = (name: string) => (secure ? `__Host-${name}` : name)
  const write: Cookies['write'] = (context, name, value, maxAge, sameSite = 'Lax') =>
    setCookie(context, full(name), value, { path: '/', httpOnly: true, secure, sameSite, maxAge })
  return {
    read: (context, name) => getCookie(context, full(name)),
    write,
    clear: (context, name) => write(context, name, '', 0),
  }
}
