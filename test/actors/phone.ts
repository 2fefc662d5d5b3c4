import { base64url } from 'jose'
import { z } from 'zod'
import { approvalChallenge } from '../../src/ecps/approval.ts'
import { ActivationBegun, type ApprovalRequest, CodesAccepted } from '../../src/ecps/contract.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { createCredential, getAssertion, type SoftwareCredential } from '../../src/sandbox/authenticator.ts'
import { createDeviceKey, type DeviceKey, deviceProof } from '../../src/sandbox/device-key.ts'

/** A federator that can be called: the composed app, or the routes under test. */
export interface Reachable {
  readonly origin: string
  readonly fetch: (request: Request) => Response | Promise<Response>
}

export interface Called {
  readonly status: number
  readonly headers: Headers
  /** The JSON text exactly as it came. */
  readonly text: string
  readonly json: unknown
}

/** What may be wrong with a call. Whatever is left out is as it should be. */
export interface Tampering {
  readonly proof?: string | null
  readonly key?: DeviceKey
  readonly about?: { readonly method?: string; readonly path?: string; readonly body?: string }
  readonly at?: number
  readonly contentType?: string
}

const Options = z.object({
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ alg: z.number() })),
})

/** A phone that really signs: a passkey and a device key in software, over the public endpoints only. */
export class Phone {
  readonly app: Reachable
  readonly device: DeviceKey
  credential: SoftwareCredential | undefined

  constructor(app: Reachable, device: DeviceKey) {
    this.app = app
    this.device = device
  }

  static async unpacked(app: Reachable): Promise<Phone> {
    return new Phone(app, await createDeviceKey())
  }

  /** A call without proof, as the first two of an activation are. */
  async post(path: string, message: unknown, headers: Record<string, string> = {}): Promise<Called> {
    return this.#send('POST', path, JSON.stringify(message), {
      'content-type': 'application/json',
      ...headers,
    })
  }

  /** A call with its proof. */
  async call(
    method: 'GET' | 'POST',
    path: string,
    message?: unknown,
    wrong: Tampering = {},
  ): Promise<Called> {
    const body = message === undefined ? '' : JSON.stringify(message)
    const proof =
      wrong.proof === undefined
        ? await this.proofFor(
            wrong.about?.method ?? method,
            wrong.about?.path ?? path,
            wrong.about?.body ?? body,
            wrong,
          )
        : wrong.proof
    const headers: Record<string, string> = {}
    if (proof !== null) headers['device-proof'] = proof
    if (body !== '') headers['content-type'] = wrong.contentType ?? 'application/json'
    return this.#send(method, path, body, headers)
  }

  proofFor(method: string, path: string, body: string, wrong: Tampering = {}): Promise<string> {
    const call = { method, url: `${this.app.origin}/ecps/api/${path}`, body }
    const now = (wrong.at ?? systemClock()) as ReturnType<typeof systemClock>
    return deviceProof(wrong.key ?? this.device, call, now, systemEntropy)
  }

  /** Asks for the codes, reads them and types them; answers the handle and what the passkey is made from. */
  async begin(nationalId: string, read: () => { emailCode: string; smsCode: string } | undefined) {
    const begun = ActivationBegun.parse((await this.post('activations', { nationalId })).json)
    const codes = read()
    if (codes === undefined) throw new Error('no codes came')
    const given = await this.post('activations/codes', { activation: begun.activation, ...codes })
    const options = Options.parse(CodesAccepted.parse(given.json).registration)
    return { activation: begun.activation, options }
  }

  /** Makes the passkey and finishes the activation. */
  async finish(
    { activation, options }: Awaited<ReturnType<Phone['begin']>>,
    { synced = true, name = 'Téléphone' } = {},
  ): Promise<Called> {
    const made = await createCredential(options as never, this.app.origin, systemEntropy, { synced })
    this.credential = made.credential
    return this.call('POST', 'activations/device', {
      activation,
      attestation: made.response,
      deviceName: name,
    })
  }

  /** Signs a choice as the app does after the tap. */
  async sign(
    request: Pick<z.output<typeof ApprovalRequest>, 'nonce' | 'context'>,
    choice: string,
    { credential = this.credential, origin = this.app.origin } = {},
  ) {
    if (credential === undefined) throw new Error('not activated')
    const challenge = await approvalChallenge(request.nonce, request.context, choice)
    const asserted = await getAssertion(credential, { challenge }, origin)
    if (credential === this.credential) this.credential = asserted.credential
    return asserted.response
  }

  /** Taps a choice: signs it and sends it. */
  async tap(request: z.output<typeof ApprovalRequest>, choice: string): Promise<Called> {
    const assertion = await this.sign(request, choice)
    return this.call('POST', 'decisions', { id: request.id, choice, assertion })
  }

  async #send(method: string, path: string, body: string, headers: Record<string, string>): Promise<Called> {
    const request = new Request(`${this.app.origin}/ecps/api/${path}`, {
      method,
      headers,
      ...(body === '' ? {} : { body }),
    })
    const response = await this.app.fetch(request)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parsed(text) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const randomToken = (): string => base64url.encode(systemEntropy(16))
