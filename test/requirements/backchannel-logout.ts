import { type Specification, testsOf } from './requirement.ts'

const logout = testsOf('test/conformance/backchannel-logout/backchannel-logout.test.ts')
const ends = testsOf('test/conformance/backchannel-logout/ways-to-end.test.ts')
const plan = testsOf('test/conformance/openid-foundation/back-channel-logout.test.ts')
const members = testsOf('test/protocol/oauth/logout-metadata.test.ts')

export const backchannelLogout: Specification = {
  id: 'Back-Channel Logout',
  title: 'OpenID Connect Back-Channel Logout 1.0',
  address: 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
  folders: ['backchannel-logout', 'openid-foundation'],
  bearing:
    '§2 and §4. What a service checks of a logout token (§2.6, §2.7) is done by an actor of these tests.',
  requirements: [
    {
      section: '2.1',
      must: 'Where sessions are offered, sid is in ID tokens and in logout tokens',
      heldBy: [
        plan('oidcc-backchannel-rp-initiated-logout'),
        logout('§2.5: every service of a session that one of them ends, each with its own sid'),
      ],
    },
    {
      section: '2.1',
      must: 'A sid is another for each session, and only its own issuer and service know what it means',
      heldBy: [
        logout('each with its own sid and algorithm'),
        logout('one person’s hint ends neither the session nor'),
      ],
    },
    {
      section: '2.2',
      must: 'backchannel_logout_uri is absolute, https, and without fragment',
      heldBy: [
        members('Back-Channel Logout §2.2: http'),
        members('Back-Channel Logout §2.2: a fragment'),
        members('Back-Channel Logout §2.2: a relative address'),
      ],
    },
    {
      section: '2.3',
      must: 'Which services a session has been at is remembered, and all of them are told',
      heldBy: [
        logout('§2.5: every service of a session that one of them ends'),
        ends('by sign out everywhere on the phone'),
        ends('by a newer sign-in in the same browser'),
      ],
    },
    {
      section: '2.4',
      must: 'A logout token has iss, aud, iat, exp, jti and events, and sub, sid or both',
      heldBy: [
        logout('§2.4: by a token of these claims and no others'),
        plan('one logout token, which every check of §2.6 passes'),
      ],
    },
    {
      section: '2.4',
      must: 'A logout token has no nonce',
      heldBy: [
        logout('§2.4: by a token of these claims and no others'),
        plan('oidcc-backchannel-rp-initiated-logout'),
      ],
    },
    {
      section: '2.4',
      must: 'It is signed like this client’s ID tokens, and never with none',
      heldBy: [logout('each with its own sid and algorithm'), logout('attack: alg none')],
    },
    {
      section: '2.5',
      must: 'It goes as logout_token in a form posted to the registered address',
      heldBy: [plan('oidcc-backchannel-rp-initiated-logout'), logout('§2.4: by a token of these claims')],
    },
    {
      section: '2.8',
      must: 'A service that answers 200 or 204 was told, and one that answers 400 is not told again',
      heldBy: [logout('§2.8: a service that answers 204'), logout('not after %s')],
    },
    {
      section: '4',
      must: 'No other JWT of ours passes for a logout token, nor a logout token for another',
      heldBy: [
        logout('attack: an ID token in its place'),
        logout('attack: a logout token is neither an access token nor an id_token_hint here'),
      ],
    },
  ],
}
