import { expect, it } from 'vitest'
import { derivedMac } from '../../src/kernel/derived-key.ts'

const KEY = 'YW4taW52ZW50ZWQta2V5LWZvci10ZXN0cy1vbmx5ISE'
const OTHER = 'YW5vdGhlci1pbnZlbnRlZC1rZXktZm9yLXRlc3RzISE'
const hex = (bytes: Uint8Array) => Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')

it('RFC 5869 §3.2: one purpose, one key', async () => {
  const made = async (key: string, purpose: string, text: string) => hex(await derivedMac(key, purpose)(text))
  const once = await made(KEY, 'a', 'text')
  expect(once).toMatch(/^[0-9a-f]{64}$/)
  expect(await made(KEY, 'a', 'text')).toBe(once)
  expect(await made(KEY, 'b', 'text')).not.toBe(once)
  expect(await made(KEY, 'a', 'texts')).not.toBe(once)
  expect(await made(OTHER, 'a', 'text')).not.toBe(once)
})
