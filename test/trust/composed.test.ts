import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { instant, systemClock } from '../../src/kernel/instant.ts'
import { d1Authorities } from '../../src/trust/authorities.d1.ts'
import { issuerKeyOf } from '../../src/trust/entry.ts'
import { d1Revocations } from '../../src/trust/revocations.d1.ts'
import { world } from '../actors/authorization.ts'
import { DAY, entryDer, listDer, newIssuer } from './issuers.ts'

it('the application’s cron fetches the lists, through the application’s network', async () => {
  const issuer = await newIssuer('AC UNE')
  const place = 'http://crl.example.test/une.crl'
  await d1Authorities(env.DB, systemClock).add({
    der: issuer.der,
    role: 'anchor',
    purposes: ['person'],
    range: 'STANDARD',
    environment: 'test',
    policies: [],
    crlUrls: [place],
    ocspUrl: undefined,
  })
  const now = systemClock()
  const list = await listDer(issuer, {
    thisUpdate: now,
    nextUpdate: instant(now + DAY),
    entries: [entryDer({ serial: '0b' })],
  })
  const { composed, asked } = world(async () => new Response(list))
  await composed.scheduled()
  expect(asked).toEqual([place])
  const issuerKey = await issuerKeyOf(issuer.certificate)
  expect(await d1Revocations(env.DB).standing([{ issuerKey, serial: '0b' }])).toMatchObject([
    { revoked: { reason: undefined } },
  ])
})
