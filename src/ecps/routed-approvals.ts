import type { Approvals, WaitingApprovals } from './approvals.ts'

/**
 * Approvals that wait in several places, told apart by how their ids begin; an id with none of these beginnings is
 * `logins`'. Only logins are ever paired with: nothing else shows a QR or a code to type.
 */
export function routedApprovals(
  logins: Approvals,
  others: Readonly<Record<string, WaitingApprovals>>,
): Approvals {
  const routes = Object.entries(others)
  const of = (id: string): WaitingApprovals => routes.find(([start]) => id.startsWith(start))?.[1] ?? logins
  return {
    pair: (scanned, practitionerId) => logins.pair(scanned, practitionerId),
    find: (id, practitionerId) => of(id).find(id, practitionerId),
    decide: (id, choice, by) => of(id).decide(id, choice, by),
    cancel: (id, reason) => of(id).cancel(id, reason),
  }
}
