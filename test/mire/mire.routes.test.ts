import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import type { PASSKEY_REFUSALS } from '../../src/mire/contract.ts'
import { words } from '../../src/mire/words.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import { countingEnv } from '../actors/counting-env.ts'
import { freshChallenge, SoftwarePasskey } from '../actors/software-passkey.ts'
import { authentication, CAMILLE } from './logins.ts'
import { mire, ORIGIN, professional, Visitor } from './mire.ts'

const passkeys = d1Passkeys(env.DB)

/** What is left of the way to the service: the result, or why there is none. */
const collectedBy = (on: ReturnType<typeof mire>, visitor: Visitor) =>
  on.logins.collect(visitor.name, visitor.browser)

/** Where a page that leads on by itself leads (CSP3 §6.4.2.1: a redirect after a form might be blocked). */
const onward = (response: Response) => /^0; url=(.+)$/.exec(response.headers.get('refresh') ?? '')?.[1]

describe('the page of the choice', () => {
  it('shows who asks and the ways, the safest first', async () => {
    const { html, login, response } = await (await mire().begins()).page()
    expect(response.status).toBe(200)
    expect(html.startsWith('<!doctype html>')).toBe(true)
    expect(html).toContain('Dossier Démo')
    const order = ['id="passkey-button"', '/phone"', '/card"'].map((way) => html.indexOf(way))
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order.every((place) => place > 0)).toBe(true)
    expect(login).toMatchObject({
      state: { status: 'choosing' },
      language: 'fr',
      options: { rpId: 'localhost', userVerification: 'required', allowCredentials: [] },
    })
  })

  it('has a fresh challenge at each view, and three of them live', async () => {
    const visitor = await mire().begins()
    const { key } = await professional()
    const challenges = [0, 1, 2, 3].map(async () => (await visitor.page()).login.options.challenge)
    const made = await Promise.all(challenges)
    expect(new Set(made).size).toBe(4)
    const fresh = await visitor.call('/options')
    expect(await fresh.json()).toMatchObject({ rpId: 'localhost' })
    expect((await visitor.signsIn(key)).status).toBe(200)
  })

  it('keeps a service from receiving what the page is not meant to send (CSP3, form-action)', async () => {
    const { csp, response } = await (await mire().begins()).page()
    // Wherever a service may be: the mire is left by a page, not by a redirect after a form.
    expect(csp).toMatch(/form-action 'self'/)
    expect(csp).not.toContain('dossier.example')
    expect(csp).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic'/)
    expect(csp).toContain("frame-ancestors 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })

  it.each([
    ['the service’s wish', { uiLocales: 'en' }, {}, '', 'en'],
    ['the browser’s, when the service has none', {}, { 'accept-language': 'en-GB,fr;q=0.5' }, '', 'en'],
    ['the person’s own choice before both', { uiLocales: 'en' }, {}, '?lang=fr', 'fr'],
  ])('speaks the language of %s', async (_, over, headers, query, language) => {
    const visitor = await mire().begins(over)
    const html = await (await visitor.call(query, { headers })).text()
    expect(html).toContain(`<html lang="${language}">`)
    expect(html).toContain(words[language as 'fr' | 'en'].passkey)
  })

  it('EAP ACR Values 1.0 §2: offers no phone when phishing-resistant means are asked for, and rings none', async () => {
    const on = mire()
    const visitor = await on.begins({ phishingResistant: true })
    const { html } = await visitor.page()
    expect(html).not.toContain('/phone"')
    expect(html).toContain(words.fr.resistant)
    expect((await visitor.post('/phone')).headers.get('location')).toBe(`/login/${visitor.name}`)
    expect((await visitor.page()).login.state.status).toBe('choosing')
  })

  it('says how to show a card, and posts to the host that asks for it (CSP3, form-action, connect-src)', async () => {
    const { html, response, csp } = await (await mire().begins()).page('/card')
    expect(response.status).toBe(200)
    expect(html).toContain(words.fr.cardTitle)
    expect(csp).toMatch(/form-action [^;]*https:\/\/card\.example\.org:8443/)
    expect(csp).toMatch(/connect-src 'self' https:\/\/card\.example\.org:8443/)
  })

  it('says honestly where cards are not accepted', async () => {
    const visitor = await mire({ cardOrigins: [] }).begins()
    const { html } = await visitor.page('/card')
    expect(html).toContain(words.fr.cardClosedTitle)
    expect((await visitor.post('/card')).headers.get('location')).toBe(`/login/${visitor.name}/card`)
  })

  it.each([
    ['a browser without script follows', {}, 303],
    ['the script is told where', { accept: 'application/json' }, 200],
  ])('sends the card to its host with a handle: %s', async (_, headers, status) => {
    const on = mire()
    const visitor = await on.begins()
    const response = await visitor.call('/card', { method: 'POST', headers })
    expect(response.status).toBe(status)
    const url =
      status === 303
        ? response.headers.get('location')
        : ((await response.json()) as { readonly url: string }).url
    expect(url).toMatch(
      new RegExp(
        `^https://card\\.example\\.org:8443/card/sign-in/${visitor.name}\\.[A-Za-z0-9_-]{43}\\?lang=fr$`,
      ),
    )
    expect(on.trail.map(({ kind }) => kind)).toContain('card.asked')
  })

  it('writes a hostile name as text', async () => {
    const { html } = await (await mire().begins({ clientName: '<script>alert(1)</script>"' })).page()
    expect(html).not.toContain('<script>alert')
  })
})

describe('signing in by passkey', () => {
  describe('grants', () => {
    it.each([
      [true, 'phr', 'swk'],
      [false, 'phrh', 'hwk'],
    ])('a synced passkey or not (%j) as %s', async (synced, contextClass, key) => {
      const on = mire()
      const visitor = await on.begins()
      const person = await professional({ synced })
      const answered = await visitor.signsIn(person.key)
      expect(answered.status).toBe(200)
      expect(await answered.json()).toEqual({
        status: 'proved',
        disclose: true,
        next: `/login/${visitor.name}`,
      })
      await visitor.post('/acknowledge')
      expect(await collectedBy(on, visitor)).toMatchObject({
        outcome: 'proved',
        place: { city: 'Lyon' },
        authentication: {
          practitioner: person.practitioner,
          authMode: 'PASSKEY',
          contextClass,
          amr: ['pop', 'user', 'mfa', key],
        },
      })
      await on.settled()
      expect(await passkeys.byCredential(person.key.passkey.credentialId)).toMatchObject({
        counter: synced ? 0 : 1,
        lastUsedAt: expect.any(Number),
      })
      expect(on.trail.map(({ kind }) => kind)).toEqual(['login.begun', 'login.proved', 'login.disclosed'])
    })

    it('goes straight on the second time, and asks again when the list grew', async () => {
      const on = mire()
      const { key } = await professional()
      const first = await on.begins()
      await first.signsIn(key)
      const read = await first.post('/acknowledge')
      expect([read.status, onward(read)]).toEqual([200, `/authorize/continue/${first.name}`])
      expect(await read.text()).toContain(`<a class="button" href="/authorize/continue/${first.name}">`)
      await on.settled()
      const second = await on.begins()
      expect(await (await second.signsIn(key)).json()).toEqual({
        status: 'proved',
        disclose: false,
        next: `/authorize/continue/${second.name}`,
      })
      expect(onward(await second.call())).toBe(`/authorize/continue/${second.name}`)
      expect(
        await (await (await on.begins({ scope: 'openid identity contact' })).signsIn(key)).json(),
      ).toMatchObject({ disclose: true })
      expect(
        await (await (await on.begins({ clientId: 'autre' as never })).signsIn(key)).json(),
      ).toMatchObject({ disclose: true })
    })

    it('costs begin, view, prove and collect, and one query before the answer', async () => {
      const { env: bindings, calls } = countingEnv(env)
      const on = mire({ bindings })
      const { key, practitioner } = await professional()
      await on.acquaintances.remember(
        practitioner.id,
        'dossier-demo' as never,
        'openid scope_all',
        on.needs.clock(),
      )
      calls.length = 0
      const visitor = await on.begins()
      expect((await visitor.signsIn(key)).status).toBe(200)
      const before = [...calls]
      await collectedBy(on, visitor)
      await on.settled()
      expect(before.filter(({ kind, what }) => kind === 'query' && what.startsWith('select'))).toHaveLength(1)
      expect(calls.filter(({ kind }) => kind === 'object').map(({ what }) => what)).toEqual([
        'LOGIN.begin',
        'LOGIN.view',
        'LOGIN.prove',
        'LOGIN.collect',
      ])
    })

    it('reads the disclosure in the page itself, when someone was signed in already', async () => {
      const on = mire()
      const visitor = await on.begins({ scope: 'openid scope_all' }, authentication())
      const { html } = await visitor.page()
      expect(html).toContain(words.fr.disclosureTitle('Dossier Démo'))
      expect(html).toContain(words.fr.scopes.activities)
      expect(html).toContain(`action="/login/${visitor.name}/acknowledge"`)
      await visitor.post('/acknowledge')
      await on.settled()
      expect(await on.acquaintances.standing(CAMILLE.id, 'dossier-demo' as never, 'openid contact')).toBe(
        'told',
      )
    })
  })

  describe('refuses', () => {
    const refused = async (response: Response, error: (typeof PASSKEY_REFUSALS)[number]) => {
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(await response.json()).toEqual({ error })
    }
    it('a passkey that nobody registered', async () => {
      const on = mire()
      await refused(
        await (await on.begins()).signsIn(await SoftwarePasskey.registered(CAMILLE.id)),
        'unknown-passkey',
      )
      expect(on.trail.at(-1)).toMatchObject({
        kind: 'login.refused',
        detail: 'unknown or revoked credential',
      })
    })
    it('a revoked one', async () => {
      const { key } = await professional()
      await passkeys.revoke(key.passkey.credentialId, 1 as never)
      await refused(await (await mire().begins()).signsIn(key), 'unknown-passkey')
    })
    it('someone suspended, after the signature and for their own eyes', async () => {
      const on = mire()
      const visitor = await on.begins()
      const { key } = await professional({ status: 'suspended' })
      await refused(await visitor.signsIn(key), 'suspended')
      expect(on.trail.at(-1)).toMatchObject({
        kind: 'login.refused',
        practitionerId: key.passkey.practitionerId,
      })
      expect((await collectedBy(on, visitor)).outcome).toBe('undecided')
      const forged = await new SoftwarePasskey(
        { ...key.credential, privateJwk: (await professional()).key.credential.privateJwk },
        key.passkey,
      ).sign(freshChallenge())
      await refused(
        await visitor.call('/passkey', { json: { assertion: forged, trust: false } }),
        'invalid-passkey',
      )
    })
    it('a challenge of nobody, of another login, and one spent (WebAuthn L3 §13.4.3)', async () => {
      const on = mire()
      const { key } = await professional()
      const [one, other] = [await on.begins(), await on.begins()]
      await refused(await one.signsIn(key, { challenge: freshChallenge() }), 'expired')
      const { challenge } = (await other.page()).login.options
      await refused(await one.signsIn(key, { challenge }), 'expired')
      expect((await other.signsIn(key, { challenge })).status).toBe(200)
      await refused(await other.signsIn(key, { challenge }), 'expired')
    })
    it('a wrong signature, which spends nothing', async () => {
      const visitor = await mire().begins()
      const [{ key }, { key: other }] = [await professional(), await professional()]
      const { challenge } = (await visitor.page()).login.options
      const forged = new SoftwarePasskey(
        { ...key.credential, privateJwk: other.credential.privateJwk },
        key.passkey,
      )
      await refused(await visitor.signsIn(forged, { challenge }), 'invalid-passkey')
      expect((await visitor.signsIn(key, { challenge })).status).toBe(200)
    })
    it.each([
      ['an assertion for another origin (§13.4.9)', { origin: 'https://serment.example' }],
      ['an assertion for another RP ID', { rpId: 'serment.example' }],
    ])('%s', async (_, wrong) => {
      const visitor = await mire().begins()
      const { key } = await professional()
      const { challenge } = (await visitor.page()).login.options
      await refused(
        await visitor.call('/passkey', {
          json: { assertion: await key.sign(challenge, wrong), trust: false },
        }),
        'invalid-passkey',
      )
    })
    it.each([
      ['no JSON', undefined],
      ['no assertion', { trust: true }],
      ['more than the contract', { assertion: {}, trust: true, disclose: false }],
      ['an assertion of nothing', { assertion: { id: 'AAAA' }, trust: false }],
    ])('%s', async (_, json) => {
      const visitor = await mire().begins()
      await refused(await visitor.call('/passkey', { method: 'POST', json }), 'invalid-passkey')
    })
    it('a body larger than any assertion', async () => {
      const visitor = await mire().begins()
      expect(
        (await visitor.call('/passkey', { json: { assertion: { id: 'A'.repeat(40_000) }, trust: false } }))
          .status,
      ).toBe(413)
    })
    it('another browser', async () => {
      const on = mire()
      const [visitor, thief] = [await on.begins(), await on.begins()]
      const { key } = await professional()
      const { challenge } = (await visitor.page()).login.options
      const stolen = new Visitor(
        on.app,
        visitor.name,
        thief.browser,
        new Map([[`login-${visitor.name.slice(0, 8)}`, [...thief.jar.values()][0] ?? '']]),
      )
      await refused(await stolen.signsIn(key, { challenge }), 'other-browser')
      expect((await visitor.signsIn(key, { challenge })).status).toBe(200)
    })
  })
})

describe('the phone', () => {
  const shown = async (visitor: Visitor) => {
    const asked = await visitor.post('/phone')
    expect([asked.status, asked.headers.get('location')]).toEqual([303, `/login/${visitor.name}`])
    const page = await visitor.page()
    const typed = page.html.match(/class="pairing-code">([^<]+)</)?.[1] ?? ''
    const code = page.html.match(/class="code"[^>]*>(\d\d)</)?.[1] ?? ''
    return { ...page, typed, code }
  }
  const by = { practitioner: CAMILLE, amr: ['pop'], hardware: false }

  it('shows a QR, a code to type and the code to choose, without script too', async () => {
    const on = mire()
    const { html, login, typed, code } = await shown(await on.begins())
    expect(login).toMatchObject({ state: { status: 'waiting' }, expiresAt: expect.any(Number) })
    expect(typed).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    expect(code).toMatch(/^\d\d$/)
    expect(html).toMatch(/<svg role="img" aria-label="[^"]+" viewBox="-4 -4 \d+ \d+"/)
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="4"></noscript>')
    expect(html.slice(0, html.indexOf('<body>'))).not.toContain('refresh')
    const spoken = [...code].map((digit) => words.fr.digits[Number(digit)]).join(', ')
    expect(html).toContain(`<span class="visually-hidden">${spoken}</span>`)
    expect(on.trail.at(-1)).toMatchObject({
      kind: 'approval.asked',
      clientId: 'dossier-demo',
      detail: 'pairing',
    })
  })

  it('is the same screen at the next view, so that nobody scans a QR that just went', async () => {
    const visitor = await mire().begins()
    const first = await shown(visitor)
    const again = (await visitor.page()).html
    expect(again).toContain(first.typed)
    expect(again).toContain(`>${first.code}<`)
  })

  it.each([
    ['the right value', (code: string) => code, 'proved', ''],
    ['none of them', () => 'none', 'denied', words.fr.failed.denied.title],
    [
      'a wrong value',
      (code: string, values: readonly string[]) => values.find((each) => each !== code) ?? '',
      'wrong-code',
      words.fr.failed['wrong-code'].title,
    ],
  ])('goes on by itself after %s', async (_, choose, status, title) => {
    const on = mire()
    const visitor = await on.begins()
    const { typed, code } = await shown(visitor)
    const paired = await on.approvals.pair({ code: typed }, CAMILLE.id)
    if ('refused' in paired) throw new Error(paired.refused)
    expect((await visitor.page()).html).toContain(`>${code}<`)
    await on.approvals.decide(paired.approval.id, choose(code, paired.approval.values), by)
    expect(await (await visitor.call('/state')).json()).toMatchObject({ status })
    const { html } = await visitor.page()
    expect(html).toContain(title)
    if (status !== 'proved') expect(html).toContain(words.fr.again)
  })

  it('can be left for another way, and the phone is told', async () => {
    const on = mire()
    const visitor = await on.begins()
    const { typed } = await shown(visitor)
    const paired = await on.approvals.pair({ code: typed }, CAMILLE.id)
    if ('refused' in paired) throw new Error(paired.refused)
    expect((await visitor.post('/another-way')).headers.get('location')).toBe(`/login/${visitor.name}`)
    expect((await visitor.page()).login.state.status).toBe('choosing')
    await on.settled()
    expect(on.withdrawn).toEqual([paired.approval.id])
    expect(await on.approvals.decide(paired.approval.id, paired.approval.code, by)).toEqual({
      refused: 'gone',
    })
  })

  it('after five times says so, and leaves the other ways', async () => {
    const visitor = await mire().begins()
    for (let i = 0; i < 5; i++) await visitor.post('/phone')
    await visitor.post('/phone')
    await visitor.post('/another-way')
    const { html } = await visitor.page()
    expect(html).toContain(words.fr.tooMany)
    expect(html).not.toContain('/phone"')
    expect(html).toContain('id="passkey-button"')
  })
})

describe('a browser that is trusted', () => {
  async function trusting(on: ReturnType<typeof mire>, familyName = 'AUBRAC') {
    const person = await professional({ familyName })
    const visitor = await on.begins()
    await visitor.signsIn(person.key, { trust: true })
    await on.settled()
    return { ...person, bond: visitor.jar.get('bond') ?? '' }
  }
  const returning = async (on: ReturnType<typeof mire>, bond: string) => {
    const visitor = await on.begins()
    visitor.jar.set('bond', bond)
    return visitor
  }

  it('is made by a passkey only when asked for, for 180 days, and its secret is kept as a digest', async () => {
    const on = mire()
    const { bond, practitioner } = await trusting(on)
    expect(bond).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
    const row = await env.DB.prepare('SELECT * FROM bond WHERE practitioner_id = ?')
      .bind(practitioner.id)
      .first()
    expect(row).toMatchObject({ id: bond.slice(0, 22), revoked_at: null })
    expect(JSON.stringify(row)).not.toContain(bond.slice(23))
    expect(Number(row?.expires_at) - Number(row?.created_at)).toBe(180 * 86_400)
    expect(on.trail).toContainEqual(
      expect.objectContaining({ kind: 'bond.made', practitionerId: practitioner.id }),
    )
    const visitor = await on.begins()
    await visitor.signsIn((await professional()).key)
    expect(visitor.jar.has('bond')).toBe(false)
  })

  it('offers to ring that person, by name', async () => {
    const on = mire()
    const { bond, practitioner } = await trusting(on)
    const visitor = await returning(on, bond)
    const { html } = await visitor.page()
    expect(html).toContain(words.fr.ring('Camille AUBRAC'))
    const asked = await visitor.post('/phone', { bond: bond.slice(0, 22) })
    expect(asked.headers.get('location')).toBe(`/login/${visitor.name}`)
    expect(on.rung).toEqual([
      {
        practitionerId: practitioner.id,
        approval: expect.stringContaining(visitor.name),
        loginName: visitor.name,
        service: 'Dossier Démo',
        expiresAt: expect.any(Number),
      },
    ])
    const page = await visitor.page()
    expect(page.login.state.status).toBe('on-phone')
    expect(page.html).toContain(words.fr.sent)
    const waiting = await on.approvals.find(on.rung[0]?.approval ?? '', practitioner.id)
    expect(JSON.parse(waiting?.context ?? '{}')).toMatchObject({ bonded: true, browser: 'Firefox, Windows' })
  })

  it('two requests at once end both', async () => {
    const on = mire()
    const { bond, practitioner } = await trusting(on)
    const [first, second] = [await returning(on, bond), await returning(on, bond)]
    await first.post('/phone', { bond: bond.slice(0, 22) })
    const earlier = on.rung[0]?.approval ?? ''
    on.answers.push({ outcome: 'two-at-once', cancel: [earlier] })
    await second.post('/phone', { bond: bond.slice(0, 22) })
    for (const visitor of [first, second]) {
      const { html, login } = await visitor.page()
      expect(login.state.status).toBe('two-at-once')
      expect(html).toContain(words.fr.failed['two-at-once'].title)
    }
    expect(await on.approvals.find(earlier, practitioner.id)).toBeUndefined()
  })

  it('rings no phone that closed its door: a QR is shown instead, and why', async () => {
    const on = mire()
    const { bond } = await trusting(on)
    const visitor = await returning(on, bond)
    on.answers.push({ outcome: 'closed' })
    const asked = await visitor.post('/phone', { bond: bond.slice(0, 22) })
    expect(asked.headers.get('location')).toBe(`/login/${visitor.name}?rung=closed`)
    const { html, login } = await visitor.page('?rung=closed')
    expect(login.state.status).toBe('waiting')
    expect(html).toContain(words.fr.closed)
  })

  it('keeps four people, the latest first', async () => {
    const on = mire()
    const visitor = await on.begins()
    const jar = new Map<string, string>()
    for (const familyName of ['UN', 'DEUX', 'TROIS', 'QUATRE', 'CINQ']) {
      const one = await on.begins()
      one.jar.set('bond', jar.get('bond') ?? '')
      await one.signsIn((await professional({ familyName })).key, { trust: true })
      jar.set('bond', one.jar.get('bond') ?? '')
    }
    await on.settled()
    visitor.jar.set('bond', jar.get('bond') ?? '')
    const { html } = await visitor.page()
    const names = [...html.matchAll(/Camille (UN|DEUX|TROIS|QUATRE|CINQ)/g)].map(([, name]) => name)
    expect(names).toEqual(['CINQ', 'QUATRE', 'TROIS', 'DEUX'])
  })

  describe('refuses', () => {
    const tried = async (
      bond: (good: string) => string,
      before?: (id: string, practitionerId: string) => Promise<unknown>,
    ) => {
      const on = mire()
      const { bond: good, practitioner } = await trusting(on)
      await before?.(good.slice(0, 22), practitioner.id)
      const visitor = await returning(on, bond(good))
      const { html } = await visitor.page()
      expect(html).not.toContain('AUBRAC')
      await visitor.post('/phone', { bond: good.slice(0, 22) })
      expect(on.rung).toEqual([])
      expect((await visitor.page()).login.state.status).toBe('waiting')
      return visitor
    }
    it('an id without its secret, and forgets it', async () => {
      const visitor = await tried((good) => `${good.slice(0, 23)}${'A'.repeat(43)}`)
      expect(visitor.jar.get('bond')).toBe('')
    })
    it('nonsense', async () => {
      await tried(() => '~~.~<>;')
    })
    it('one that has ended', async () => {
      await tried(
        (good) => good,
        (id) => env.DB.prepare('UPDATE bond SET expires_at = 1 WHERE id = ?').bind(id).run(),
      )
    })
    it('one that was revoked', async () => {
      await tried(
        (good) => good,
        async (_, practitionerId) => {
          const on = mire()
          expect(
            await (on.needs.bonds as import('../../src/mire/bonds.ts').Bonds).endAll(
              practitionerId as never,
              on.needs.clock(),
            ),
          ).toBe(1)
        },
      )
    })
    it('one of someone suspended', async () => {
      await tried(
        (good) => good,
        (_, id) => env.DB.prepare("UPDATE practitioner SET status = 'suspended' WHERE id = ?").bind(id).run(),
      )
    })
    it('to ring a second time after a wrong pick', async () => {
      const on = mire()
      const { bond, practitioner } = await trusting(on)
      const visitor = await returning(on, bond)
      await visitor.post('/phone', { bond: bond.slice(0, 22) })
      await on.approvals.decide(on.rung[0]?.approval ?? '', 'none', {
        practitioner,
        amr: [],
        hardware: false,
      })
      expect((await visitor.page()).html).not.toContain('AUBRAC')
      await visitor.post('/phone', { bond: bond.slice(0, 22) })
      expect(on.rung).toHaveLength(1)
    })
  })
})

describe('giving up', () => {
  it('leads back to the service with a refusal, which is written down', async () => {
    const on = mire()
    const visitor = await on.begins()
    const answered = await visitor.post('/cancel')
    expect([answered.status, onward(answered)]).toEqual([200, `/authorize/continue/${visitor.name}`])
    expect(on.trail.at(-1)).toMatchObject({ kind: 'login.cancelled', clientId: 'dossier-demo' })
    expect(onward(await visitor.call())).toBe(`/authorize/continue/${visitor.name}`)
    expect(await collectedBy(on, visitor)).toMatchObject({ outcome: 'cancelled' })
  })
})

describe('every problem names itself and says what to do', () => {
  const shows = async (
    response: Response,
    status: number,
    problem: keyof (typeof words)['fr']['problems'],
  ) => {
    expect(response.status).toBe(status)
    const html = await response.text()
    expect(html).toContain(words.fr.problems[problem].title)
    expect(html).toContain(words.fr.problems[problem].todo.split('{host}')[0])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
  it('a missing cookie', async () => {
    const visitor = await mire().begins()
    visitor.jar.clear()
    await shows(await visitor.call(), 400, 'cookie-missing')
    expect((await visitor.call('/state')).status).toBe(403)
  })
  it('another browser', async () => {
    const on = mire()
    const visitor = await on.begins()
    visitor.jar.set(`login-${visitor.name.slice(0, 8)}`, 'somebody-elses-secret')
    await shows(await visitor.call(), 403, 'other-browser')
    for (const path of ['/phone', '/another-way', '/acknowledge', '/cancel'])
      await shows(await visitor.post(path), 403, 'other-browser')
    expect((await visitor.call('/state')).status).toBe(403)
  })
  it('another name of the host', async () => {
    const visitor = await mire().begins()
    await shows(await visitor.call('', { origin: 'http://127.0.0.1:8787' }), 400, 'wrong-host')
  })
  it('a login that nobody began, or that is over', async () => {
    const on = mire()
    const name = newObjectName(systemEntropy)
    const visitor = new Visitor(
      on.app,
      name,
      (await on.begins()).browser,
      new Map([[`login-${name.slice(0, 8)}`, 'a-secret-of-something']]),
    )
    await shows(await visitor.call(), 410, 'unknown')
    expect(await (await visitor.call('/state')).json()).toMatchObject({ status: 'gone' })
    expect((await on.app.fetch(new Request(`${ORIGIN}/login/nonsense`))).status).toBe(410)
  })
  it('a page so old that its cookie is over too: old, not a cookie that is missing', async () => {
    const on = mire()
    const { browser } = await on.begins()
    const visitor = new Visitor(on.app, newObjectName(systemEntropy), browser, new Map())
    await shows(await visitor.call(), 410, 'unknown')
    await shows(await visitor.post('/phone'), 410, 'unknown')
    expect((await visitor.call('/state')).status).toBe(410)
    const asked = await visitor.call('/passkey', { json: {}, headers: { 'sec-fetch-site': 'same-origin' } })
    expect(await asked.json()).toEqual({ error: 'expired' })
  })
  it('a login already used', async () => {
    const on = mire()
    const visitor = await on.begins()
    await visitor.post('/cancel')
    await collectedBy(on, visitor)
    await shows(await visitor.call(), 410, 'finished')
  })

  describe('refuses what another site sends (Fetch Metadata)', () => {
    it.each([
      ['cross-site', { 'sec-fetch-site': 'cross-site' }],
      ['same-site only', { 'sec-fetch-site': 'same-site' }],
      ['an address typed', { 'sec-fetch-site': 'none' }],
      ['an old browser, another origin', { 'sec-fetch-site': null, origin: 'https://serment.example' }],
      ['an old browser that hides its origin', { 'sec-fetch-site': null, origin: 'null' }],
      ['neither header', { 'sec-fetch-site': null }],
    ])('%s', async (_, headers) => {
      const on = mire()
      const visitor = await on.begins()
      for (const path of ['/phone', '/another-way', '/acknowledge', '/cancel'])
        await shows(await visitor.call(path, { method: 'POST', headers }), 403, 'elsewhere')
      expect((await visitor.call('/passkey', { json: {}, headers })).status).toBe(403)
      expect((await visitor.page()).login.state.status).toBe('choosing')
    })
    it('but not our own origin in an old browser', async () => {
      const visitor = await mire().begins()
      const answered = await visitor.call('/cancel', {
        method: 'POST',
        headers: { 'sec-fetch-site': null, origin: ORIGIN },
      })
      expect(onward(answered)).toBe(`/authorize/continue/${visitor.name}`)
    })
  })
})

describe('the live line', () => {
  const upgrade = { upgrade: 'websocket', origin: ORIGIN }
  it('opens to the page’s browser', async () => {
    const response = await (await mire().begins()).call('/live', { headers: upgrade })
    expect(response.status).toBe(101)
    response.webSocket?.accept()
    response.webSocket?.close()
  })
  it.each([
    ['no upgrade', 426, {}],
    ['another site (RFC 6455 §10.2)', 403, { ...upgrade, origin: 'https://serment.example' }],
    ['no origin', 403, { upgrade: 'websocket' }],
    ['no cookie', 403, { ...upgrade, cookie: null }],
  ])('refuses %s', async (_, status, headers) => {
    expect((await (await mire().begins()).call('/live', { headers })).status).toBe(status)
  })
})
