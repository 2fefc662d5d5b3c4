import { describe, expect, it } from 'vitest'
import { endSessionRequest } from '../../../src/protocol/oidc/end-session.ts'
import { refusal } from '../oauth/refused.ts'

const of = (sent: Record<string, string>) => endSessionRequest(new Map(Object.entries(sent)))

describe('grants', () => {
  it('RP-Initiated Logout §2: all optional', () => {
    expect(Object.values(of({})).every((value) => value === undefined)).toBe(true)
  })
  it('RP-Initiated Logout §2: everything that it has', () => {
    expect(
      of({
        id_token_hint: 'h',
        logout_hint: 'l',
        client_id: 'c',
        post_logout_redirect_uri: 'u',
        state: 's',
        ui_locales: 'fr',
      }),
    ).toEqual({
      idTokenHint: 'h',
      logoutHint: 'l',
      clientId: 'c',
      postLogoutRedirectUri: 'u',
      state: 's',
      uiLocales: 'fr',
    })
  })
})

describe('refuses', () => {
  it.each([
    ['a client_id that none can have', { client_id: 'a b' }],
    ['state beyond 2048', { state: 's'.repeat(2049) }],
  ])('%s', (_, sent: Record<string, string>) => expect(refusal(() => of(sent))).toBe('invalid_request'))
})
