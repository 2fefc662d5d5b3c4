import { env } from 'cloudflare:workers'
import { NationalId, PractitionerId } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import type { DirectoryEntry } from '../../src/rpps/directory.ts'
import { recordOf } from '../../src/rpps/record.ts'

/** An invented professional for a test: a general practitioner with one practice, unless said otherwise. */
export function anEntry(nationalId = '899700911111', change: Partial<DirectoryEntry> = {}): DirectoryEntry {
  return {
    practitioner: {
      id: PractitionerId.parse(nationalId),
      nationalId: NationalId.parse(nationalId),
      familyName: 'TESTEUR',
      givenName: 'NOA',
      codeCivilite: 'MME',
      otherIds: [{ identifiant: nationalId, origine: 'RPPS', qualite: 1 }],
      exercices: [
        {
          codeProfession: '10',
          codeCategorieProfessionnelle: 'C',
          codeCiviliteDexercice: 'DR',
          nomDexercice: 'TESTEUR',
          prenomDexercice: 'NOA',
          codeTypeSavoirFaire: 'S',
          codeSavoirFaire: 'SM54',
          activities: [],
        },
      ],
    },
    status: 'active',
    contact: { email: 'noa.testeur@exemple.test', phone: '+33639980000' },
    ...change,
  }
}

/** Puts a person into the directory's table. */
export async function inDirectory({ practitioner, status, contact }: DirectoryEntry): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO practitioner (id, national_id, family_name, given_name, status, email, phone, record, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
    .bind(
      practitioner.id,
      practitioner.nationalId,
      practitioner.familyName,
      practitioner.givenName,
      status,
      contact.email,
      contact.phone,
      recordOf(practitioner),
      systemClock(),
    )
    .run()
}
