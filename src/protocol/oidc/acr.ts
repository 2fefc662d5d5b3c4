/**
 * Authentication context classes, weakest first: Pro Santé Connect's `eidas1`, then phishing-resistant, and
 * phishing-resistant in hardware (OpenID EAP ACR Values 1.0 §2).
 */
export const ACR_VALUES = ['eidas1', 'phr', 'phrh'] as const
export type Acr = (typeof ACR_VALUES)[number]

/**
 * The classes asked for, that we know. Others are left out: `acr_values` is a wish (OIDC Core §3.1.2.1), and the
 * answer states what was reached.
 */
export const parseAcrValues = (text: string | undefined): readonly Acr[] => acrAmong(text?.split(' ') ?? [])

/** Those of these words that are classes of ours, weakest first. */
export const acrAmong = (words: readonly string[]): readonly Acr[] =>
  ACR_VALUES.filter((acr) => words.includes(acr))

const satisfies = (reached: Acr, asked: Acr): boolean =>
  ACR_VALUES.indexOf(reached) >= ACR_VALUES.indexOf(asked)

/** Whether only phishing-resistant means can answer. */
export const wantsPhishingResistance = (asked: readonly Acr[]): boolean =>
  asked.length > 0 && !asked.includes('eidas1')

/** Whether this class is enough for what was asked. Any class is enough when nothing was. */
export const isEnough = (reached: Acr, asked: readonly Acr[]): boolean =>
  asked.length === 0 || asked.some((acr) => satisfies(reached, acr))

/**
 * The `acr` to state. `eidas1` where it, or nothing, was asked: Pro Santé Connect's relying parties accept no other
 * value. Else the strongest class asked that was reached; and where none was, the truth.
 */
export function statedAcr(reached: Acr, asked: readonly Acr[]): Acr {
  if (!wantsPhishingResistance(asked)) return 'eidas1'
  return asked.findLast((acr) => satisfies(reached, acr)) ?? reached
}
