import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Service } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
const PERSON = '899700911111'
const hosted = (host: string, more = {}) =>
  desk.service({ subject_type: 'pairwise', redirect_uris: [`https://${host}/callback`], ...more })
let one: Service
let sameSector: Service
let other: Service
let everybody: Service
beforeAll(async () => {
  one = await hosted('dossier.example.test')
  sameSector = await hosted('dossier.example.test')
  other = await hosted('pharmacie.example.test')
  everybody = await desk.service()
})

async function seen(by: Service, scope: string) {
  const [redirectUri = ''] = by.registered.redirect_uris as string[]
  const { code } = await by.signIn({ scope, redirectUri })
  const response = await by.post('/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
  })
  const tokens = await response.json<{ access_token: string; id_token: string; refresh_token: string }>()
  const userinfo = await desk.userinfo(tokens.access_token)
  return {
    tokens,
    idToken: decodeJwt(tokens.id_token),
    accessToken: decodeJwt(tokens.access_token),
    userinfo: await userinfo.json<Record<string, unknown>>(),
  }
}

describe('OIDC Core §8.1: pairwise subjects', () => {
  it('one person has another sub in each sector, and the same one in one sector, each time', async () => {
    const subs = await Promise.all(
      [one, one, sameSector, other].map(async (by) => (await seen(by, 'openid profession')).idToken.sub),
    )
    expect(subs[0]).toMatch(/^[\w-]{43}$/)
    expect(subs[1]).toBe(subs[0])
    expect(subs[2]).toBe(subs[0])
    expect(subs[3]).not.toBe(subs[0])
  })

  it('OIDC Core §5.3.2: ID token, access token and userinfo agree', async () => {
    const { idToken, accessToken, userinfo } = await seen(one, 'openid profession')
    expect(accessToken.sub).toBe(idToken.sub)
    expect(userinfo.sub).toBe(idToken.sub)
  })

  it('OIDC Core §12.2: a refresh keeps it', async () => {
    const { idToken, tokens } = await seen(one, 'openid profession')
    const { refresh_token } = tokens
    const response = await one.post('/token', { grant_type: 'refresh_token', refresh_token })
    expect(decodeJwt((await response.json<{ id_token: string }>()).id_token).sub).toBe(idToken.sub)
  })

  it.each(['openid profession', 'openid activities contact', 'openid profile'])(
    '§8.1, §17.3: with the scope %s nothing told is the same in another sector',
    async (scope) => {
      const { idToken, accessToken, userinfo } = await seen(one, scope)
      for (const told of [idToken, accessToken, userinfo]) {
        expect(JSON.stringify(told)).not.toContain(PERSON)
        for (const name of ['SubjectNameID', 'preferred_username', 'otherIds'])
          expect(told).not.toHaveProperty(name)
      }
    },
  )

  it.each(['openid identity', 'openid scope_all'])(
    'with the scope %s, which asks who it is, the national id is told',
    async (scope) => {
      const { idToken, userinfo } = await seen(one, scope)
      expect(idToken).toMatchObject({ SubjectNameID: PERSON, preferred_username: PERSON })
      expect(idToken.sub).not.toContain(PERSON)
      expect(userinfo).toMatchObject({ SubjectNameID: PERSON })
    },
  )

  it('RFC 7662 §2.2: introspection tells the same sub, and no more', async () => {
    const api = await desk.service({ serment_introspection: true })
    const { idToken, tokens } = await seen(one, 'openid profession')
    const answer = await api.post('/introspect', { token: tokens.access_token })
    const told = await answer.json<Record<string, unknown>>()
    expect(told).toMatchObject({ active: true, sub: idToken.sub })
    expect(JSON.stringify(told)).not.toContain(PERSON)
  })

  it('PSC §1.4: a public client sees Pro Santé Connect’s form, unchanged', async () => {
    const { idToken } = await seen(everybody, 'openid profession')
    expect(idToken.sub).toMatch(new RegExp(`^f:[0-9a-f-]{36}:${PERSON}$`))
    expect(idToken.SubjectNameID).toBe(PERSON)
  })
})
