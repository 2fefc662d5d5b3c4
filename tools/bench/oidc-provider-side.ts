import { createServer, type IncomingMessage } from 'node:http'
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { base64url, exportJWK, generateKeyPair } from 'jose'
import Provider, { type BackchannelRequest, type KoaContext } from 'oidc-provider'
import { createDeviceKey } from '../../src/sandbox/device-key.ts'
import { freePort } from '../ports.ts'
import { makePasskey, type Pair, serviceKeys } from './keys.ts'
import { registered } from './registered.ts'
import { PEOPLE, type Person, serveUntilDisconnected } from './side.ts'

// The yardstick: oidc-provider with its own memory adapter, and a sign-in that does the same cryptographic work.

const port = await freePort()
const issuer = `http://localhost:${port}`
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const keys = await serviceKeys()
const people: Person[] = []
/** By the credential of their passkey. */
const accounts = new Map<string, { readonly accountId: string; readonly kept: Pair['kept'] }>()
for (let i = 0; i < PEOPLE; i++) {
  const { held, kept } = await makePasskey(issuer)
  const accountId = `person-${i}`
  people.push({ credential: held, device: await createDeviceKey(), hint: accountId })
  accounts.set(held.id, { accountId, kept })
}
/** What the login page asked to be signed, by its interaction. */
const challenges = new Map<string, string>()
/** What waits on a phone, by its owner. */
const waiting = new Map<string, { readonly id: string; readonly challenge: string }>()

const newChallenge = () => base64url.encode(crypto.getRandomValues(new Uint8Array(32)))

const claims = { given_name: 'CAMILLE', family_name: 'EXEMPLE', preferred_username: '899700900012' }

const provider = new Provider(issuer, {
  clients: registered(keys.publicJwk).map(({ id, secret, metadata }) => ({
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...metadata,
  })),
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  cookies: { keys: ['bench-only'] },
  claims: { openid: ['sub'], profile: Object.keys(claims) },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: {
      enabled: true,
      nonceSecret: crypto.getRandomValues(Buffer.alloc(32)),
      // As Serment does.
      requireNonce: () => true,
    },
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      processLoginHint: async (_context: unknown, hint: string) => hint,
      validateBindingMessage: async () => {},
      validateRequestContext: async () => {},
      verifyUserCode: async () => {},
      triggerAuthenticationDevice: async (_context: unknown, { jti, accountId }: BackchannelRequest) => {
        waiting.set(accountId, { id: jti, challenge: newChallenge() })
      },
    },
  },
  // Serment gives one to whoever is registered for it, and a new one each time.
  issueRefreshToken: async (_context: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
    client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  findAccount: (_context: unknown, accountId: string) => ({
    accountId,
    claims: () => ({ sub: accountId, ...claims }),
  }),
  interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  // No page of consent: Serment shows what is shared once, and the people here have seen it.
  loadExistingGrant: async (context: KoaContext) => {
    const { client, session, provider: op } = context.oidc
    const known = session.grantIdFor(client.clientId)
    return (known === undefined ? undefined : await op.Grant.find(known)) ?? granted(session, client)
  },
})

provider.use(async (context, next) => {
  if (context.path.startsWith('/interaction/')) await interaction(context)
  else if (context.path.startsWith('/phone/')) await phone(context, context.path.slice('/phone/'.length))
  else await next()
})

/** The login page, and what its script sends. */
async function interaction(context: KoaContext): Promise<void> {
  const { uid } = await provider.interactionDetails(context.req, context.res)
  if (context.method === 'GET') {
    const challenge = newChallenge()
    challenges.set(uid, challenge)
    context.body = { challenge }
    return
  }
  const { assertion }: { assertion: AuthenticationResponseJSON } = JSON.parse(await textOf(context.req))
  const challenge = challenges.get(uid)
  challenges.delete(uid)
  const accountId = await verified(assertion, challenge)
  context.body = {
    next: await provider.interactionResult(context.req, context.res, { login: { accountId } }),
  }
}

/** What waits on somebody's phone, and the yes that it sends. */
async function phone(context: KoaContext, owner: string): Promise<void> {
  const request = waiting.get(owner)
  if (context.method === 'GET') {
    context.body = { request }
    return
  }
  const sent: { id: string; assertion: AuthenticationResponseJSON } = JSON.parse(await textOf(context.req))
  if (request?.id !== sent.id) throw new Error('no such request')
  waiting.delete(owner)
  const accountId = await verified(sent.assertion, request.challenge)
  const asked = await provider.BackchannelAuthenticationRequest.find(sent.id)
  if (asked?.accountId !== accountId) throw new Error('the request of somebody else')
  await provider.backchannelResult(asked, await granted(asked, asked))
  context.body = {}
}

/** Whose passkey answered the challenge. */
async function verified(assertion: AuthenticationResponseJSON, challenge?: string): Promise<string> {
  const account = accounts.get(assertion.id)
  if (account === undefined || challenge === undefined) throw new Error('unknown passkey or challenge')
  const { verified: right } = await verifyAuthenticationResponse({
    response: assertion,
    expectedChallenge: challenge,
    expectedOrigin: issuer,
    expectedRPID: new URL(issuer).hostname,
    credential: account.kept,
  })
  if (!right) throw new Error('not verified')
  return account.accountId
}

async function granted(
  { accountId }: { readonly accountId: string },
  { clientId }: { readonly clientId: string },
) {
  const grant = new provider.Grant({ accountId, clientId })
  grant.addOIDCScope('openid profile')
  await grant.save()
  return grant
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const server = createServer(provider.callback())
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

serveUntilDisconnected({ issuer, port, people, serviceKey: keys.privateJwk }, async () => {
  server.closeAllConnections()
  server.close()
})
