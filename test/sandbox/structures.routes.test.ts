import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { instant } from '../../src/kernel/instant.ts'
import { STRUCTURES } from '../../src/sandbox/authority/cards.ts'
import { structureId } from '../../src/structures/structure.ts'
import { d1Structures } from '../../src/structures/structures.d1.ts'
import { CARD_ORIGIN, cardDesk, edgeFields } from '../actors/card-desk.ts'

const desk = await cardDesk()
const Sold = z.object({ certificate: z.string(), chain: z.array(z.string()) })
const json = (path: string, body: unknown) =>
  desk.fetch(
    new Request(`${desk.issuer}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
const derOf = (pem: string) =>
  Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----|\s/g, '')), (character) => character.charCodeAt(0))
const bought = async (wanted: Readonly<Record<string, unknown>>) =>
  Sold.parse(await (await json('/sandbox/cards', { software: 'DOSSIER-AUTO', ...wanted })).json())
const bind = (clientId: string, ...pems: readonly string[]) =>
  json('/sandbox/structures/bindings', { client_id: clientId, certificate: pems.join('\n') })

beforeAll(async () => {
  const known = STRUCTURES.flatMap(({ id: text, name }) => {
    const id = structureId(text)
    const number = text.slice(1)
    const finess = text.startsWith('1') ? number : undefined
    const siret = text.startsWith('3') ? number : undefined
    return id === undefined ? [] : [{ id, name, finess, siret, entity: undefined }]
  })
  await d1Structures(env.DB).upsert(known, instant(0))
})

describe('POST /sandbox/structures/bindings', () => {
  it.each(STRUCTURES.map(({ id, name }) => [id, name]))(
    'a certificate of the shop makes a client the software of %s, %s',
    async (id, name) => {
      const { certificate, chain } = await bought({ structure: id })
      const registered = await json('/register', {
        client_name: 'Logiciel',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: `CN=DOSSIER-AUTO,OU=${id},O=${name},ST=${departmentOf(id)},C=FR`,
      })
      const { client_id } = z.object({ client_id: z.string() }).parse(await registered.json())
      const bound = await bind(client_id, certificate, ...chain)
      expect(await bound.json()).toEqual({ structure: { id, name }, range: expect.any(String) })
      expect(bound.status).toBe(201)
      const response = await desk.fetch(
        new Request(`${CARD_ORIGIN}/token`, {
          method: 'POST',
          body: new URLSearchParams({ grant_type: 'client_credentials', client_id }),
          cf: edgeFields({ leaf: derOf(certificate), chain: chain.map(derOf) }),
        } as RequestInit),
      )
      const { access_token } = z.object({ access_token: z.string() }).parse(await response.json())
      expect(decodeJwt(access_token)).toMatchObject({
        structure: { id, name },
        cnf: { 'x5t#S256': expect.any(String) },
      })
    },
  )

  it.each([
    ['of a foreign authority', { kind: 'foreign' }, /unknown-authority/],
    ['that is revoked', { kind: 'revoked' }, /revoked/],
    ['that is expired', { kind: 'expired' }, /expired/],
  ])('refuses a certificate %s', async (_, wanted, why) => {
    const { certificate, chain } = await bought({ structure: STRUCTURES[0].id, ...wanted })
    const refused = await bind('any', certificate, ...chain)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual({
      error: 'invalid_certificate',
      error_description: expect.stringMatching(why),
    })
  })

  it.each([
    ['nothing', undefined],
    ['no certificate', { client_id: 'any', certificate: 'hello' }],
    [
      'what is no base64',
      { client_id: 'any', certificate: '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----' },
    ],
    ['no client', { certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }],
  ])('400 for %s', async (_, body) => {
    const response = await json('/sandbox/structures/bindings', body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})

const departmentOf = (id: string): string => STRUCTURES.find((one) => one.id === id)?.department ?? ''
