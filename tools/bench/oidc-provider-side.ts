import { createServer, type IncomingMessage } from 'node:http'
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { base64url, exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { freePort } from '../ports.ts'
import { makePasskey, type Pair } from './passkeys.ts'
import { CLIENT, PEOPLE, serveUntilDisconnected } from './side.ts'

// The yardstick: oidc-provider with its own memory adapter, and a sign-in that does the same cryptographic work.

const port = await freePort()
const issuer = `http://localhost:${port}`
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const pairs: Pair[] = []
for (let i = 0; i < PEOPLE; i++) pairs.push(await makePasskey(issuer))
const accounts = new Map(
  pairs.map((pair, i) => [pair.held.id, { accountId: `person-${i}`, kept: pair.kept }]),
)
const challenges = new Map<string, string>()

const claims = { given_name: 'CAMILLE', family_name: 'EXEMPLE', preferred_username: '899700900012' }

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [CLIENT.redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  cookies: { keys: ['bench-only'] },
  claims: { openid: ['sub'], profile: Object.keys(claims) },
  features: { devInteractions: { enabled: false } },
  findAccount: (_context: unknown, accountId: string) => ({
    accountId,
    claims: () => ({ sub: accountId, ...claims }),
  }),
  interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  // No page of consent: Serment shows what is shared once, and the people here have seen it.
  loadExistingGrant: async (context: Parameters<Parameters<Provider['use']>[0]>[0]) => {
    const { client, session, provider: op } = context.oidc
    const known = session.grantIdFor(client.clientId)
    const kept = known === undefined ? undefined : await op.Grant.find(known)
    if (kept !== undefined) return kept
    const grant = new op.Grant({ accountId: session.accountId, clientId: client.clientId })
    grant.addOIDCScope('openid profile')
    await grant.save()
    return grant
  },
})

provider.use(async (context, next) => {
  if (!context.path.startsWith('/interaction/')) {
    await next()
    return
  }
  const { uid } = await provider.interactionDetails(context.req, context.res)
  if (context.method === 'GET') {
    const challenge = base64url.encode(crypto.getRandomValues(new Uint8Array(32)))
    challenges.set(uid, challenge)
    context.body = { challenge }
    return
  }
  const { assertion }: { assertion: AuthenticationResponseJSON } = JSON.parse(await textOf(context.req))
  const account = accounts.get(assertion.id)
  const challenge = challenges.get(uid)
  challenges.delete(uid)
  if (account === undefined || challenge === undefined) throw new Error('unknown passkey or challenge')
  const { verified } = await verifyAuthenticationResponse({
    response: assertion,
    expectedChallenge: challenge,
    expectedOrigin: issuer,
    expectedRPID: new URL(issuer).hostname,
    credential: account.kept,
  })
  if (!verified) throw new Error('not verified')
  context.body = {
    next: await provider.interactionResult(context.req, context.res, {
      login: { accountId: account.accountId },
    }),
  }
})

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const server = createServer(provider.callback())
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

serveUntilDisconnected({ issuer, port, credentials: pairs.map(({ held }) => held) }, async () => {
  server.closeAllConnections()
  server.close()
})
