// Says in one line what is missing, before a file is read that an old Node cannot parse.
// Usage: node tools/preflight.mjs <command>.ts [options]
import { existsSync } from 'node:fs'

const NEEDED = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)

function stop(line) {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  stop(
    `Node ${NEEDED.join('.')} or newer is needed and this is ${process.versions.node}: run it as "npm start" or "npm test" after "npm ci", which brings Node 24.`,
  )
}
if (!existsSync(new URL('../node_modules/wrangler/package.json', import.meta.url))) {
  stop('The dependencies are not installed: run "npm ci" first.')
}

const command = process.argv[2]
process.argv.splice(1, 2, new URL(command, import.meta.url).pathname)
await import(new URL(command, import.meta.url).href)
