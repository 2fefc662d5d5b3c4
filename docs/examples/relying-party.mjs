// A relying party that registers itself, signs a robot in, and reads who it is: the whole walk, without a human.
//   ISSUER=http://localhost:8787 NATIONAL_ID=… node docs/examples/relying-party.mjs
import * as client from 'openid-client'

const issuer = new URL(process.env.ISSUER ?? 'http://localhost:8787')
const redirectUri = 'http://localhost:3000/callback'
// openid-client wants https; a sandbox on localhost has none to offer.
const options = issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}

// 1. Register (sandbox only; RFC 7591) and discover. With a client_id already: client.discovery(issuer, id, secret).
const metadata = {
  client_name: 'Mon service',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
}
const config = await client.dynamicClientRegistration(issuer, metadata, undefined, options)

// 2. Send the browser to the authorization endpoint.
const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedState = client.randomState()
const expectedNonce = client.randomNonce()
const authorizationUrl = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: 'openid scope_all',
  acr_values: 'eidas1',
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
})

// 3. Where a person would sign in, a robot does. `open` is a browser of four lines: a cookie jar that does not follow.
const cookies = new Map()
async function open(url) {
  const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  const response = await fetch(url, { headers, redirect: 'manual' })
  for (const cookie of response.headers.getSetCookie()) cookies.set(...cookie.split(';')[0].split(/=(.*)/s))
  return new URL(response.headers.get('location') ?? fail(`${url} answered ${response.status}`), url)
}

const people = await call('GET', '/sandbox/people')
const nationalId =
  process.env.NATIONAL_ID ??
  people.people.find((one) => one.contactable && one.status === 'active').nationalId
const robot = await call('POST', '/sandbox/robots', { nationalId, behaviour: 'approve' })
const mire = await open(authorizationUrl)
const { continueUrl } = await call('POST', `/sandbox/robots/${robot.id}/sign-in`, { url: mire.href })
const callback = await open(continueUrl)

// 4. Exchange the code. openid-client checks state, iss, nonce, signature, audience and times.
const tokens = await client.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
})
const { sub } = tokens.claims() ?? fail('no ID token')
const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub)
console.log(
  JSON.stringify({
    sub,
    nationalId: userinfo.SubjectNameID,
    name: `${userinfo.given_name} ${userinfo.family_name}`,
    means: userinfo.authMode,
  }),
)

async function call(method, path, body) {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(new URL(path, issuer), { method, ...init })
  return response.ok ? response.json() : fail(`${path}: ${response.status} ${await response.text()}`)
}

function fail(why) {
  throw new Error(why)
}
