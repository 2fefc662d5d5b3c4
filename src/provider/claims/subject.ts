/**
 * `sub` of a practitioner, in Pro Santé Connect's form (PSC §1.4): `f:<uuid of the deployment>:<id>`. The id is the
 * first one under which the directory knew the person, so `sub` survives a change of national id.
 */
export const subjectOf = (userStoreId: string, practitionerId: string): string =>
  `f:${userStoreId}:${practitionerId}`
