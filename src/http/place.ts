import { NOWHERE, type Place } from '../kernel/place.ts'

/** The place of a request from the edge's own fields; nothing that a browser can set is read. */
export function placeOf(request: Request): Place {
  const cf = request.cf as { city?: unknown; country?: unknown; asOrganization?: unknown } | undefined
  if (cf === undefined) return NOWHERE
  const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 80) : '')
  return { city: text(cf.city), country: text(cf.country), network: text(cf.asOrganization) }
}
