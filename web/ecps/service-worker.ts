const ADDRESS = '/ecps/sw.js'

/** The one address that may become a script here; the page's policy allows no other. */
function trustedAddress(): string {
  const policy = globalThis.trustedTypes?.createPolicy('serment', {
    createScriptURL: (url) => {
      if (url !== ADDRESS) throw new TypeError('only the service worker is a script by address')
      return url
    },
  })
  return policy?.createScriptURL(ADDRESS) ?? ADDRESS
}

/** A version that waited since the last visit takes over at this cold start, before anything was asked of the person. */
export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    const registration = await navigator.serviceWorker.register(trustedAddress(), {
      scope: '/ecps/',
      updateViaCache: 'none',
    })
    registration.waiting?.postMessage('take-over')
  } catch {
    // Without it the app works while there is a network.
  }
}
