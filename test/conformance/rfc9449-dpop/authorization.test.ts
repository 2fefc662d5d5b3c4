import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { d1Acquaintances } from '../../../src/mire/acquaintances.d1.ts'
import { anEntry, inDirectory } from '../../actors/directory.ts'
import { ProofKey } from '../../actors/proof.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
const { issuer } = desk
let key: ProofKey
let other: ProofKey
let nonce: string
let service: Service
let cookie: string
beforeAll(async () => {
  key = await ProofKey.make()
  other = await ProofKey.make()
  nonce = await desk.nonce(key)
  service = await desk.service({ subject_type: 'pairwise' })
  const entry = anEntry()
  await inDirectory(entry)
  const { id } = entry.practitioner
  await d1Acquaintances(env.DB).remember(
    id,
    ClientId.parse(service.clientId),
    'openid scope_all',
    systemClock(),
  )
  cookie = (await service.signIn()).cookie
})

/** Where the browser of somebody who is signed in is sent. */
async function authorize(more: Record<string, string>): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: service.clientId,
    redirect_uri: REDIRECT_URI,
    scope: 'openid scope_all',
    ...more,
  })
  const headers = { cookie: `session=${cookie}`, accept: 'text/html' }
  const response = await desk.fetch(`/authorize?${query}`, { redirect: 'manual' }, { headers })
  return new URL(response.headers.get('location') ?? '', issuer).searchParams
}

async function redeem(code: string | null, by: ProofKey | undefined) {
  const dpop = by === undefined ? {} : { dpop: await by.prove({ url: `${issuer}/token`, nonce }) }
  const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: REDIRECT_URI }
  const headers = { authorization: service.authorization, ...dpop }
  const response = await desk.token(form, { headers })
  return response.json<{ error?: string; token_type?: string; id_token: string }>()
}

describe('RFC 9449 §10: dpop_jkt at the authorization endpoint', () => {
  it('gives a code to whoever holds the key', async () => {
    const { thumbprint } = key
    const code = (await authorize({ dpop_jkt: thumbprint })).get('code')
    expect((await redeem(code, key)).token_type).toBe('DPoP')
  })
  it.each([
    ['another key', () => other],
    ['no key', () => undefined],
  ])('attack: a code injected into a client with %s is worth nothing', async (_, by) => {
    const code = (await authorize({ dpop_jkt: key.thumbprint })).get('code')
    expect((await redeem(code, by())).error).toBe('invalid_grant')
    expect((await redeem(code, key)).error).toBe('invalid_grant')
  })
  it('refuses what is no thumbprint', async () => {
    expect((await authorize({ dpop_jkt: 'abc' })).get('error')).toBe('invalid_request')
  })
})

describe('OIDC Core §3.1.2.1, §8.1: an id_token_hint with a pairwise sub', () => {
  it('is recognised as the person who is signed in', async () => {
    const { id_token: hint } = await redeem((await authorize({})).get('code'), undefined)
    expect((await authorize({ id_token_hint: hint, prompt: 'none' })).get('code')).toMatch(/./)
  })
})
