import { expect, it } from 'vitest'
import { returnTargets } from '../../../src/provider/authorization/return-targets.ts'

const kept = (redirectUri: string) =>
  JSON.stringify({ request: { clientId: 'client', redirectUri, scope: 'openid', prompt: [], acrValues: [] } })

it('a form of the mire may end at the redirect URI of its request', () => {
  expect(returnTargets(kept('https://dossier.example/cb?x'))).toEqual(['https://dossier.example/cb?x'])
})

it('nothing but what was accepted makes a target', () => {
  expect(returnTargets('{}')).toEqual([])
})
