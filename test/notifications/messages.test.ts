import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import type { Language } from '../../src/kernel/language.ts'
import {
  activatedMessage,
  emailCodeMessage,
  revokedMessage,
  smsCodeMessage,
} from '../../src/notifications/messages.ts'
import { anyText } from '../actors/any-text.ts'

const sender = { product: 'Serment', host: 'id.example.org' }
const to = (language: Language) => ({ email: 'm@example.org', phone: '+33600000000', language })
const LANGUAGES: Language[] = ['fr', 'en']

/** GSM 03.38, basic set and extension: one character outside it and the message is cut at 70 instead of 160. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/

describe('the SMS code', () => {
  it.each(LANGUAGES)('%s: one segment, the last line bound to the domain', (language) => {
    const message = smsCodeMessage(sender, to(language), '012345')
    expect(message).toMatchObject({ channel: 'sms', to: '+33600000000', language, subject: '' })
    expect(message.body.split('\n').at(-1)).toBe('@id.example.org #012345')
    expect(message.body).toMatch(GSM)
    expect(message.body.length).toBeLessThanOrEqual(160)
  })

  it.each(LANGUAGES)('%s: fits with the longest product name and a long host', (language) => {
    const long = { product: 'P'.repeat(40), host: 'authentification.sante.example.org' }
    expect(smsCodeMessage(long, to(language), '012345').body.length).toBeLessThanOrEqual(160)
  })
})

describe('the e-mail code', () => {
  it.each(LANGUAGES)('%s: alone on its line, and the only digits', (language) => {
    const { body, channel, to: address, subject } = emailCodeMessage(sender, to(language), '012345')
    expect([channel, address]).toEqual(['email', 'm@example.org'])
    expect(body.split('\n')).toContain('012345')
    expect(body.match(/\d+/g)).toEqual(['012345'])
    expect(subject).not.toMatch(/\d/)
  })
})

describe('notices', () => {
  const at = instant(1_800_000_000) // 15 January 2027, 08:00 UTC, 09:00 in Paris

  it.each<[Language, string, string]>([
    ['fr', '15 janvier 2027', '09:00'],
    ['en', '15 January 2027', '09:00'],
  ])('%s: say which phone and when, in Paris time', (language, day, hour) => {
    for (const message of [
      activatedMessage(sender, to(language), { device: 'iPhone', at, retired: [] }),
      revokedMessage(sender, to(language), { device: 'iPhone', at }),
    ]) {
      expect(message).toMatchObject({ channel: 'email', to: 'm@example.org', language })
      for (const part of ['iPhone', day, hour, 'Serment']) expect(message.body).toContain(part)
    }
  })

  it.each(LANGUAGES)('%s: name the phones that had to make room', (language) => {
    const { body } = activatedMessage(sender, to(language), { device: 'iPhone', at, retired: ['A', 'B'] })
    expect(body.split('\n').filter((line) => /[«“]\u00a0?\s?[AB]\b/.test(line))).toHaveLength(2)
  })

  it('a phone’s name adds no line, whatever it is', () => {
    const lines = activatedMessage(sender, to('fr'), { device: 'x', at, retired: [] }).body.split('\n').length
    fc.assert(
      fc.property(anyText(60), (device) => {
        const { body } = activatedMessage(sender, to('fr'), { device, at, retired: [] })
        return body.split(/[\n\r\u2028\u2029\u0085]/).length === lines
      }),
    )
  })

  it.each(LANGUAGES)('%s: no message holds a link to follow', (language) => {
    const all = [
      emailCodeMessage(sender, to(language), '012345'),
      smsCodeMessage(sender, to(language), '012345'),
      activatedMessage(sender, to(language), { device: 'iPhone', at, retired: ['A'] }),
      revokedMessage(sender, to(language), { device: 'iPhone', at }),
    ]
    for (const { body } of all) expect(body).not.toMatch(/https?:|www\./)
  })
})
