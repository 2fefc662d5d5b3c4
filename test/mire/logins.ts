import { base64url } from 'jose'
import { digest } from '../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId, NationalId, PractitionerId } from '../../src/kernel/identifiers.ts'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import type { Authentication } from '../../src/mire/authentication.ts'
import { dynamicCode } from '../../src/mire/dynamic-code.ts'
import { beginLogin, type Login, type Pairing } from '../../src/mire/login.ts'
import type { LoginRequest } from '../../src/mire/logins.ts'
import { newPairingCode } from '../../src/mire/pairing-code.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'

export const NOW = instant(1_800_000_000)
export const LIFETIMES = { login: 600, approval: 90, pairing: 90 }
export const BROWSER = await digest('the browser that began')
export const OTHER_BROWSER = await digest('another browser')

export const CAMILLE: Practitioner = {
  id: PractitionerId.parse('810000000018'),
  nationalId: NationalId.parse('810000000018'),
  familyName: 'AUBRAC',
  givenName: 'Camille',
  codeCivilite: 'MME',
  otherIds: [],
  exercices: [],
}
export const SOMEONE_ELSE: Practitioner = { ...CAMILLE, id: PractitionerId.parse('810000000026') }

export const REQUEST: LoginRequest = {
  clientId: ClientId.parse('dossier-demo'),
  clientName: 'Dossier Démo',
  scope: 'openid identity',
  phishingResistant: false,
  loginHint: undefined,
  uiLocales: undefined,
  returnTo: '{"redirectUri":"https://dossier.example/back"}',
}

/** Has been told about the service already, so that nothing is left to read. */
export const KNOWN = { 'dossier-demo': 'openid identity' }

export const authentication = (practitioner = CAMILLE, authTime: Instant = NOW): Authentication => ({
  practitioner,
  authMode: 'PASSKEY',
  contextClass: 'phr',
  amr: ['pop', 'user', 'mfa', 'swk'],
  authTime,
})

export const login = (over: Partial<LoginRequest> = {}, known?: Authentication): Login =>
  beginLogin(
    {
      name: newObjectName(systemEntropy),
      request: { ...REQUEST, ...over },
      browser: BROWSER,
      place: { ...NOWHERE, city: 'Lyon' },
      description: 'Firefox, Windows',
      known,
    },
    NOW,
    LIFETIMES,
  )

export async function pairing(expiresAt: Instant = instant(NOW + 90)): Promise<Pairing> {
  const secret = base64url.encode(systemEntropy(16))
  const code = newPairingCode(systemEntropy)
  return { secret, secretDigest: await digest(secret), code, codeDigest: await digest(code), expiresAt }
}

export const seed = () => ({
  id: base64url.encode(systemEntropy(16)),
  nonce: base64url.encode(systemEntropy(32)),
})

export const code = () => dynamicCode(systemEntropy)

export const at = (seconds: number): Instant => instant(NOW + seconds)
