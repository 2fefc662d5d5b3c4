import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeIn } from '../../src/sandbox/phone.ts'
import { choose, loginOf } from '../../src/sandbox/robot.ts'

const issuer = 'http://localhost:8787'
const login = 'AbCdEfGhIjKlMnOpQrStUv'

describe('the login of a mire’s URL', () => {
  it.each([
    `${issuer}/login/${login}`,
    `${issuer}/login/${login}?lang=fr`,
    `${issuer}/login/${login}#code`,
    `${issuer}/login/${login}/phone`,
  ])('is read from %s', (url) => expect(loginOf(url, issuer)).toBe(login))

  it.each([
    ['another port', `http://localhost:8788/login/${login}`],
    ['another host', `http://evil.example/login/${login}`],
    ['another scheme', `https://localhost:8787/login/${login}`],
    ['a look-alike', `http://localhost:8787@evil.example/login/${login}`],
    ['the callback of a service', `http://localhost:8788/callback?code=${login}`],
    ['the authorization endpoint', `${issuer}/authorize?client_id=x`],
    ['a name too short', `${issuer}/login/abc`],
    ['a name too long', `${issuer}/login/${login}x`],
    ['no name', `${issuer}/login/`],
    ['a path alone', `/login/${login}`],
    ['nothing', ''],
  ])('is not read from %s', (_what, url) => expect(loginOf(url, issuer)).toBeUndefined())

  it('is read or not, whatever the text, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
        expect(loginOf(text, issuer)).toBeUndefined()
      }),
    )
  })
})

describe('the choice', () => {
  it.each([
    ['approve', ['47', '82', '15'], '47'],
    ['approve', ['82', '15', '60'], '47'],
    ['wrong-code', ['47', '82', '15'], '82'],
    ['wrong-code', ['82', '47', '15'], '82'],
    ['wrong-code', [], 'none'],
    ['deny', ['47', '82', '15'], 'none'],
  ] as const)('%s among %j, with 47 on the mire, is %s', (behaviour, values, choice) =>
    expect(choose(behaviour, '47', values)).toBe(choice),
  )
})

describe('the code of a message', () => {
  it.each([
    ['Voici votre code : 042137. Ne le donnez à personne.', '042137'],
    ['Serment : votre code SMS est 042137.\n\n@localhost #042137', '042137'],
    ['Your code is 042 137.', '042137'],
    ['Your code is 042\u202f137.', '042137'],
  ])('of %j is %s', (body, code) => expect(codeIn(body)).toBe(code))

  it.each(['', 'Une e-CPS vient d’être activée le 22 novembre 2026 à 14:32.', '899700900012', '12345'])(
    'is not in %j',
    (body) => expect(codeIn(body)).toBeUndefined(),
  )
})
