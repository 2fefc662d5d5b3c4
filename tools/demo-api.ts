// npm run demo:api -- [--issuer URL] [--port N] [--state DIR]
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serverCertificate } from './certificate.ts'
import { startDemoApi } from './demo/api.ts'
import { apiClient } from './demo/api-client.ts'
import { introspectionAt } from './demo/introspection.ts'
import { DEFAULT_STATE } from './places.ts'
import { assertPortsFree, PortInUse } from './ports.ts'

const USAGE = `npm run demo:api -- [--issuer http://localhost:8787] [--port 8790] [--ca FILE] [--state DIR]
  an API that takes certificate-bound tokens of a running sandbox ("npm start"), at https://localhost:PORT/dossiers
  --ca FILE    what to trust, when the sandbox is served over TLS`

/** What the API serves, of its own, for which scope. */
const SCOPE = 'patient.read'

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  let values: ReturnType<typeof parse>
  try {
    values = parse(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
    return 2
  }
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535 || !URL.canParse(values.issuer)) {
    console.error(USAGE)
    return 2
  }
  const { origin: issuer } = new URL(values.issuer)
  const state = resolve(values.state)
  const ca = values.ca === undefined ? undefined : readFileSync(values.ca, 'utf8')
  const audience = `https://localhost:${port}/dossiers`
  try {
    await assertPortsFree([port])
    const client = await apiClient({ issuer, audience, scope: SCOPE, ca }, join(state, 'demo', 'api.json'))
    if ('refused' in client) {
      console.error(`The federator does not register the API: ${client.refused}`)
      return 1
    }
    const tls = await serverCertificate('localhost', join(state, 'tls'))
    const introspection = introspectionAt(issuer, client, ca)
    const api = await startDemoApi({ port, tls, issuer, audience, scope: SCOPE, introspection })
    console.log(`The API answers at ${audience}. Exchange a token for that audience, scope ${SCOPE}.`)
    console.log(`Trust ${tls.caFile} to reach it:`)
    console.log(
      `  curl --cacert ${tls.caFile} --cert client.pem --key client.key -H "Authorization: Bearer $TOKEN" ${audience}`,
    )
    await new Promise((done) => {
      process.once('SIGINT', done)
      process.once('SIGTERM', done)
    })
    await api.close()
    return 0
  } catch (error) {
    if (error instanceof PortInUse) console.error(error.message)
    else
      console.error(
        `No federator at ${issuer}? Run "npm start" first. (${error instanceof Error ? error.message : error})`,
      )
    return 1
  }
}

function parse(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      issuer: { type: 'string', default: 'http://localhost:8787' },
      port: { type: 'string', default: '8790' },
      ca: { type: 'string' },
      state: { type: 'string', default: DEFAULT_STATE },
      help: { type: 'boolean', default: false },
    },
  })
  return values
}
