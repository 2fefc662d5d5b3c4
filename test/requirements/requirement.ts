/** The name of a test that holds a requirement. */
export interface HeldBy {
  /** From the top of the project: `test/conformance/rfc7636-pkce/pkce.test.ts`. */
  readonly file: string
  /**
   * Part of the test's full name, as it is written in the file: a title, the name of a row of `it.each`, or a title with
   * its places (`a verifier %s`), which then stand for anything. Every test of the file whose name has it must pass.
   */
  readonly test: string
}

/** What a specification demands of a provider (MUST, MUST NOT, REQUIRED, SHALL), in our own words. */
export type Requirement = {
  /** Without the sign: `4.6`, `2.1.1`, `app. B`. */
  readonly section: string
  /** One sentence, without a full stop. */
  readonly must: string
} & ({ readonly heldBy: readonly [HeldBy, ...HeldBy[]] } | { readonly notHeld: string })

export interface Specification {
  /** As it is cited: `RFC 7636`, `OIDC Core`. */
  readonly id: string
  readonly title: string
  readonly address: string
  /** Its folders under `test/conformance`. */
  readonly folders: readonly [string, ...string[]]
  /** Which parts bear on a provider, and which are left out and why. */
  readonly bearing: string
  readonly requirements: readonly Requirement[]
}

/** The tests of one file, by name: `const pkce = testsOf('test/conformance/rfc7636-pkce/pkce.test.ts')`. */
export const testsOf =
  (file: string) =>
  (test: string): HeldBy => ({ file, test })
