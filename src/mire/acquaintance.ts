/** Services that a professional was told about: `client_id` → the scope shown then. */
export type Known = Readonly<Record<string, string>>

/**
 * Whether what was shown before covers what is asked now. `scope_all` once shown covers everything, because its list
 * was everything; `openid` and `offline_access` give no data of their own.
 */
export function covers(shown: string | undefined, asked: string): boolean {
  if (shown === undefined) return false
  const before = new Set(shown.split(' '))
  if (before.has('scope_all')) return true
  return asked
    .split(' ')
    .every((scope) => scope === '' || scope === 'openid' || scope === 'offline_access' || before.has(scope))
}

/** What to keep as shown, after `asked` was shown to someone who had been shown `before`: never less than before. */
export const widened = (before: string | undefined, asked: string): string =>
  [...new Set([...(before ?? '').split(' '), ...asked.split(' ')])].filter((scope) => scope !== '').join(' ')
