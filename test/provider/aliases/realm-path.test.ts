import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { realmPath } from '../../../src/provider/aliases/realm-path.ts'

const realm = '/auth/realms/esante-wallet'

describe('a path of Pro Santé Connect’s software (PSC §1.1)', () => {
  it.each([
    ['/.well-known/openid-configuration', '/.well-known/openid-configuration'],
    ['/.well-known/wallet-openid-configuration', '/.well-known/wallet-openid-configuration'],
    ['/protocol/openid-connect/auth', '/authorize'],
    ['/protocol/openid-connect/token', '/token'],
    ['/protocol/openid-connect/userinfo', '/userinfo'],
    ['/protocol/openid-connect/certs', '/jwks'],
    ['/protocol/openid-connect/logout', '/logout'],
    ['/protocol/openid-connect/revoke', '/revoke'],
    ['/protocol/openid-connect/token/introspect', '/introspect'],
    ['/protocol/openid-connect/ext/par/request', '/par'],
    ['/protocol/openid-connect/ext/ciba/auth', '/bc-authorize'],
  ])('%s is %s', (alias, path) => expect(realmPath(realm + alias)).toBe(path))

  it.each([
    '/token',
    '/auth/realms/esante-wallet',
    '/auth/realms//protocol/openid-connect/token',
    '/auth/realms/a/b/protocol/openid-connect/token',
    `${realm}/protocol/openid-connect/token/`,
    `${realm}/protocol/openid-connect/register`,
    `${realm}/protocol/openid-connect/../../../../sandbox`,
    `${realm}/.well-known/../sandbox`,
    `${realm}/protocol/openid-connect/constructor`,
  ])('%s is itself, where it is none', (path) => expect(realmPath(path)).toBe(path))

  it('leads to one of those endpoints or nowhere, whatever it is', () => {
    const known =
      /^\/(?:authorize|token|userinfo|jwks|logout|revoke|introspect|par|bc-authorize|\.well-known\/[a-z-]+)$/
    const part = fc.oneof(fc.string(), fc.webPath(), fc.constantFrom('token', 'auth', '..', '.', '%2e%2e'))
    fc.assert(
      fc.property(
        fc.constantFrom(`${realm}/protocol/openid-connect/`, `${realm}/.well-known/`, '/auth/realms/'),
        fc.array(part, { maxLength: 4 }),
        (start, parts) => {
          const path = start + parts.join('/')
          const led = realmPath(path)
          expect(led === path || known.test(led)).toBe(true)
        },
      ),
    )
  })
})
