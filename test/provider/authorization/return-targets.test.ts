import { expect, it } from 'vitest'
import { returnTargets } from '../../../src/provider/authorization/return-targets.ts'

const kept = (redirectUri: string) =>
  JSON.stringify({ request: { clientId: 'client', redirectUri, scope: 'openid', prompt: [], acrValues: [] } })

it.each([
  ['https://dossier.example/cb?x', 'https://dossier.example'],
  ['http://localhost:8788/cb', 'http://localhost:8788'],
  ['http://[::1]:8788/cb', 'http:'],
  ['org.example.app:/cb', 'org.example.app:'],
])('CSP3 §6.4.2: an answer to %s may end at %s', (redirectUri, target) => {
  expect(returnTargets(kept(redirectUri))).toEqual([target])
})

it('CSP3 §6.4.2: nothing but what was accepted makes a target', () => {
  expect(() => returnTargets('{}')).toThrow()
})
