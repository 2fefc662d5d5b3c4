import { type Specification, testsOf } from './requirement.ts'

const logout = testsOf('test/conformance/frontchannel-logout/frontchannel-logout.test.ts')
const members = testsOf('test/protocol/oauth/logout-metadata.test.ts')
const journey = testsOf('test/journeys/front-channel-logout.test.ts')

export const frontchannelLogout: Specification = {
  id: 'Front-Channel Logout',
  title: 'OpenID Connect Front-Channel Logout 1.0',
  address: 'https://openid.net/specs/openid-connect-frontchannel-1_0.html',
  folders: ['frontchannel-logout'],
  bearing: '§2 and §3.',
  requirements: [
    {
      section: '2',
      must: 'frontchannel_logout_uri has the scheme, host and port of one of the client’s redirect URIs',
      heldBy: [
        members('Front-Channel Logout §2: another host'),
        members('Front-Channel Logout §2: another port'),
        members('Front-Channel Logout §2: another scheme'),
      ],
    },
    {
      section: '2',
      must: 'Every service of the session that registered an address is loaded in a frame',
      heldBy: [
        logout('§2: a frame for each service, with iss and its own sid'),
        journey('Front-Channel Logout §2: a service is loaded in a frame'),
      ],
    },
    {
      section: '2',
      must: 'iss and sid are in the address where either is, and its own query stays',
      heldBy: [logout('§2: a frame for each service, with iss and its own sid')],
    },
    {
      section: '2',
      must: 'The sid is the one of the ID token',
      heldBy: [logout('§2: a frame for each service, with iss and its own sid')],
    },
    {
      section: '3',
      must: 'The browser goes back to the service only after the frames were loaded',
      heldBy: [logout('§2: then back to the service, once the frames are there')],
    },
  ],
}
