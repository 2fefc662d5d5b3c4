import type { ShownCard } from './card-reader.ts'

/**
 * What a card is shown for. The handle in the address of the card host is `<object>.<secret>` of whoever awaits the
 * card; what that answers is where the browser goes back to, with a one-time handle of its own.
 */
export interface CardDestination {
  /** Hands the card over, once. */
  present(
    handle: string,
    shown: ShownCard,
  ): Promise<{ readonly next: string } | { readonly refused: 'link-expired'; readonly detail: string }>
  /** Where a person goes who would rather do without a card; says nothing of whether the handle is good. */
  withoutCard(handle: string): string | undefined
}

/** By the first segment of the path after `/card/`. */
export type CardDestinations = Readonly<Record<string, CardDestination>>
