import type { Brand } from './brand.ts'

/** Seconds since 1970-01-01T00:00:00Z, whole: the specifications' `NumericDate` (RFC 7519 §2). */
export type Instant = Brand<number, 'Instant'>

/** What time it is. Protocol code never asks: it is told. */
export type Clock = () => Instant

/** An `Instant` from any number of seconds; fractions are dropped. */
export const instant = (seconds: number): Instant => Math.floor(seconds) as Instant

/** `at` moved by `seconds` (which may be negative). */
export const after = (at: Instant, seconds: number): Instant => instant(at + seconds)

/** The clock of the machine. */
export const systemClock: Clock = () => instant(Date.now() / 1000)
