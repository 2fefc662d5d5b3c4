import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import type { Entry } from '../../src/audit/chain.ts'
import type { Checkpoint, CheckpointSigner } from '../../src/audit/checkpoint.ts'
import { isSigned } from '../../src/audit/checkpoint.ts'
import { trailRecords } from '../../src/audit/records.d1.ts'
import { d1Trail } from '../../src/audit/trail.d1.ts'
import { ChainVerifier, type Finding } from '../../src/audit/verify.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { type Clock, instant } from '../../src/kernel/instant.ts'

export const TRAIL_NOW = instant(1_800_000_000)

/** A key like the ring's, without a ring. */
export async function checkpointKey(kid: string): Promise<CheckpointSigner> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }
  return {
    sign: (claims, { typ, alg }) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg, typ, kid }).sign(privateKey),
    jwks: async () => ({ keys: [jwk] }),
  }
}

/** The trail of the test's database. */
export const trailStore = (signer?: CheckpointSigner, clock: Clock = () => TRAIL_NOW) =>
  d1Trail({
    database: env.DB,
    signer,
    issuer: 'https://id.example.org',
    clock,
    entropy: systemEntropy,
  })

/** Everything that the verifier finds in these, in the order of a chain. */
export async function findingsIn(
  entries: readonly Entry[],
  checkpoints: readonly Checkpoint[] = [],
  keys: JSONWebKeySet = { keys: [] },
): Promise<readonly Finding[]> {
  const verifier = new ChainVerifier()
  const findings: Finding[] = []
  for (const entry of entries) {
    findings.push(...(await verifier.entry(entry)))
    for (const checkpoint of checkpoints.filter(({ seq }) => seq === entry.seq))
      findings.push(...verifier.checkpoint(checkpoint, await isSigned(checkpoint, keys)))
  }
  const last = entries.at(-1)?.seq ?? 0
  for (const checkpoint of checkpoints.filter(({ seq }) => seq > last))
    findings.push(...verifier.checkpoint(checkpoint, await isSigned(checkpoint, keys)))
  return [...findings, ...(await verifier.end())]
}

/** The chain of the test's database, and what is wrong with it. */
export async function storedChain(keys: JSONWebKeySet = { keys: [] }) {
  const entries: Entry[] = []
  const checkpoints: Checkpoint[] = []
  const findings: Finding[] = []
  const verifier = new ChainVerifier()
  for await (const record of trailRecords(env.DB)) {
    if (record.type === 'entry') {
      findings.push(...(await verifier.entry(record.entry)))
      if (!('unreadable' in record.entry)) entries.push(record.entry)
    } else {
      checkpoints.push(record.checkpoint)
      findings.push(...verifier.checkpoint(record.checkpoint, await isSigned(record.checkpoint, keys)))
    }
  }
  findings.push(...(await verifier.end()))
  return { entries, checkpoints, findings }
}
