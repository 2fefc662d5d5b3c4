import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { ApprovalRequest, Requests, SignedOut } from '../../../src/ecps/contract.ts'
import { createDeviceKey } from '../../../src/sandbox/device-key.ts'
import type { Browser } from '../../actors/browser.ts'
import type { Phone } from '../../actors/phone.ts'
import {
  activated,
  answerOf,
  authorize,
  type Client,
  codeFor,
  events,
  fetch,
  issuer,
  locationOf,
  newBrowser,
  Person,
  redemption,
  refreshing,
  registered,
  request,
  throughMire,
  token,
  userinfo,
} from '../federator.ts'

let client: Client
beforeAll(async () => {
  client = await registered()
})

type Shown = z.output<typeof ApprovalRequest>

const stateOf = async (browser: Browser, path: string) =>
  (await (await browser.ask(`${path}/state`)).json<{ status: string }>()).status

/** A computer that shows its code, and a phone that fetched the request by the code typed in it. */
async function onPhone(person: Person) {
  const browser = newBrowser()
  const path = locationOf(await authorize(browser, request(client))).pathname
  await browser.ask(`${path}/phone`, { method: 'POST' })
  const html = await (await browser.ask(path)).text()
  const typed = /class="pairing-code">([^<]+)</.exec(html)?.[1] ?? ''
  const code = /<strong class="code"[^>]*>\s*(\d\d)\s*</.exec(html)?.[1] ?? ''
  const paired = await person.phone.call('POST', 'pairings', { code: typed })
  expect(paired.status).toBe(200)
  const asked: Shown = ApprovalRequest.parse(paired.json)
  return { browser, path, code, asked }
}

describe('an approval on the phone', () => {
  it('of the value that the mire shows signs the computer in', async () => {
    const person = await Person.who()
    const { browser, path, code, asked } = await onPhone(person)
    expect(asked.values).toContain(code)
    expect(await person.phone.tap(asked, code)).toMatchObject({ status: 200, json: { outcome: 'approved' } })
    const read = await browser.ask(`${path}/acknowledge`, { method: 'POST' })
    expect(answerOf(await browser.ask(read.headers.get('location') ?? '')).code).toBeTruthy()
  })
})

