import { returning } from './answer.ts'

/** Where a form of the mire may end once the provider has answered: the service's redirect URI. */
export const returnTargets = (returnTo: string): readonly string[] => [
  returning(returnTo).request.redirectUri,
]
