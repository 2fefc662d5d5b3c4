import { type NationalId, PractitionerId } from '../kernel/identifiers.ts'
import type { ExtractLine } from './extract.ts'
import { origineOf } from './national-id.ts'
import type { Activity, ContactPoints, OtherId, Practice, Practitioner } from './practitioner.ts'

/** A person put together from the lines that speak of them. */
export interface Assembled {
  readonly practitioner: Practitioner
  /** `undefined` when no file said anything of contact details: what is known already is then kept. */
  readonly contact: ContactPoints | undefined
}

interface Draft {
  civil: ExtractLine['civil']
  codeCivilite: string
  email: string | undefined
  phone: string | undefined
  readonly otherIds: Map<string, OtherId>
  readonly practices: Map<
    string,
    { practice: Omit<Practice, 'activities'>; activities: Map<string, Activity> }
  >
}

/** Collects lines in any order, of any number of files, and gives people in the order of their first line. */
export interface Assembly {
  readonly add: (line: ExtractLine) => void
  readonly people: () => Generator<Assembled>
}

/**
 * Lines of one person need not be adjacent. A practice is a profession, a category and a skill; its places follow in
 * the order of the file, and a line that repeats another adds nothing, so that the open and the restricted extract of
 * the same people can be read together. Someone listed under a number that another person's lines call a former one
 * (`qualite` 2) is that other person, and is not given twice.
 */
export function assembly(): Assembly {
  const drafts = new Map<NationalId, Draft>()
  return {
    add: (line) => {
      const known = drafts.get(line.nationalId)
      const draft = known ?? newDraft()
      if (known === undefined) drafts.set(line.nationalId, draft)
      addTo(draft, line)
    },
    people: function* () {
      const replaced = new Set<string>()
      for (const draft of drafts.values()) {
        for (const other of draft.otherIds.values()) if (other.qualite === 2) replaced.add(other.identifiant)
      }
      for (const [id, draft] of drafts) if (!replaced.has(id)) yield finish(id, draft)
    },
  }
}

/** One person of all their lines, in the order in which the files had them. */
export function personOf(nationalId: NationalId, lines: Iterable<ExtractLine>): Assembled {
  const draft = newDraft()
  for (const line of lines) addTo(draft, line)
  return finish(nationalId, draft)
}

const newDraft = (): Draft => ({
  civil: undefined,
  codeCivilite: '',
  email: undefined,
  phone: undefined,
  otherIds: new Map(),
  practices: new Map(),
})

function addTo(draft: Draft, line: ExtractLine): void {
  draft.civil ??= line.civil
  draft.codeCivilite ||= line.codeCivilite
  if (line.contact !== undefined) {
    draft.email ||= line.contact.email
    draft.phone ||= line.contact.phone
  }
  for (const other of line.otherIds) draft.otherIds.set(other.identifiant, other)
  const { codeProfession, codeCategorieProfessionnelle, codeTypeSavoirFaire, codeSavoirFaire } = line.practice
  const key = [codeProfession, codeCategorieProfessionnelle, codeTypeSavoirFaire, codeSavoirFaire].join('|')
  const group = draft.practices.get(key) ?? {
    practice: line.practice,
    activities: new Map<string, Activity>(),
  }
  draft.practices.set(key, group)
  if (line.activity !== undefined) group.activities.set(Object.values(line.activity).join('|'), line.activity)
}

function finish(nationalId: NationalId, draft: Draft): Assembled {
  const exercices = [...draft.practices.values()].map(({ practice, activities }) => ({
    ...practice,
    activities: [...activities.values()],
  }))
  const others = [...draft.otherIds.values()].filter((other) => other.identifiant !== nationalId)
  return {
    practitioner: {
      id: PractitionerId.parse(nationalId),
      nationalId,
      familyName: draft.civil?.familyName ?? exercices[0]?.nomDexercice ?? '',
      givenName: draft.civil?.givenName ?? exercices[0]?.prenomDexercice ?? '',
      codeCivilite: draft.codeCivilite,
      otherIds: [{ identifiant: nationalId, origine: origineOf(nationalId), qualite: 1 }, ...others],
      exercices,
    },
    contact:
      draft.email === undefined && draft.phone === undefined
        ? undefined
        : { email: draft.email ?? '', phone: draft.phone ?? '' },
  }
}
