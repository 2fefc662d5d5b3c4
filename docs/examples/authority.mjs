// A registration authority that blocks a lost card, sees what stands against somebody's cards, and lifts a block.
//   node docs/examples/authority.mjs block NATIONAL_ID REASON [CARD] | search NATIONAL_ID | lift BLOCK
// With ISSUER, CLIENT_ID and CLIENT_SECRET in the environment; without the last two it registers itself, which only a
// sandbox allows.
import * as client from 'openid-client'

const issuer = new URL(process.env.ISSUER ?? 'http://localhost:8787')
const options = issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}
const { CLIENT_ID, CLIENT_SECRET } = process.env
const config =
  CLIENT_ID === undefined
    ? await client.dynamicClientRegistration(
        issuer,
        {
          client_name: 'Autorité d’enregistrement',
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [],
          scope: 'authority',
          serment_authority: true,
        },
        undefined,
        options,
      )
    : await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, options)

// 1. A token of the authority's own, bound to a key that only this process has (RFC 9449).
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
const { access_token } = await client.clientCredentialsGrant(config, { scope: 'authority' }, { DPoP })

// 2. What to do with it. Persons and cards travel in bodies: addresses are kept in logs.
const [command, subject, reason, card] = process.argv.slice(2)
const [path, body] =
  command === 'block'
    ? ['', { national_id: subject, reason, ...(card === undefined ? {} : { card }) }]
    : command === 'search'
      ? ['/search', { national_id: subject }]
      : [`/${subject}/lift`, {}]
const response = await client.fetchProtectedResource(
  config,
  access_token,
  new URL(`/authority/card-blocks${path}`, issuer),
  'POST',
  JSON.stringify(body),
  new Headers({ 'content-type': 'application/json' }),
  { DPoP },
)
console.log(JSON.stringify(await response.json()))
process.exitCode = response.ok ? 0 : 1