describe('refuses an approval', () => {
  /** Sends a decision that is wrong somewhere, and holds that nothing came of it and that the right one still counts. */
  async function refuses(
    wrong: (
      set: Awaited<ReturnType<typeof onPhone>> & { person: Person },
    ) => Promise<{ status: number; json: unknown }>,
    error: string,
  ) {
    const person = await Person.who()
    const set = await onPhone(person)
    const answer = await wrong({ ...set, person })
    expect(answer.json).toEqual({ error })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(await stateOf(set.browser, set.path)).toBe('on-phone')
    expect(
      (await set.browser.ask(set.path.replace('/login/', '/authorize/continue/'))).headers.get('location'),
    ).toBe(set.path)
    expect((await person.phone.tap(set.asked, set.code)).status).toBe(200)
    expect(await stateOf(set.browser, set.path)).toBe('proved')
  }
  const decision = (asked: Shown, choice: string, assertion: unknown) => ({ id: asked.id, choice, assertion })

  it('WebAuthn L3 §7.2 step 5: signed by another passkey of the same person', () =>
    refuses(async ({ person, asked, code }) => {
      const assertion = await person.phone.sign(asked, code, { credential: person.passkey })
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'))

  it('WebAuthn L3 §7.2 step 5: signed by somebody else’s passkey', () =>
    refuses(async ({ person, asked, code }) => {
      const other = await Person.who()
      const assertion = await person.phone.sign(asked, code, { credential: other.passkey })
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'))

  it('RFC 9449 §4.3: sent with a device key that nobody activated', () =>
    refuses(async ({ person, asked, code }) => {
      const assertion = await person.phone.sign(asked, code)
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion), {
        key: await createDeviceKey(),
      })
    }, 'unknown-device'))

  it('RFC 9449 §4.3: sent with the device key of another phone of the same person', () =>
    refuses(async ({ person, asked, code }) => {
      const second = await activated(person.id)
      const assertion = await person.phone.sign(asked, code)
      return second.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'))

  it('RFC 9449 §4.3: sent by somebody else’s phone, with its own keys', () =>
    refuses(async ({ asked, code }) => (await Person.who()).phone.tap(asked, code), 'request-gone'))

  it('RFC 9449 §4.3: with a device proof about another body, another path, and none', async () => {
    for (const wrong of [{ about: { body: '{}' } }, { about: { path: 'pairings' } }, { proof: null }])
      await refuses(async ({ person, asked, code }) => {
        const assertion = await person.phone.sign(asked, code)
        return person.phone.call('POST', 'decisions', decision(asked, code, assertion), wrong)
      }, 'invalid-proof')
  })

  it('WebAuthn L3 §7.2 step 11: signed for another request', () =>
    refuses(async ({ person, asked, code }) => {
      const other = await onPhone(await Person.who())
      const assertion = await person.phone.sign(other.asked, code)
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'))

  it.each([
    ['another service', { service: 'Banque' }],
    ['another place', { place: { city: 'Lyon', country: 'FR', network: '' } }],
    ['another approval', { approval: `${'A'.repeat(22)}.${'A'.repeat(22)}` }],
    ['a later end', { expiresAt: 4_000_000_000 }],
  ])('WebAuthn L3 §7.2 step 11: signed over a changed context, %s', (_, change) =>
    refuses(async ({ person, asked, code }) => {
      const context = JSON.stringify({ ...JSON.parse(asked.context), ...change })
      const assertion = await person.phone.sign({ ...asked, context }, code)
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'),
  )

  it('WebAuthn L3 §7.2 step 11: signed for one value and sent for another', () =>
    refuses(async ({ person, asked, code }) => {
      const assertion = await person.phone.sign(asked, 'none')
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'))

  it('WebAuthn L3 §13.4.9: signed on another origin', () =>
    refuses(async ({ person, asked, code }) => {
      const assertion = await person.phone.sign(asked, code, { origin: 'https://elsewhere.example' })
      return person.phone.call('POST', 'decisions', decision(asked, code, assertion))
    }, 'invalid-passkey'))

  it('RFC 9449 §11.1: the same decision once more', async () => {
    const person = await Person.who()
    const { asked, code } = await onPhone(person)
    const assertion = await person.phone.sign(asked, code)
    const body = decision(asked, code, assertion)
    expect((await person.phone.call('POST', 'decisions', body)).status).toBe(200)
    expect((await person.phone.call('POST', 'decisions', body)).status).toBe(410)
  })

  it('and a wrong value, rightly signed, is the only attempt', async () => {
    const person = await Person.who()
    const { browser, path, asked, code } = await onPhone(person)
    const wrong = asked.values.find((value) => value !== code) ?? ''
    expect(await person.phone.tap(asked, wrong)).toMatchObject({ json: { outcome: 'wrong-code' } })
    expect((await person.phone.tap(asked, code)).status).toBe(410)
    expect(await stateOf(browser, path)).toBe('wrong-code')
  })
})

it('ASVS 5.0 §6.3.1: after ten codes that led nowhere, a right one is not even used up', async () => {
  const [guesser, person] = [await Person.who(), await Person.who()]
  const guess = (code: string) => guesser.phone.call('POST', 'pairings', { code })
  for (let i = 0; i < 10; i++) expect((await guess('ABCD-2345')).json).toEqual({ error: 'code-unknown' })
  const browser = newBrowser()
  const path = locationOf(await authorize(browser, request(client))).pathname
  await browser.ask(`${path}/phone`, { method: 'POST' })
  const html = await (await browser.ask(path)).text()
  const typed = /class="pairing-code">([^<]+)</.exec(html)?.[1] ?? ''
  expect((await guess(typed)).json).toEqual({ error: 'try-later' })
  expect(await stateOf(browser, path)).toBe('waiting')
  expect((await person.phone.call('POST', 'pairings', { code: typed })).status).toBe(200)
})

describe('signing out everywhere, from the phone', () => {
  /** Sessions are listed behind the answers: asked until they all are, a few times at most. */
  async function everywhere(phone: Phone, expected: number) {
    let ended = 0
    for (let i = 0; i < 20 && ended < expected; i++)
      ended += SignedOut.parse((await phone.call('POST', 'sign-out-everywhere')).json).ended
    expect(ended).toBe(expected)
  }

  it('RFC 6750 §3.1, RFC 6749 §5.2, OIDC Core §3.1.2.6: access token, refresh token and session are worth nothing', async () => {
    const person = await Person.who()
    const [here, there] = [newBrowser(), newBrowser()]
    const given = []
    for (const browser of [here, there]) {
      const { body } = await token(client, redemption(await codeFor(client, person, {}, browser)))
      expect((await userinfo(body.access_token)).status).toBe(200)
      given.push(body)
    }
    await everywhere(person.phone, 2)
    for (const { access_token, refresh_token } of given) {
      expect((await userinfo(access_token)).status).toBe(401)
      expect(await token(client, refreshing(refresh_token))).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    }
    for (const browser of [here, there])
      expect(answerOf(await authorize(browser, request(client, { prompt: 'none' })))).toMatchObject({
        error: 'login_required',
      })
  })

  const trusting = async (person: Person) => {
    const browser = newBrowser()
    await throughMire(browser, await authorize(browser, request(client)), person, { trust: true })
    return browser
  }
  /** Whether this browser's choice offers to ring that person. */
  const rings = async (browser: Browser) => {
    browser.forget('session')
    const path = locationOf(await authorize(browser, request(client))).pathname
    return (await (await browser.ask(path)).text()).includes('name="bond"')
  }
  const bondsLeft = async (person: Person) =>
    env.DB.prepare('SELECT count(*) AS n FROM bond WHERE practitioner_id = ? AND revoked_at IS NULL')
      .bind(person.id)
      .first('n')

  it('ends the trust in every browser', async () => {
    const person = await Person.who()
    const browser = await trusting(person)
    expect(await rings(browser)).toBe(true)
    await everywhere(person.phone, 1)
    expect(await rings(browser)).toBe(false)
    expect(await bondsLeft(person)).toBe(0)
    const kinds = events.filter(({ practitionerId }) => practitionerId === person.id).map(({ kind }) => kind)
    expect(kinds).toContain('bond.ended')
    expect(kinds).toContain('session.ended')
  })

  it('revoking a phone ends the trust in every browser too, and what waits', async () => {
    const person = await Person.who()
    const browser = await trusting(person)
    const lost = await activated(person.id)
    const revoked = await person.phone.call('POST', 'devices/revoke', { id: lost.device.id })
    expect(revoked.status).toBe(200)
    expect(await rings(browser)).toBe(false)
    expect((await lost.call('GET', 'requests')).json).toEqual({ error: 'device-revoked' })
    expect(Requests.parse((await person.phone.call('GET', 'requests')).json).requests).toEqual([])
  })

  it('a session that another sign-in took the place of is not on the list any more', async () => {
    const person = await Person.who()
    const browser = newBrowser()
    const first = await token(client, redemption(await codeFor(client, person, {}, browser)))
    await codeFor(client, person, { prompt: 'login' }, browser)
    expect((await userinfo(first.body.access_token)).status).toBe(401)
    const live = async () => {
      const { json } = await person.phone.call('GET', 'sign-ins')
      return (json as { signIns: { live: boolean }[] }).signIns.map((signIn) => signIn.live)
    }
    let list: boolean[] = []
    for (let i = 0; i < 20 && list.filter(Boolean).length !== 1; i++) list = await live()
    expect(list).toHaveLength(2)
    expect(list.filter(Boolean)).toHaveLength(1)
  })
})

it('a fault behind /ecps/api is JSON for the app (RFC 9110 §15.6.1)', async () => {
  const answer = await fetch(
    new Request(`${issuer}/ecps/api/nowhere`, { headers: { accept: 'text/html', 'sec-fetch-mode': 'cors' } }),
  )
  expect(answer.status).toBe(404)
  expect(await answer.json()).toEqual({ error: 'not_found' })
})
