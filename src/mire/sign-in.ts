import type { CredentialId } from '../kernel/identifiers.ts'
import type { Passkey } from '../passkeys/passkey.ts'
import type { DirectoryEntry } from '../rpps/directory.ts'
import type { Known } from './acquaintance.ts'

/** Everything that a sign-in by passkey has to know about the person, in one read. */
export interface PasskeyOwner {
  readonly passkey: Passkey
  readonly entry: DirectoryEntry
  /** The services they were told about. All of them: which one is asking is known by the login, not by the browser. */
  readonly known: Known
}

/** The only query of a sign-in by passkey. */
export interface PasskeyOwners {
  /** Whose passkey this is, unless it is unknown or revoked. */
  find(id: CredentialId): Promise<PasskeyOwner | undefined>
}
