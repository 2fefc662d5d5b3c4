import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import type { SandboxEnv } from '../../src/sandbox/environment.ts'
import { objectScreen } from '../../src/sandbox/screen.object.ts'
import { CAMILLE, REQUEST } from '../mire/logins.ts'
import { mire } from '../mire/mire.ts'

const bindings = env as SandboxEnv
const { begins, needs, approvals, acquaintances, logins } = mire()
const BY = { practitioner: CAMILLE, amr: ['pop', 'user', 'swk', 'mfa', 'mca'], hardware: false }

describe('the sandbox’s hands and eyes', () => {
  const screen = objectScreen(bindings.LOGIN, {
    pages: needs.interactions,
    acquaintances,
    clock: systemClock,
  })
  it('read the screen and press what it offers', async () => {
    const visitor = await begins()
    const shown = await screen.startPhone(visitor.name)
    if (!('typedCode' in shown)) throw new Error('nothing shown')
    const paired = await approvals.pair({ code: shown.typedCode }, CAMILLE.id)
    if ('refused' in paired) throw new Error(paired.refused)
    expect(paired.approval.code).toBe(shown.dynamicCode)
    await approvals.decide(paired.approval.id, shown.dynamicCode, BY)
    expect(await screen.startPhone(visitor.name)).toMatchObject({ already: 'proved' })
    await screen.acknowledge(visitor.name)
    expect(await logins.collect(visitor.name, visitor.browser)).toMatchObject({ outcome: 'proved' })
    expect(await acquaintances.standing(CAMILLE.id, REQUEST.clientId, REQUEST.scope)).toBe('told')
    expect(await screen.startPhone(visitor.name)).toEqual({ refused: 'already-decided' })
  })
  it('are refused as the person would be', async () => {
    expect(await screen.startPhone(newObjectName(systemEntropy))).toEqual({ refused: 'gone' })
    const strict = await begins({ phishingResistant: true })
    expect(await screen.startPhone(strict.name)).toEqual({ refused: 'phone-not-accepted' })
  })
})
