import { beforeAll, describe, expect, it } from 'vitest'
import { authorize, locationOf, request, signIn, toMire, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})

describe('RFC 9700: what a browser is let do', () => {
  it('§2.6: no page of another origin reads the authorization endpoint', async () => {
    const url = `${here.issuer}/authorize?${new URLSearchParams(request(service))}`
    const origin = 'https://app.example.test'
    const preflight = { origin, 'access-control-request-method': 'GET' }
    for (const init of [{ headers: { origin } }, { method: 'OPTIONS', headers: preflight }]) {
      const response = await here.network(url, { ...init, redirect: 'manual' })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(response.headers.get('access-control-allow-methods')).toBeNull()
    }
  })

  it('§4.12: no redirect repeats a POST elsewhere: each is a 303', async () => {
    const begun = await authorize(here.browser(), request(service))
    const posted = await here.browser().ask('/authorize', {
      method: 'POST',
      body: new URLSearchParams(request(service)),
    })
    const answered = await signIn(here.browser(), request(service))
    const refused = await authorize(here.browser(), request(service, { prompt: 'none' }))
    for (const response of [begun, posted, answered, refused]) expect(response.status).toBe(303)
    expect(toMire(posted)).toBe(true)
  })

  it('§4.16: no page of ours is shown inside another, and §4.2.4: none tells where it was left from', async () => {
    const browser = here.browser()
    const { pathname } = locationOf(await authorize(browser, request(service)))
    const pages = [
      await browser.ask(pathname),
      await authorize(here.browser(), request(service, { redirect_uri: 'https://evil.example/' })),
      await authorize(here.browser(), request(service, { response_mode: 'form_post', prompt: 'none' })),
      await browser.ask('/logout'),
    ]
    for (const page of pages) {
      expect(page.headers.get('content-type')).toMatch(/^text\/html/)
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(page.headers.get('x-frame-options')).toBe('DENY')
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      // §4.2.4: nothing of a third party is loaded.
      expect(await page.text()).not.toMatch(/(?:src|href)="https?:\/\/(?!localhost:8787)/)
    }
  })

  it('§4.3.1: what a redirect or a page with a code holds is kept nowhere', async () => {
    const answered = await signIn(here.browser(), request(service))
    expect(answered.headers.get('cache-control')).toBe('no-store')
    const inForm = await signIn(here.browser(), request(service, { response_mode: 'form_post' }))
    expect(inForm.headers.get('cache-control')).toBe('no-store')
  })
})
