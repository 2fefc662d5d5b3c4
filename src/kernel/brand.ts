declare const brand: unique symbol

/** A `Base` that only its own parser can make, so that two strings of different meaning cannot be swapped. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }
