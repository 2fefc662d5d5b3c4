/**
 * The web app manifest (W3C Web Application Manifest). `id` and `start_url` never change: an installed app is found
 * again by them, and its storage holds the device key.
 */
export const manifest = (product: string) => ({
  id: '/ecps/',
  name: `${product} · e-CPS`,
  short_name: 'e-CPS',
  description: 'Approuver ses connexions avec son téléphone.',
  lang: 'fr',
  dir: 'ltr',
  start_url: '/ecps/',
  scope: '/ecps/',
  display: 'standalone',
  background_color: '#FBFAF6',
  theme_color: '#FBFAF6',
  categories: ['medical', 'security'],
  icons: [
    { src: '/icons/mark.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
})
