import { LoopbackClient } from './client.ts'
import { Driver } from './driver.ts'
import type { Flavour } from './flavour.ts'
import { type Bounds, type Measure, measure } from './measure.ts'
import type { Ready } from './side.ts'

/** Everything measured at one side, in the order of the table. */
export async function drive(ready: Ready, flavour: Flavour, bounds: Bounds): Promise<Measure[]> {
  const client = new LoopbackClient(ready.issuer, ready.port, bounds.concurrency)
  try {
    const driver = await Driver.at(client, ready, flavour)
    // Twice before anything is measured: code is compiled, and what is shown once has been seen.
    for (let time = 0; time < 2; time++) await driver.everyoneSignsIn(bounds.concurrency)
    await driver.signInStrictly(0)
    return [
      await measure('sign-in by passkey', bounds, (i) => driver.signIn(i)),
      await measure('the same by PAR, private_key_jwt, DPoP', bounds, (i) => driver.signInStrictly(i)),
      await measure('authorize, nobody signed in', bounds, () => driver.authorizeAnew()),
      ...(await driver.codesAndTokens(bounds)),
      await measure('userinfo', bounds, (i) => driver.userinfo(i)),
      await measure('client_credentials', bounds, () => driver.clientCredentials()),
      ...(await serverHolds(driver, bounds)),
      await measure('CIBA: request, phone, tokens', bounds, (i) => driver.backchannel(i)),
      await measure('jwks', bounds, () => driver.jwks()),
      await measure('discovery', bounds, () => driver.discovery()),
    ]
  } finally {
    client.close()
  }
}

/** What a server does with tokens that it holds. */
async function serverHolds(driver: Driver, bounds: Bounds): Promise<Measure[]> {
  await driver.serverSignsIn(bounds.concurrency)
  return [
    await measure('refresh', bounds, () => driver.refresh()),
    await measure('introspect', bounds, (i) => driver.introspect(i)),
  ]
}
