import { type Specification, testsOf } from './requirement.ts'

const flow = testsOf('test/conformance/rfc8628-device-authorization/device-flow.test.ts')
const parameters = testsOf('test/conformance/rfc8628-device-authorization/parameters.test.ts')
const attacks = testsOf('test/conformance/rfc8628-device-authorization/attacks.test.ts')
const verification = testsOf('test/conformance/rfc8628-device-authorization/verification.test.ts')
const machine = testsOf('test/provider/device-authorization/request.test.ts')
const codes = testsOf('test/provider/device-authorization/user-code.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc8628: Specification = {
  id: 'RFC 8628',
  title: 'OAuth 2.0 Device Authorization Grant',
  address: 'https://www.rfc-editor.org/rfc/rfc8628',
  folders: ['rfc8628-device-authorization'],
  bearing:
    '§3 to §6, with the recommendations of §5 that keep a person from connecting somebody else’s screen. What the device shows (§3.2, §3.3.1) and how it waits between polls are its own matter.',
  requirements: [
    {
      section: '3.1',
      must: 'The endpoint takes a POST of a form, over TLS',
      heldBy: [flow('another method than POST'), settings('production over http')],
    },
    {
      section: '3.1',
      must: 'Clients authenticate as at the token endpoint; a public one names itself',
      heldBy: [
        flow('a wrong secret, and says which scheme would do'),
        flow('§3.1: a public client names itself'),
        parameters('a client that says nothing of itself is refused'),
      ],
    },
    {
      section: '3.1',
      must: 'Parameters without a value are omitted, unknown ones ignored, and none is there twice',
      heldBy: [parameters('what is not known is ignored'), parameters('%s twice is refused')],
    },
    {
      section: '3.2',
      must: 'The answer is 200, JSON, with device_code, user_code, verification_uri and expires_in',
      heldBy: [
        flow('§3.2: the device is told what to poll with'),
        parameters('what is not known is ignored'),
      ],
    },
    {
      section: '3.3',
      must: 'The person is authenticated and asked before the device is let in',
      heldBy: [
        verification('by its code, service, time and place, with words of warning'),
        attacks('a page shown to nobody, answered where somebody is signed in: the mire'),
        flow('§3.4, §3.5: pending, then tokens of whoever signed in'),
      ],
    },
    {
      section: '3.3.1',
      must: 'A complete address spares the typing and nothing else: the code is still compared and confirmed',
      heldBy: [verification('§3.3.1: the complete address fills it in, and confirms nothing')],
    },
    {
      section: '3.4',
      must: 'The device code is good for the client to which it was given',
      heldBy: [attacks('§3.4: of another client, which changes nothing for its own')],
    },
    {
      section: '3.4',
      must: 'A confidential client authenticates at the token endpoint; the request has a device_code',
      heldBy: [parameters('RFC 8628 §3.4: a poll by a wrong secret'), flow('§3.4: the device code %j')],
    },
    {
      section: '3.5',
      must: 'The answers are authorization_pending, slow_down, access_denied and expired_token, each where it belongs',
      heldBy: [
        attacks('§3.5: polled too fast, again and again'),
        attacks('§3.5: expired, and neither code opens anything any more'),
        verification('§3.5 access_denied: "it is not me"'),
        flow('§3.4, §3.5: pending, then tokens'),
      ],
    },
    {
      section: '3.5',
      must: 'slow_down means five seconds more for this and all later requests',
      heldBy: [machine('slow_down: five seconds more for this and all that follow')],
    },
    {
      section: '4',
      must: 'The metadata name the endpoint',
      heldBy: [flow('§4: discovery names the endpoint and the grant')],
    },
    {
      section: '5.1',
      must: 'User codes cannot be found by trying: they are long enough, and attempts are limited',
      heldBy: [
        codes('is eight consonants, shown in two halves'),
        attacks('%s: too often from one address'),
        attacks('a wrong one says so, is recorded'),
      ],
    },
    {
      section: '5.2',
      must: 'Device codes cannot be guessed',
      heldBy: [flow('§3.2: the device is told what to poll with'), attacks('§5.2: with another secret half')],
    },
    {
      section: '5.4',
      must: 'A person who was sent a code is warned, and sees which screen it is',
      heldBy: [verification('by its code, service, time and place, with words of warning')],
    },
    {
      section: '6.1',
      must: 'A code is read with or without marks and in any case',
      heldBy: [verification('§6.1: with or without its dash, in any case'), codes('reads %j')],
    },
  ],
}
