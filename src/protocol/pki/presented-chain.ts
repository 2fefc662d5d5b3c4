/** A certificate and what came with it, as a connection presented them: DER, nothing of it believed yet. */
export interface PresentedChain {
  readonly leaf: Uint8Array
  /** Unordered, and whatever the client liked to send. */
  readonly chain: readonly Uint8Array[]
}
