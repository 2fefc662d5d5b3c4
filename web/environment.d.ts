/** The product's name, put in by the build (vite.config.ts reads it in wrangler.toml). */
declare const __PRODUCT__: string

/** What the first build wrote, for the service worker. */
declare module 'virtual:shell' {
  export const VERSION: string
  export const FILES: readonly string[]
}

/** Shape Detection API: on phones with Android only, so the DOM library has no word for it. */
declare class BarcodeDetector {
  static getSupportedFormats(): Promise<readonly string[]>
  constructor(options: { formats: readonly string[] })
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}

/** Trusted Types (W3C), as far as it is used: the address that comes out is handed to `register`, which takes a string. */
declare var trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
      ): { createScriptURL(url: string): string }
    }
  | undefined

interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<unknown>
}

interface WindowEventMap {
  beforeinstallprompt: BeforeInstallPromptEvent
}
