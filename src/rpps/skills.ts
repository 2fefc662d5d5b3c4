import type { NationalId } from '../kernel/identifiers.ts'
import { fieldsOf, type LineRejection, stripEnds } from './extract.ts'
import { type Column, type Layout, layoutOf, loose } from './extract-columns.ts'
import { readNationalId } from './national-id.ts'
import type { Practice, Practitioner } from './practitioner.ts'

/** One line of the extract of skills: a savoir-faire that a person has in a profession. */
export interface SkillLine {
  readonly nationalId: NationalId
  readonly skill: Pick<
    Practice,
    'codeProfession' | 'codeCategorieProfessionnelle' | 'codeTypeSavoirFaire' | 'codeSavoirFaire'
  >
}

/** The open publication's two other files. Of diplomas nothing is kept: nothing that userinfo says comes from them. */
export type OtherExtract =
  | {
      readonly kind: 'skills'
      readonly read: (line: string) => SkillLine | { readonly rejected: LineRejection }
    }
  | { readonly kind: 'diplomas' }

const OF_SKILLS: readonly Column[] = ['codeProfession', 'codeTypeSavoirFaire', 'codeSavoirFaire']
const OF_DIPLOMAS = ['Code type diplôme obtenu', 'Code diplôme obtenu'].map(loose)

/** PS_LibreAcces_SavoirFaire and PS_LibreAcces_Dipl_AutExerc, told by their headers (13 columns each). */
export function openOther(header: string): OtherExtract | undefined {
  const text = stripEnds(header)
  const labels = new Set(text.split('|', 100).map((label) => loose(label.slice(0, 200))))
  if (OF_DIPLOMAS.every((label) => labels.has(label))) return { kind: 'diplomas' }
  const layout = layoutOf(text, OF_SKILLS)
  return 'missing' in layout ? undefined : { kind: 'skills', read: (line) => readSkill(layout, line) }
}

function readSkill(layout: Layout, raw: string): SkillLine | { readonly rejected: LineRejection } {
  const field = fieldsOf(layout, raw)
  if (typeof field !== 'function') return field
  const printed = field('nationalId') || `${field('type')}${field('identifiant')}`
  if (printed === '') return { rejected: 'no-identifier' }
  const id = readNationalId(printed)
  if (id === undefined) return { rejected: 'malformed-identifier' }
  return {
    nationalId: id.id,
    skill: {
      codeProfession: field('codeProfession'),
      codeCategorieProfessionnelle: field('codeCategorieProfessionnelle'),
      codeTypeSavoirFaire: field('codeTypeSavoirFaire'),
      codeSavoirFaire: field('codeSavoirFaire'),
    },
  }
}

/**
 * A person with the skills that only the other file has. The extract of activities writes its lines once for each skill;
 * a skill that it does not have is therefore a practice more, with the places of the same profession and category. The
 * practice of that profession that had no skill is the one that the first of them completes.
 */
export function withSkills(person: Practitioner, skills: readonly SkillLine['skill'][]): Practitioner {
  const exercices = [...person.exercices]
  for (const skill of skills) {
    if (skill.codeSavoirFaire === '') continue
    const alike = exercices.filter(
      (practice) =>
        practice.codeProfession === skill.codeProfession &&
        practice.codeCategorieProfessionnelle === skill.codeCategorieProfessionnelle,
    )
    const has = (practice: Practice): boolean =>
      practice.codeTypeSavoirFaire === skill.codeTypeSavoirFaire &&
      practice.codeSavoirFaire === skill.codeSavoirFaire
    const [first] = alike
    if (first === undefined || alike.some(has)) continue
    const bare = alike.find((practice) => practice.codeSavoirFaire === '')
    if (bare === undefined) exercices.push({ ...first, ...skill })
    else exercices[exercices.indexOf(bare)] = { ...bare, ...skill }
  }
  return { ...person, exercices }
}
