import { type Specification, testsOf } from './requirement.ts'

const plan = testsOf('test/conformance/openid-foundation/rp-initiated-logout.test.ts')
const routes = testsOf('test/provider/end-session/end-session.routes.test.ts')
const parser = testsOf('test/protocol/oauth/client-metadata.test.ts')

export const rpInitiatedLogout: Specification = {
  id: 'RP-Initiated Logout',
  title: 'OpenID Connect RP-Initiated Logout 1.0',
  address: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html',
  folders: ['openid-foundation'],
  bearing: '§2 to §4 and §6. An id_token_hint is never encrypted to us, because we publish no key for it.',
  requirements: [
    {
      section: '2',
      must: 'The end session endpoint takes GET and POST',
      heldBy: [plan('RP-Initiated Logout §2: by POST as by GET')],
    },
    {
      section: '2',
      must: 'An id_token_hint is one that we issued, and counts even when it has expired',
      heldBy: [
        plan('oidcc-rp-initiated-logout-modified-id-token-hint'),
        routes('RP-Initiated Logout §4: takes a hint that expired'),
      ],
    },
    {
      section: '2',
      must: 'client_id and id_token_hint name the same client',
      heldBy: [routes('RP-Initiated Logout §2: refuses a client_id that the hint was not issued to')],
    },
    {
      section: '2',
      must: 'state comes back as it was',
      heldBy: [plan('oidcc-rp-initiated-logout: signed out'), plan('oidcc-rp-initiated-logout-no-state')],
    },
    {
      section: '2',
      must: 'The person is asked where no hint proves which session is meant, or where it is not this browser’s',
      heldBy: [
        plan('oidcc-rp-initiated-logout-no-id-token-hint'),
        plan('oidcc-rp-initiated-logout-no-params'),
        plan('oidcc-rp-initiated-logout-only-state'),
        routes('asks about the browser’s session when the hint was for another'),
      ],
    },
    {
      section: '2',
      must: 'Who says yes is signed out',
      heldBy: [routes('RP-Initiated Logout §2: asks, and ends the session on our own page’s answer')],
    },
    {
      section: '2.1',
      must: 'end_session_endpoint is in the metadata, https and without fragment',
      heldBy: [
        plan('oidcc-rp-initiated-logout-discovery-endpoint-verification'),
        testsOf('test/conformance/openid-foundation/config-op.test.ts')(
          'every endpoint is https and without fragment',
        ),
      ],
    },
    {
      section: '3',
      must: 'Nobody is sent to an address that is not registered, compared as text',
      heldBy: [
        plan('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri'),
        routes('RP-Initiated Logout §3: does not follow an address off by one character'),
        routes('RP-Initiated Logout §3: does not follow %s'),
      ],
    },
    {
      section: '3.1',
      must: 'A registered address is https, unless its client may use http',
      heldBy: [parser('RP-Initiated Logout §3.1: a post-logout address that is none')],
    },
    {
      section: '4',
      must: 'What cannot be validated is not used, and nothing that needs it happens',
      heldBy: [
        plan('oidcc-rp-initiated-logout-modified-id-token-hint'),
        plan('oidcc-rp-initiated-logout-no-id-token-hint'),
        routes('refuses %s on a page'),
      ],
    },
  ],
}
