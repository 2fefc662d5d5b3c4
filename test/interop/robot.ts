import type { CookieJar } from './cookie-jar.ts'

/** A test professional of the sandbox, driven as a relying party's CI would. */
export interface Robot {
  readonly id: string
}

const json = { 'content-type': 'application/json' }

export async function robot(
  origin: string,
  nationalId: string,
  behaviour: 'approve' | 'deny' | 'wrong-code' | 'ignore' = 'approve',
  fetcher: typeof fetch = fetch,
): Promise<Robot> {
  const response = await fetcher(`${origin}/sandbox/robots`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ nationalId, behaviour }),
  })
  if (response.status !== 201) throw new Error(`no robot: ${response.status} ${await response.text()}`)
  return (await response.json()) as Robot
}

/** From the relying party's authorization URL to the callback, without a human. */
export async function signIn(
  origin: string,
  professional: Robot,
  authorizationUrl: URL,
  jar: CookieJar,
  fetcher: typeof fetch = fetch,
): Promise<URL> {
  const mire = await jar.redirect(authorizationUrl)
  const response = await fetcher(`${origin}/sandbox/robots/${professional.id}/sign-in`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ url: mire.href }),
  })
  if (!response.ok) throw new Error(`robot: ${response.status} ${await response.text()}`)
  const { continueUrl } = (await response.json()) as { continueUrl: string }
  return jar.redirect(continueUrl)
}
