import { mkdir, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { chromium } from 'playwright-core'

/*
 * `node web/icons/draw.ts` draws the app's PNG icons with the machine's Chromium. They are committed: a build needs no
 * browser. Set CHROMIUM when it is not at /usr/bin/chromium.
 */

const RING = 'M21.2 6.2A11 11 0 1 0 25.8 10.8'

/** `scale` is how much of the square the mark's own 32-unit box takes: maskable icons keep 20 % free all round. */
const drawing = (size: number, scale: number, radius: number) => `
<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="${radius}" fill="#0E5A4E"/>
  <g transform="translate(16 16) scale(${scale}) translate(-16 -16)">
    <path d="${RING}" fill="none" stroke="#FBFAF6" stroke-width="3.6" stroke-linecap="round"/>
  </g>
</svg>`

const ICONS = [
  { name: 'icon-192.png', size: 192, scale: 0.78, radius: 7 },
  { name: 'icon-512.png', size: 512, scale: 0.78, radius: 7 },
  { name: 'maskable-512.png', size: 512, scale: 0.62, radius: 0 },
  { name: 'apple-touch-icon.png', size: 180, scale: 0.7, radius: 0 },
]

const out = resolve(import.meta.dirname, '../public/icons')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
})
await mkdir(out, { recursive: true })
for (const { name, size, scale, radius } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<body style="margin:0">${drawing(size, scale, radius)}</body>`)
  await writeFile(resolve(out, name), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
