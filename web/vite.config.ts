import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { manifest } from './ecps/manifest.ts'

/*
 * Three builds in one command, in this order, because two of the results must stand alone:
 *   client   the e-CPS app (hashed files under /assets/) and the stylesheet of the rendered pages (/styles.css)
 *   mire     one file of a fixed name, /mire.js: pages name it, and a nonce covers it
 *   worker   /ecps/sw.js, which is told what the first build wrote
 */

const here = import.meta.dirname
const source = (path: string) => resolve(here, path)

/** The product's name has one home, wrangler.toml; a static page cannot ask the Worker for it. */
const PRODUCT =
  /^PRODUCT_NAME = "(.+)"$/m.exec(readFileSync(source('../wrangler.toml'), 'utf8'))?.[1] ?? 'Serment'

/** Chunks that the app asks for only when it needs them; everything else is its shell. */
const LAZY = /\/decoder-/

const shell: string[] = []

function product(): Plugin {
  return {
    name: 'serment:product',
    transformIndexHtml: (html) => html.replaceAll('%PRODUCT%', PRODUCT),
    applyToEnvironment: (environment) => environment.name === 'client',
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'ecps/manifest.webmanifest',
        source: JSON.stringify(manifest(PRODUCT)),
      })
    },
  }
}

/** Notes the files of the app's shell, and hands them to the service worker as `virtual:shell`. */
function precache(): Plugin {
  return {
    name: 'serment:precache',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (this.environment.name !== 'client') return
        const version = createHash('sha256')
        for (const [name, file] of Object.entries(bundle)) {
          version.update(name).update(file.type === 'chunk' ? file.code : file.source)
          if (name.startsWith('assets/') && !LAZY.test(name)) shell.push(`/${name}`)
        }
        shell.push('/ecps/', '/ecps/manifest.webmanifest', '/icons/mark.svg', '/icons/icon-192.png')
        shell.unshift(version.digest('hex').slice(0, 12))
      },
    },
    resolveId: (id) => (id === 'virtual:shell' ? '\0virtual:shell' : undefined),
    load(id) {
      if (id !== '\0virtual:shell') return undefined
      const [version = 'none', ...files] = shell
      return `export const VERSION = ${JSON.stringify(version)}\nexport const FILES = ${JSON.stringify(files)}`
    },
  }
}

/** A fixed name for the rendered pages' stylesheet, hashed names for the app's files. */
const assetName = (names: readonly string[]) =>
  names.some((name) => basename(name) === 'styles.css') ? 'styles.css' : 'assets/[name]-[hash][extname]'

export default defineConfig({
  root: here,
  publicDir: source('public'),
  define: { __PRODUCT__: JSON.stringify(PRODUCT) },
  plugins: [product(), precache()],
  build: {
    outDir: source('dist'),
    target: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  environments: {
    client: {
      build: {
        emptyOutDir: true,
        rolldownOptions: {
          input: { ecps: source('ecps/index.html'), styles: source('design/styles.css') },
          output: {
            entryFileNames: 'assets/[name]-[hash].js',
            chunkFileNames: 'assets/[name]-[hash].js',
            assetFileNames: (asset) => assetName(asset.names),
          },
        },
      },
    },
    mire: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: {
          input: source('mire/mire.ts'),
          output: { entryFileNames: 'mire.js', codeSplitting: false },
        },
      },
    },
    worker: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: {
          input: source('ecps/sw.ts'),
          output: { entryFileNames: 'ecps/sw.js', codeSplitting: false },
        },
      },
    },
  },
  builder: {
    sharedConfigBuild: true,
    async buildApp(builder) {
      for (const name of ['client', 'mire', 'worker']) {
        const environment = builder.environments[name]
        if (environment !== undefined) await builder.build(environment)
      }
    },
  },
})
