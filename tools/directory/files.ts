import { fileURLToPath } from 'node:url'

/** The folder of the sandbox's people. */
export const PEOPLE = fileURLToPath(new URL('../../src/sandbox/people', import.meta.url))

export const OPEN_FILE = 'PS_LibreAcces_Personne_activite_sandbox.txt'
export const RESTRICTED_FILE = 'Extraction_ProSanteConnect_Personne_activite_sandbox.txt'
export const SUSPENSIONS_FILE = 'suspensions.csv'

/** The restricted extract has the contact details; the open one the same people as the public sees them. */
export const PEOPLE_FILES = [OPEN_FILE, RESTRICTED_FILE]
