import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { cookies } from '../../src/http/cookies.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { ObjectName } from '../../src/kernel/identifiers.ts'
import { instant, systemClock } from '../../src/kernel/instant.ts'
import type { Outbox } from '../../src/sandbox/outbox.ts'
import type { RobotNeeds } from '../../src/sandbox/robot.ts'
import { d1Roster } from '../../src/sandbox/roster.d1.ts'
import { sandboxRoutes } from '../../src/sandbox/sandbox.routes.tsx'
import { PERSON } from './person.ts'

const issuer = 'http://localhost:8787'
const login = 'L'.repeat(22)

const record = (...professions: string[]) =>
  JSON.stringify({ exercices: professions.map((codeProfession) => ({ codeProfession })) })

const mail = {
  channel: 'email',
  to: 'camille@example.test',
  language: 'fr',
  subject: 'Votre code',
  body: 'Bonjour,\n\n<b>123456</b>',
} as const
const outbox: Outbox = {
  append: async () => {},
  list: async () => [{ id: 'one', at: instant(1_800_000_000), message: mail }],
}

/** No phone is ever made here: these are the answers before anything is done. The real ones are in robot.test.ts. */
const robots: RobotNeeds = {
  issuer,
  fetchApp: async () => Response.json({ error: 'try-later' }, { status: 429 }),
  outbox,
  clock: systemClock,
  entropy: systemEntropy,
  pause: async () => {},
  directory: {
    byNationalId: async (nationalId) =>
      ['810000000018', '810000000026', '810000000034'].includes(nationalId)
        ? {
            practitioner: PERSON,
            status: nationalId === '810000000026' ? 'suspended' : 'active',
            contact: {
              email: 'camille@example.test',
              phone: nationalId === '810000000034' ? '' : '+33600000000',
            },
          }
        : undefined,
    byId: async () => undefined,
  },
  phones: {
    nameOf: async () => ObjectName.parse('P'.repeat(22)),
    look: async () => ({ phone: undefined, behaviour: undefined }),
    keep: async () => {},
    addRobot: async () => {},
    take: async () => true,
    letGo: async () => {},
  },
  screen: { startPhone: async () => ({ refused: 'gone' }), acknowledge: async () => {} },
}

const app = sandboxRoutes({
  issuer,
  secure: false,
  product: 'Serment',
  cookies: cookies(false),
  demos: [{ name: 'Dossier Démo', url: 'http://localhost:8788' }],
  example: '810000000018',
  roster: d1Roster(env.DB, systemClock),
  specials: (id) => (id === '810000000018' ? { fr: 'Deux exercices', en: 'Two practices' } : undefined),
  outbox,
  robots,
})

const get = (path: string, accept = '*/*', more: HeadersInit = {}) =>
  app.request(`${issuer}${path}`, { headers: { accept, ...more } })
