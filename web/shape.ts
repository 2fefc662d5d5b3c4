/**
 * Guards for messages from the server. zod describes these in the contracts under src/, and is too big for a browser
 * on a hospital's network: `shape<T>` holds each guard to the type that zod infers instead.
 */
export type Guard<T> = (value: unknown) => value is T

export const isString: Guard<string> = (value) => typeof value === 'string'
export const isNumber: Guard<number> = (value): value is number =>
  typeof value === 'number' && Number.isFinite(value)
export const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean'

export const isRecord: Guard<Record<string, unknown>> = (value): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const oneOf =
  <const T extends readonly string[]>(...allowed: T): Guard<T[number]> =>
  (value): value is T[number] =>
    allowed.some((one) => one === value)

export const listOf =
  <T>(guard: Guard<T>): Guard<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.every(guard)

export const orNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || guard(value)

/** For a member that a message may leave out. */
export const orAbsent =
  <T>(guard: Guard<T>): Guard<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || guard(value)

export const shape =
  <T extends object>(fields: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> =>
  (value): value is T => {
    if (!isRecord(value)) return false
    for (const name in fields) if (!fields[name](value[name])) return false
    return true
  }

/** The value that JSON text stands for, if it has the shape. */
export function parse<T>(text: string, guard: Guard<T>): T | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return guard(value) ? value : undefined
  } catch {
    return undefined
  }
}
