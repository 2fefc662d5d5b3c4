import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { withHeldQueue } from '../../actors/logout-receiver.ts'
import { Service } from '../../actors/service.ts'

const queue = withHeldQueue(env)
const composed = compose(queue.env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
})
const { app, settings } = composed
const { issuer } = settings
const BYE = 'https://dossier.example.test/bye'

let service: Service
let other: Service
beforeAll(async () => {
  service = await Service.register(
    composed,
    {
      frontchannel_logout_uri: 'https://dossier.example.test/front?tenant=7',
      frontchannel_logout_session_required: true,
      post_logout_redirect_uris: [BYE],
    },
    queue.env,
  )
  other = await Service.register(
    composed,
    {
      redirect_uris: ['https://dossier.example.test/callback', 'https://pharmacie.example.test/callback'],
      frontchannel_logout_uri: 'https://pharmacie.example.test/front',
    },
    queue.env,
  )
})

const logOut = (search: Record<string, string>) =>
  app.request(`${issuer}/logout?${new URLSearchParams(search)}`, {}, queue.env)
const framesOf = (page: string) =>
  [...page.matchAll(/<iframe src="([^"]*)"/g)].map(([, src]) => (src ?? '').replaceAll('&amp;', '&'))
const policyOf = (response: Response, directive: string) =>
  (response.headers.get('content-security-policy') ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${directive} `))

describe('Front-Channel Logout', () => {
  it('§2: a frame for each service, with iss and its own sid, and no origin more in the policy', async () => {
    const { id_token: hint, opened } = await service.tokens()
    const joined = await other.join(opened)
    const response = await logOut({ id_token_hint: hint })
    expect(response.status).toBe(200)
    expect(framesOf(await response.text()).toSorted()).toEqual([
      `https://dossier.example.test/front?${new URLSearchParams({ tenant: '7', iss: issuer, sid: opened.sid })}`,
      `https://pharmacie.example.test/front?${new URLSearchParams({ iss: issuer, sid: joined.sid })}`,
    ])
    expect(policyOf(response, 'frame-src')?.split(' ').toSorted()).toEqual([
      'frame-src',
      'https://dossier.example.test',
      'https://pharmacie.example.test',
    ])
    expect(policyOf(response, 'frame-ancestors')).toBe("frame-ancestors 'none'")
  })

  it('§2: then back to the service, once the frames are there, without a script', async () => {
    const { id_token: hint } = await service.tokens()
    const response = await logOut({ id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'a b' })
    expect(response.status).toBe(200)
    expect(response.headers.get('refresh')).toBe(`0; url=${BYE}?state=a+b`)
    const page = await response.text()
    expect(page).toContain(`href="${BYE}?state=a+b"`)
    expect(framesOf(page)).toHaveLength(1)
    expect(page).not.toContain('<script')
  })

  it('no frame and no page on the way back where no service asked for one', async () => {
    const plain = await Service.register(composed, { post_logout_redirect_uris: [BYE] }, queue.env)
    const { id_token: hint } = await plain.tokens()
    const response = await logOut({ id_token_hint: hint, post_logout_redirect_uri: BYE })
    expect(response.status).toBe(303)
    const page = await logOut({})
    expect(policyOf(page, 'frame-src')).toBeUndefined()
  })

  it('no frame once more for a session that ended before', async () => {
    const { id_token: hint } = await service.tokens()
    await logOut({ id_token_hint: hint })
    const again = await logOut({ id_token_hint: hint })
    expect(framesOf(await again.text())).toEqual([])
  })

  it('attack: a hint for a session that nobody has frames nothing', async () => {
    const response = await logOut({ client_id: service.clientId, id_token_hint: 'x' })
    expect(framesOf(await response.text())).toEqual([])
  })
})
