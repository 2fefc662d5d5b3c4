import { expect, it } from 'vitest'
import { fetch, issuer, scheduled } from '../federator.ts'

it('OIDC Core §10.1.1: what is scheduled turns the keys though nobody asks for them', async () => {
  await scheduled()
  const { keys } = await (await fetch(new Request(`${issuer}/jwks`))).json<{ keys: unknown[] }>()
  expect(keys.length).toBeGreaterThanOrEqual(4)
})
