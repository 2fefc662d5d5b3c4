import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { approvalChallenge } from '../../src/ecps/approval.ts'
import { Decided, Requests } from '../../src/ecps/contract.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { getAssertion } from '../../src/sandbox/authenticator.ts'
import { deviceProof } from '../../src/sandbox/device-key.ts'
import { expectStatus, type LoopbackClient } from './client.ts'
import type { Person } from './side.ts'

/** A request reaches the phone from behind the service's answer: looks, and milliseconds between them. */
const LOOKS = 200
const PAUSE = 2

/** At Serment: the e-CPS lists what waits and signs the choice; each of its calls carries a proof by the device key. */
export async function approveByApp(client: LoopbackClient, person: Person, code: string): Promise<void> {
  const origin = client.issuer.origin
  const call = async (method: 'GET' | 'POST', path: string, body = '') => {
    const proof = await deviceProof(
      person.device,
      { method, url: `${origin}${path}`, body },
      systemClock(),
      systemEntropy,
    )
    const json = body === '' ? {} : { 'content-type': 'application/json' }
    const answer = await client.ask(path, {
      method,
      headers: { origin, 'device-proof': proof, ...json },
      body: body === '' ? undefined : body,
    })
    return JSON.parse(expectStatus(answer, path, 200).body)
  }
  const request = await waiting(async () => {
    const { requests } = Requests.parse(await call('GET', '/ecps/api/requests'))
    return requests.find(({ values }) => values.includes(code))
  })
  const challenge = await approvalChallenge(request.nonce, request.context, code)
  const { response } = await getAssertion(person.credential, { challenge }, origin)
  const decision = JSON.stringify({ id: request.id, choice: code, assertion: response })
  const { outcome } = Decided.parse(await call('POST', '/ecps/api/decisions', decision))
  if (outcome !== 'approved') throw new Error(`the phone: ${outcome}`)
}

const Waiting = z.object({ id: z.string(), challenge: z.string() }).optional()

/** At the yardstick: the nearest to it, the same two calls and the same passkey. */
export async function approveByPage(client: LoopbackClient, person: Person): Promise<void> {
  const path = `/phone/${person.hint}`
  const request = await waiting(async () =>
    Waiting.parse(JSON.parse(expectStatus(await client.ask(path), path, 200).body).request),
  )
  const { response } = await getAssertion(person.credential, request, client.issuer.origin)
  const body = JSON.stringify({ id: request.id, assertion: response })
  expectStatus(await client.ask(path, { method: 'POST', body }), path, 200)
}

async function waiting<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < LOOKS; i++) {
    const found = await look()
    if (found !== undefined) return found
    await pause(PAUSE)
  }
  throw new Error('no request reached the phone')
}
