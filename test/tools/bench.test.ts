import { describe, expect, it } from 'vitest'
import { drive } from '../../tools/bench/drive.ts'
import { type Flavour, SERMENT, YARDSTICK } from '../../tools/bench/flavour.ts'
import { startSide } from '../../tools/bench/side.ts'

const LINES = [
  'sign-in by passkey',
  'the same by PAR, private_key_jwt, DPoP',
  'authorize, nobody signed in',
  'authorize, signed in',
  'token',
  'userinfo',
  'client_credentials',
  'refresh',
  'introspect',
  'CIBA: request, phone, tokens',
  'jwks',
  'discovery',
]

/** Names of the lines of which something was done; whatever is not answered as it should be throws. */
async function done(file: string, flavour: Flavour): Promise<string[]> {
  const side = await startSide(file)
  try {
    const measures = await drive(side, flavour, { seconds: 10, count: 3, concurrency: 2 })
    return measures.filter(({ count }) => count >= 3).map(({ name }) => name)
  } finally {
    await side.close()
  }
}

describe('the benchmark asks both sides for the same things, and all of them are answered', () => {
  it.each([
    ['Serment, the bundle of production', './serment-side.ts', SERMENT],
    ['oidc-provider', './oidc-provider-side.ts', YARDSTICK],
  ] as const)('%s', async (_side, file, flavour) => {
    expect(await done(file, flavour)).toEqual(LINES)
  })
})
