/** The product's name, put in by the build (vite.config.ts reads it in wrangler.toml). */
declare const __PRODUCT__: string

/** What the first build wrote, for the service worker. */
declare module 'virtual:shell' {
  export const VERSION: string
  export const FILES: readonly string[]
}
