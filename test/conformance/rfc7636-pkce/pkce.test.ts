import { beforeAll, describe, expect, it } from 'vitest'
import { clientKey } from '../../actors/keyed-client.ts'
import {
  answerOf,
  authorize,
  CHALLENGE,
  type Client,
  codeFor,
  fetch,
  issuer,
  locationOf,
  newBrowser,
  Person,
  REDIRECT_URI,
  redemption,
  registered,
  request,
  throughMire,
  token,
  userinfo,
  VERIFIER,
} from '../federator.ts'

let client: Client
let open: Client
let person: Person
beforeAll(async () => {
  client = await registered()
  open = await registered({ token_endpoint_auth_method: 'none' })
  person = await Person.who()
})

const without = { code_challenge: undefined, code_challenge_method: undefined }

describe('RFC 7636: grants', () => {
  it('§4.6, app. B: tokens for a code and its verifier, to a confidential and a public client', async () => {
    for (const of of [client, open]) {
      const code = await codeFor(of, person, { code_challenge: CHALLENGE })
      const { status, body } = await token(of, redemption(code, { code_verifier: VERIFIER }))
      expect(status).toBe(200)
      expect((await userinfo(body.access_token)).status).toBe(200)
    }
  })

  it('§4.4: a code that says nothing of its challenge', async () => {
    const browser = newBrowser()
    const { answer } = await throughMire(browser, await authorize(browser, request(client)), person)
    expect(Object.keys(answer).sort()).toEqual(['code', 'iss', 'state'])
    expect(answer.code).not.toContain(CHALLENGE)
    expect(answer.code).not.toContain(VERIFIER)
  })
})

it('RFC 8414 §2, RFC 9700 §2.1.1: the metadata say that S256 is supported, and nothing else', async () => {
  const response = await fetch(new Request(`${issuer}/.well-known/oauth-authorization-server`))
  expect(await response.json()).toMatchObject({ code_challenge_methods_supported: ['S256'] })
})

describe('RFC 7636 at the authorization endpoint: refuses', () => {
  const refused = async (to: Client, change: Record<string, string | undefined>) => {
    const response = await authorize(newBrowser(), request(to, change))
    expect(response.status).toBe(303)
    expect(locationOf(response).origin + locationOf(response).pathname).toBe(REDIRECT_URI)
    const { error, error_description, state, iss } = answerOf(response)
    expect({ error, state, iss }).toEqual({ error: 'invalid_request', state: 'the state', iss: issuer })
    return error_description
  }

  it('§4.4.1, RFC 9700 §2.1.1: PKCE missing where it is required, of a public client', async () => {
    await refused(open, without)
  })

  it('§4.4.1, RFC 9700 §2.1.1: PKCE missing where it is required, of a strict client', async () => {
    const { jwk } = await clientKey()
    await refused(await registered({ serment_profile: 'strict', jwks: { keys: [jwk] } }), without)
  })

  it.each([
    ['said', 'plain'],
    ['meant by saying nothing', undefined],
  ])('§4.3, RFC 9700 §2.1.1: plain, %s', async (_, code_challenge_method) => {
    for (const to of [client, open]) await refused(to, { code_challenge_method })
  })

  it.each([
    ['too short', CHALLENGE.slice(1)],
    ['padded', `${CHALLENGE}=`],
    ['of other characters', CHALLENGE.replace('-', '+')],
  ])('§4.2: a challenge %s', async (_, code_challenge) => {
    await refused(client, { code_challenge })
  })
})

describe('RFC 7636 at the token endpoint: refuses', () => {
  it.each([
    ['§4.6: a wrong verifier', 'x'.repeat(43)],
    ['§4.6: a verifier with one character changed', `e${VERIFIER.slice(1)}`],
    ['§4.6: the challenge as its own verifier', CHALLENGE],
    ['§4.1: a verifier too short', VERIFIER.slice(1)],
    ['§4.5: no verifier', ''],
  ])('%s', async (_, code_verifier) => {
    for (const of of [client, open]) {
      const code = await codeFor(of, person)
      expect(await token(of, redemption(code, { code_verifier }))).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    }
  })

  it('RFC 9700 §4.8.2: a verifier without a challenge', async () => {
    const code = await codeFor(client, person, without)
    expect(await token(client, redemption(code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
})