const post = (path: string, body: unknown) =>
  app.request(`${issuer}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

beforeAll(async () => {
  const add = env.DB.prepare(
    'INSERT INTO practitioner (id, national_id, family_name, given_name, status, email, phone, record, updated_at) VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?5, ?6, 0)',
  )
  await env.DB.batch([
    add.bind('810000000018', 'AUBRAC', 'Camille', 'active', 'x', record('60', '10', '60')),
    add.bind('810000000026', 'BELLEROSE', 'Noé', 'suspended', 'x', record('21')),
    add.bind('0123456789', 'DES_LANDES', 'Ada', 'active', '', record('999')),
    env.DB.prepare(
      `INSERT INTO device (id, practitioner_id, credential_id, public_jwk, name, activation_mode, created_at, expires_at, revoked_at)
       VALUES ('d1', '810000000018', 'c', '{}', 'Téléphone', 'CONTACT', 0, 9999999999, NULL),
              ('d2', '810000000026', 'c', '{}', 'Téléphone', 'CONTACT', 0, 9999999999, 5),
              ('d3', '0123456789', 'c', '{}', 'Téléphone', 'CONTACT', 0, 5, NULL)`,
    ),
  ])
})

describe('the start page', () => {
  it.each(['/', '/sandbox'])('%s says where to go, in French and in English', async (path) => {
    const french = await (await get(path, 'text/html', { 'accept-language': 'fr' })).text()
    const english = await (await get(path, 'text/html', { 'accept-language': 'en' })).text()
    for (const page of [french, english])
      for (const place of [
        'http://localhost:8788',
        '/ecps/',
        '/sandbox/people',
        '/sandbox/outbox',
        `${issuer}/register`,
      ])
        expect(page).toContain(place)
    expect(french).toContain('<html lang="fr">')
    expect(english).toContain('Test it without a human')
  })

  it('has the headers of every page', async () => {
    const { headers } = await get('/')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('the people', () => {
  it('as JSON for whoever does not name text/html', async () => {
    const { people } = await (await get('/sandbox/people')).json<{ people: unknown[] }>()
    expect(people).toHaveLength(3)
    expect(people[0]).toEqual({
      nationalId: '810000000018',
      name: 'Camille AUBRAC',
      familyName: 'AUBRAC',
      givenName: 'Camille',
      professions: [
        { code: '60', label: { fr: 'Infirmier', en: 'Nurse' } },
        { code: '10', label: { fr: 'Médecin', en: 'Physician' } },
      ],
      special: { fr: 'Deux exercices', en: 'Two practices' },
      status: 'active',
      contactable: true,
      ecps: true,
    })
    expect(people[2]).toMatchObject({
      contactable: false,
      professions: [{ code: '999', label: { fr: '999', en: '999' } }],
      special: null,
    })
  })

  it('a revoked device or an expired one is no active e-CPS', async () => {
    const { people } = await (await get('/sandbox/people')).json<{
      people: { nationalId: string; ecps: boolean }[]
    }>()
    expect(Object.fromEntries(people.map(({ nationalId, ecps }) => [nationalId, ecps]))).toEqual({
      '810000000018': true,
      '810000000026': false,
      '0123456789': false,
    })
  })

  it.each([
    ['aubrac', ['AUBRAC']],
    ['noé bell', ['BELLEROSE']],
    ['0123', ['DES_LANDES']],
    ['s_l', ['DES_LANDES']],
    ['', ['AUBRAC', 'BELLEROSE', 'DES_LANDES']],
    ['%', []],
    ["' OR 1=1 --", []],
  ])('searched for %j', async (q, names) => {
    const answer = await get(`/sandbox/people?q=${encodeURIComponent(q)}`)
    const { people } = await answer.json<{ people: { familyName: string }[] }>()
    expect(people.map(({ familyName }) => familyName)).toEqual(names)
  })

  it('as a page for a browser, with the search kept', async () => {
    const page = await (await get('/sandbox/people?q=Camille', 'text/html,*/*')).text()
    expect(page).toContain('value="Camille"')
    expect(page).toContain('810000000018')
    expect(page).toContain('Deux exercices')
    expect(page).not.toContain('BELLEROSE')
  })

  it('format=json wins over a browser', async () => {
    expect((await get('/sandbox/people?format=json', 'text/html')).headers.get('content-type')).toContain(
      'json',
    )
  })
})

describe('the outbox', () => {
  it('as JSON', async () => {
    expect(await (await get('/sandbox/outbox')).json()).toEqual({
      messages: [{ id: 'one', at: 1_800_000_000, ...mail }],
    })
  })

  it('as a page that refreshes itself, with nothing taken for markup', async () => {
    const answer = await get('/sandbox/outbox', 'text/html')
    expect(answer.headers.get('refresh')).toBe('4')
    const page = await answer.text()
    expect(page).toContain('&lt;b&gt;123456')
    expect(page).toContain('2027-01-15')
  })
})

describe('refuses', () => {
  it.each([
    ['not JSON', '{', 400, 'invalid_request'],
    ['no body at all', '', 400, 'invalid_request'],
    ['no nationalId', { behaviour: 'approve' }, 400, 'invalid_request'],
    ['another behaviour', { nationalId: '810000000018', behaviour: 'laugh' }, 400, 'invalid_request'],
    [
      'a member too many',
      { nationalId: '810000000018', behaviour: 'deny', force: true },
      400,
      'invalid_request',
    ],
    ['nobody', { nationalId: '899999999999', behaviour: 'approve' }, 404, 'unknown_person'],
    ['someone suspended', { nationalId: '810000000026', behaviour: 'approve' }, 409, 'suspended_person'],
    [
      'someone without a phone number',
      { nationalId: '810000000034', behaviour: 'approve' },
      409,
      'no_contact_details',
    ],
    ['what the e-CPS refuses', { nationalId: '810000000018', behaviour: 'approve' }, 409, 'ecps_refused'],
  ])('a robot of %s', async (_what, body, status, error) => {
    const answer = await post('/sandbox/robots', body)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error, error_description: expect.any(String) })
  })

  it('says which member is wrong', async () => {
    const answer = await post('/sandbox/robots', { nationalId: '810000000018', behaviour: 'laugh' })
    expect(await answer.text()).toContain('behaviour')
  })

  it('gives the e-CPS’s own word', async () => {
    const answer = await post('/sandbox/robots', { nationalId: '810000000018', behaviour: 'approve' })
    expect(await answer.json()).toMatchObject({ reason: 'try-later' })
  })

  it.each([
    [
      'a robot that nobody made',
      `/sandbox/robots/${'P'.repeat(22)}.${'R'.repeat(22)}/sign-in`,
      { url: `${issuer}/login/${login}` },
      404,
      'unknown_robot',
    ],
    [
      'an id that is none',
      '/sandbox/robots/hello/sign-in',
      { url: `${issuer}/login/${login}` },
      404,
      'unknown_robot',
    ],
    ['no URL', '/sandbox/robots/hello/sign-in', {}, 400, 'invalid_request'],
  ])('to sign in with %s', async (_what, path, body, status, error) => {
    const answer = await post(path, body)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error, error_description: expect.any(String) })
  })

  it('a body over 10 kB', async () => {
    expect((await post('/sandbox/robots', `{"nationalId":"${'8'.repeat(20_000)}"}`)).status).toBe(413)
  })
})
