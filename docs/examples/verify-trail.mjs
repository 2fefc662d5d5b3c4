// Verifies an export of the audit trail with nothing of the product: Node 20 and this file.
//   node verify-trail.mjs trail.jsonl [jwks.json]
// With jwks.json (the deployment's jwks_uri, saved), the last signature must be by one of its keys; without it, by one of
// those in the export, which only shows that one key signed. Ends with 0 if nothing is wrong.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [path, jwksPath] = process.argv.slice(2)
if (path === undefined) {
  console.error('node verify-trail.mjs trail.jsonl [jwks.json]')
  process.exit(2)
}
const published = jwksPath === undefined ? undefined : JSON.parse(readFileSync(jwksPath, 'utf8')).keys
const exported = []
const digest = (array) => createHash('sha256').update(JSON.stringify(array)).digest('base64url')

let problems = 0
const wrong = (seq, what) => {
  problems += 1
  console.log(`entry ${seq}: ${what}`)
}

const commitmentOf = (e) => digest([1, e.salt, e.practitionerId, e.place, e.detail])
const hashOf = (e) => digest([1, e.seq, e.previous, e.id, e.at, e.kind, e.clientId, e.means, e.commitment])

/** Whether one of these keys made this compact JWS (ES256), and it says what the line says. */
function isSigned({ jws, seq, hash, at }, keys) {
  const [header, payload, signature] = jws.split('.')
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { alg, kid, typ } = read(header)
  const claims = read(payload)
  const says = claims.seq === seq && claims.hash === hash && claims.iat === at
  const jwk = keys.find((key) => key.kid === kid)
  if (jwk === undefined || alg !== 'ES256' || typ !== 'trail-checkpoint+jwt' || !says) return false
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }
  return verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
}

let last
let count = 0
let newest
let end
for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
  const { type, ...record } = JSON.parse(line)
  if (type === 'trail') last = record.after
  else if (type === 'key') exported.push(record.jwk)
  else if (type === 'entry') {
    count += 1
    if (record.seq > last.seq + 1) wrong(last.seq + 1, `removed, as far as ${record.seq - 1}`)
    else if (record.seq <= last.seq) wrong(record.seq, 'added, or out of its place')
    else if (record.previous !== last.hash) wrong(record.seq, 'does not stand on the entry before it')
    if (hashOf(record) !== record.hash) wrong(record.seq, 'changed, or moved')
    const isEmpty = record.practitionerId === null && record.place === null && record.detail === null
    if (record.salt === null ? !isEmpty : commitmentOf(record) !== record.commitment)
      wrong(record.seq, 'person, place or detail changed')
    last = { seq: record.seq, hash: record.hash }
  } else if (type === 'checkpoint') {
    newest = record
    if (!isSigned(record, [...(published ?? []), ...exported])) wrong(record.seq, 'its signature is not good')
    if (record.seq > last.seq) wrong(record.seq, 'signed, and not there: the end was cut off')
    else if (record.seq === last.seq && record.hash !== last.hash)
      wrong(record.seq, 'another head was signed')
  } else if (type === 'end') end = record
}
if (end === undefined) wrong(last.seq, 'the file stops here')
else if (end.seq !== last.seq || end.hash !== last.hash) wrong(end.seq, 'the file said that it ended there')
if (newest === undefined) console.log('No head is signed in this export: only its hashes speak.')
else if (published !== undefined && !isSigned(newest, published))
  wrong(newest.seq, 'the newest signature is not by a published key')
else console.log(`Signed as far as entry ${newest.seq}, at ${new Date(newest.at * 1000).toISOString()}.`)
console.log(`${count} entries, ${problems === 0 ? 'nothing wrong' : `${problems} wrong`}.`)
process.exitCode = problems === 0 ? 0 : 1
