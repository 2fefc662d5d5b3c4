import type { Entropy } from '../kernel/handle.ts'

/** The two digits that the mire shows, and the three values that the phone offers, in their order. */
export interface DynamicCode {
  readonly code: string
  readonly values: readonly string[]
}

/** 10 to 99: two digits and no leading zero, so that everyone reads it aloud the same way. */
const CODES = Array.from({ length: 90 }, (_, index) => String(index + 10))

/**
 * Values that may stand beside `code` on the phone: both digits differ, and it is not the code read backwards, so
 * that a hurried eye cannot take one for the other. At least 71 for every code.
 */
export const decoysOf = (code: string, among: readonly string[] = CODES): readonly string[] =>
  among.filter((other) => other[0] !== code[0] && other[1] !== code[1] && other !== `${code[1]}${code[0]}`)

/** A fresh code with two decoys, unlike the code and unlike each other, shuffled here and never by the phone. */
export const dynamicCode = (entropy: Entropy): DynamicCode =>
  besideDecoys(pick(CODES, entropy), CODES, entropy)

/** 00 to 99: what a service may show (PSC §3). */
const ALL_CODES = Array.from({ length: 100 }, (_, index) => String(index).padStart(2, '0'))

/** A code that somebody else made and shows, with two decoys of ours: they may begin with 0 then, as it may. */
export const dynamicCodeOf = (code: string, entropy: Entropy): DynamicCode =>
  besideDecoys(code, ALL_CODES, entropy)

function besideDecoys(code: string, among: readonly string[], entropy: Entropy): DynamicCode {
  const first = pick(decoysOf(code, among), entropy)
  const beside = new Set(decoysOf(first, among))
  const second = pick(
    decoysOf(code, among).filter((value) => beside.has(value)),
    entropy,
  )
  return { code, values: shuffled([code, first, second], entropy) }
}

/** Uniform over `values`: bytes at or above the largest multiple of their number are thrown away, not folded. */
function pick<T>(values: readonly T[], entropy: Entropy): T {
  const value = values[below(values.length, entropy)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

/** A uniform whole number from 0 to `bound` - 1; `bound` is 256 at most. */
export function below(bound: number, entropy: Entropy): number {
  const usable = 256 - (256 % bound)
  for (;;) {
    for (const byte of entropy(16)) if (byte < usable) return byte % bound
  }
}

function shuffled<T>(values: readonly T[], entropy: Entropy): readonly T[] {
  const left = [...values]
  const out: T[] = []
  while (left.length > 0) out.push(...left.splice(below(left.length, entropy), 1))
  return out
}
