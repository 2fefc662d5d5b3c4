import type { PresentedChain } from '../protocol/pki/presented-chain.ts'
import type { Trust } from './trust.ts'

/**
 * An organisation's certificate put to the registry, in the words of who authenticates clients: the range of its
 * authority, or why not, for the trail.
 */
export const examineOrganisation =
  (trust: Trust) =>
  async (presented: PresentedChain): Promise<{ readonly range: string } | { readonly refused: string }> => {
    const examined = await trust.examine(presented, 'organisation')
    return 'refused' in examined
      ? { refused: `${examined.refused}: ${examined.detail}` }
      : { range: examined.trusted.range }
  }
