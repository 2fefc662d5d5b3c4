import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import {
  answer,
  authorize,
  CHALLENGE,
  prove,
  request,
  someone,
  VERIFIER,
} from '../../actors/authorization.ts'
import { Browser } from '../../actors/browser.ts'
import { KeyedClient } from '../../actors/keyed-client.ts'
import { ProofKey, type ProofOf } from '../../actors/proof.ts'
import { REDIRECT_URI } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

export interface Granted {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly token_type: string
  readonly scope: string
}

/** What a step of the flow may have otherwise; `undefined` leaves something out. */
export interface Otherwise {
  readonly form?: Record<string, string | undefined>
  /** Claims of the client assertion. */
  readonly assertion?: Record<string, unknown>
  /** `null` for no proof at all. */
  readonly proof?: ProofOf | null
  readonly key?: ProofKey
}

const present = (form: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
export const seconds = () => Math.floor(Date.now() / 1000)
export const refusal = async (response: Response): Promise<string> =>
  `${response.status} ${(await response.json<{ error: string }>()).error}`

/** The composed application as strict clients use it: private_key_jwt, PAR, PKCE and DPoP. */
export async function strictFlow() {
  const desk = tokenDesk()
  const { issuer, composed } = desk
  const key = await ProofKey.make()
  const nonce = await desk.nonce(key)
  const fetch = async (sent: Request) => composed.app.fetch(sent, env)
  const browser = () => new Browser(issuer, fetch)

  /** A request as these plans send it. */
  const asked = (client: KeyedClient, more: Record<string, string | undefined> = {}) =>
    present({
      ...request(client.service, {
        scope: 'openid profile',
        code_challenge: CHALLENGE,
        code_challenge_method: 'S256',
      }),
      ...more,
    })
  const proofFor = (url: string, { proof = {}, key: by = key }: Otherwise) =>
    proof === null ? {} : by.prove({ url, nonce, ...proof }).then((dpop) => ({ dpop }))

  async function push(
    client: KeyedClient,
    sent: Record<string, string>,
    { form = {}, assertion, ...otherwise }: Otherwise = { proof: null },
  ): Promise<Response> {
    const headers = await proofFor(`${issuer}/par`, otherwise)
    return desk.post('/par', present({ ...sent, ...(await client.proved(assertion)), ...form }), { headers })
  }
  async function pushed(client: KeyedClient, sent: Record<string, string>, otherwise?: Otherwise) {
    const response = await push(client, sent, otherwise)
    expect(response.status, await response.clone().text()).toBe(201)
    const body = await response.json<{ request_uri: string; expires_in: number }>()
    return body.request_uri
  }
  const arrive = (client: KeyedClient, uri: string, in_ = browser(), more: Record<string, string> = {}) =>
    authorize(in_, { client_id: client.clientId, request_uri: uri, ...more })

  /** From the push to what comes back to the service. */
  async function answered(client: KeyedClient, sent: Record<string, string>, otherwise?: Otherwise) {
    const in_ = browser()
    const uri = await pushed(client, sent, otherwise)
    return prove(in_, await arrive(client, uri, in_), someone())
  }
  async function code(client: KeyedClient, more: Record<string, string | undefined> = {}) {
    const back = answer(await answered(client, asked(client, more)))
    expect(back).toMatchObject({ code: expect.any(String), iss: issuer })
    return back.code ?? ''
  }
  async function token(client: KeyedClient, form: Record<string, string>, otherwise: Otherwise = {}) {
    const headers = await proofFor(`${issuer}/token`, otherwise)
    const proved = await client.proved(otherwise.assertion)
    return desk.token(present({ ...form, ...proved, ...otherwise.form }), { headers })
  }
  const redeem = (client: KeyedClient, given: string, otherwise: Otherwise = {}) =>
    token(
      client,
      { grant_type: 'authorization_code', code: given, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER },
      otherwise,
    )
  async function granted(client: KeyedClient, more: Record<string, string | undefined> = {}) {
    const response = await redeem(client, await code(client, more))
    expect(response.status, await response.clone().text()).toBe(200)
    return response.json<Granted>()
  }
  /** A call of the resource: `change` is what is wrong with its proof. */
  async function resource(
    accessToken: string,
    change: ProofOf & { readonly key?: ProofKey; readonly scheme?: string; readonly header_?: string } = {},
  ): Promise<Response> {
    const { key: by = key, scheme = 'DPoP', header_: name = 'dpop', ...proof } = change
    const dpop = await by.prove({ method: 'GET', url: `${issuer}/userinfo`, accessToken, nonce, ...proof })
    const headers = { authorization: `${scheme} ${accessToken}`, [name]: dpop }
    return desk.fetch('/userinfo', {}, { headers })
  }

  return {
    desk,
    issuer,
    key,
    nonce,
    browser,
    asked,
    push,
    pushed,
    arrive,
    answered,
    code,
    token,
    redeem,
    granted,
    resource,
    client: (metadata: Record<string, unknown> = {}, alg?: string) =>
      KeyedClient.register(desk, metadata, alg),
    metadata: async () =>
      (await desk.fetch('/.well-known/openid-configuration', {}, {})).json<Record<string, unknown>>(),
  }
}
