import type { Activity } from '../../src/rpps/practitioner.ts'

/** A place of exercise: the part of an activity that does not depend on who exercises there. */
export type Structure = Omit<
  Activity,
  | 'codeModeExercice'
  | 'codeSecteurDactivite'
  | 'codeSectionPharmacien'
  | 'codeRole'
  | 'codeGenreActivite'
  | 'autoriteDenregistrement'
>

/** Which register names the structure: FINESS, SIRET, or the person's own cabinet (RPPS-rang). */
type Register = 'finess' | 'siret' | 'cabinet'

/** One invented structure for each sector class of TRE_R02; a cabinet takes its holder's name. */
const OF_SECTOR: Readonly<Record<string, readonly [Register, string]>> = {
  SA01: ['finess', 'CENTRE HOSPITALIER DES TROIS TILLEULS'],
  SA02: ['finess', "HOPITAL D'INSTRUCTION DES ARMEES CLAIREFORGE"],
  SA03: ['finess', 'HOPITAL SAINTE-AUBE'],
  SA04: ['finess', 'CLINIQUE DU PARC AUX CERFS-VOLANTS'],
  SA05: ['finess', "CENTRE DE SANTE DE L'HORLOGE"],
  SA06: ['siret', 'ANTENNE MEDICALE DE BELLEGARENNE'],
  SA07: ['cabinet', 'CABINET'],
  SA08: ['cabinet', 'CABINET DE GROUPE'],
  SA09: ['siret', 'SELARL LES DEUX RIVES'],
  SA10: ['siret', 'AMBULANCES DE LA COLLINE VERTE'],
  SA11: ['siret', 'INTERIM SANTE DU LEVANT'],
  SA12: ['finess', 'CENTRE DE SOINS ET PREVENTION LES GENETS'],
  SA13: ['siret', 'SERVICE DE SANTE AU TRAVAIL VALMIRE'],
  SA14: ['siret', 'SERVICE UNIVERSITAIRE DE SANTE DE BRUMEVAL'],
  SA15: ['finess', 'PMI DU QUARTIER DES ALOUETTES'],
  SA16: ['finess', 'IME LES BRUYERES BLEUES'],
  SA17: ['finess', 'EHPAD LA MAISON DES GLYCINES'],
  SA18: ['siret', 'AIDE A DOMICILE DU VAL FLEURI'],
  SA19: ['finess', 'INSTITUT DE FORMATION EN SOINS DE BRUMEVAL'],
  SA20: ['finess', "FOYER DE L'ENFANCE LES CAPUCINES"],
  SA21: ['finess', 'CENTRE DE READAPTATION LES PINS'],
  SA22: ['siret', 'INSTITUT DE RECHERCHE AURORE'],
  SA23: ['siret', 'MUTUELLE DES QUATRE VENTS'],
  SA24: ['siret', 'CAISSE DE SECURITE SOCIALE DE BRUMEVAL'],
  SA25: ['finess', 'LABORATOIRE DE BIOLOGIE DES LILAS'],
  SA26: ['siret', 'AGENCE REGIONALE DE VALMIRE'],
  SA27: ['siret', 'VILLE DE BRUMEVAL'],
  SA28: ['siret', 'ASSOCIATION SOINS SANS DETOUR'],
  SA29: ['finess', "LABORATOIRE D'ANALYSES DU PONT VIEUX"],
  SA30: ['finess', 'HOSPITALISATION A DOMICILE DU LITTORAL'],
  SA31: ['siret', 'DEPOT PHARMACEUTIQUE DU CANAL'],
  SA32: ['siret', 'LABORATOIRES VERDELUNE'],
  SA33: ['finess', 'PHARMACIE DU GRAND CEDRE'],
  SA34: ['finess', 'CENTRE DE DIALYSE LES ROSEAUX'],
  SA35: ['siret', 'PARAPHARMACIE DE LA PLACE RONDE'],
  SA36: ['finess', 'CENTRE DE LUTTE CONTRE LE CANCER AURELIE-BELLOMBRE'],
  SA37: ['finess', 'SITE TRANSFUSIONNEL DE VALMIRE'],
  SA38: ['finess', 'PHARMACIE MINIERE DES HAUTS TERRILS'],
  SA39: ['finess', 'PHARMACIE MUTUALISTE DU MARCHE'],
  SA40: ['finess', 'CENTRE HOSPITALIER DES TROIS TILLEULS - SECTEUR PRIVE'],
  SA41: ['finess', "MAISON D'ACCUEIL LES PASSERELLES"],
  SA42: ['siret', 'APPAREILLAGE DE LA RUE HAUTE'],
  SA43: ['siret', 'SOCIETE ORIFLAMME'],
  SA44: ['siret', 'CABINET DE RECRUTEMENT MARGELLE'],
  SA45: ['siret', 'LA REVUE DU SOIN'],
  SA46: ['siret', 'VERDELUNE DISTRIBUTION'],
  SA47: ['siret', "SERVICE D'INCENDIE ET DE SECOURS DE VALMIRE"],
  SA48: ['siret', 'ATELIERS MECANIQUES DU NORD'],
  SA49: ['siret', 'DISPENSAIRE DES ILES SOUS LE SOLEIL'],
  SA50: ['siret', 'MAISON MEDICALE DE GARDE DE BRUMEVAL'],
  SA51: ['finess', 'GROUPEMENT DE COOPERATION DES COTEAUX'],
  SA52: ['finess', 'MAISON DE SANTE DU MOULIN'],
  SA53: ['finess', 'SIEGE DE LA FONDATION SAINTE-AUBE'],
  SA54: ['siret', 'CENTRE DE DEPISTAGE DES LAVANDES'],
  SA55: ['siret', 'PREPARATION ALLERGENES DU PRE CLOS'],
  SA56: ['cabinet', 'CABINET PROPHARMACIEN'],
  SA57: ['siret', 'DISPOSITIF DE COORDINATION DU VAL FLEURI'],
  SA58: ['siret', 'TAXIS DE LA COLLINE VERTE'],
  SA59: ['finess', 'LABORATOIRE HORS CATEGORIE DE VALMIRE'],
}

/** Invented towns, with the department they are said to be in and its telephone prefix among the fiction ranges. */
const TOWNS = [
  ['BRUMEVAL', '35', '02 61 91'],
  ['VALMIRE-SUR-LOINGE', '69', '04 65 71'],
  ['BELLEGARENNE', '57', '03 53 01'],
  ["L'ILE-AUX-SAULES", '33', '05 36 49'],
  ['HAUTECOMBE-LES-PRES', '75', '01 99 00'],
  ['SAINT-AUBIN-DES-SOURCES', '2A', '04 65 71'],
  ['PETIT-MORNE', '974', '02 61 91'],
] as const

const STREETS = [
  ['R', 'DES TILLEULS'],
  ['AV', 'DU CANAL'],
  ['BD', "DE L'OBSERVATOIRE"],
  ['PL', 'DU MARCHE'],
  ['ALL', 'DES CHENES'],
  ['CHE', 'DE LA FONTAINE'],
  ['IMP', 'DU PUITS'],
  ['QU', 'DES BATELIERS'],
] as const

const NO_STRUCTURE: Structure = {
  numeroSiretSite: '',
  numeroSirenSite: '',
  numeroFinessSite: '',
  numeroFinessetablissementJuridique: '',
  identifiantTechniqueDeLaStructure: '',
  raisonSocialeSite: '',
  enseigneCommercialeSite: '',
  complementDestinataire: '',
  complementPointGeographique: '',
  numeroVoie: '',
  indiceRepetitionVoie: '',
  codeTypeDeVoie: '',
  libelleVoie: '',
  mentionDistribution: '',
  bureauCedex: '',
  codePostal: '',
  codeCommune: '',
  codePays: '',
  telephone: '',
  telephone2: '',
  telecopie: '',
  adresseEMail: '',
  codeDepartement: '',
  ancienIdentifiantDeLaStructure: '',
}

/** The holder of a cabinet: their national id and the name on the door. */
export interface Holder {
  readonly nationalId: string
  readonly name: string
}

/** The invented structure of a sector. Cabinets are the holder's own, numbered by `rank` among them. */
export function structureOf(sector: string, holder: Holder, rank: number): Structure {
  const [register, name] = OF_SECTOR[sector] ?? ['siret', 'STRUCTURE A CLASSER']
  const number = Number(sector.replace(/\D/g, '')) || 99
  const seed = register === 'cabinet' ? number + hash(holder.nationalId) + rank : number
  const address = addressOf(seed)
  const two = String(number).padStart(2, '0')
  if (register === 'finess') {
    const finess = `0B00000${two}`
    return {
      ...NO_STRUCTURE,
      ...address,
      numeroFinessSite: finess,
      numeroFinessetablissementJuridique: `1B00000${two}`,
      identifiantTechniqueDeLaStructure: `F${finess}`,
      raisonSocialeSite: name,
      adresseEMail: number % 3 === 0 ? `accueil.sa${two}@exemple.test` : '',
      ancienIdentifiantDeLaStructure: `1${finess}`,
    }
  }
  if (register === 'siret') {
    const siret = `0000000${two}00018`
    return {
      ...NO_STRUCTURE,
      ...address,
      numeroSiretSite: siret,
      numeroSirenSite: siret.slice(0, 9),
      identifiantTechniqueDeLaStructure: `C${siret}`,
      raisonSocialeSite: name,
      enseigneCommercialeSite: number % 4 === 0 ? name.split(' ').slice(-2).join(' ') : '',
      codePays: '99000',
      ancienIdentifiantDeLaStructure: `3${siret}`,
    }
  }
  const place = String(rank + 1).padStart(3, '0')
  const own = `${name} ${holder.name}`
  return {
    ...NO_STRUCTURE,
    ...address,
    identifiantTechniqueDeLaStructure: `R1000000${holder.nationalId.slice(-5)}${place}`,
    raisonSocialeSite: own,
    complementDestinataire: own,
    codePays: '99000',
    ancienIdentifiantDeLaStructure: `${holder.nationalId.startsWith('0') ? '0' : '4'}${holder.nationalId.slice(1)}${place}`,
  }
}

function addressOf(seed: number): Partial<Structure> {
  const [town, department, prefix] = pick(TOWNS, seed)
  const [type, street] = pick(STREETS, seed * 5 + 2)
  const postcode = `${department === '2A' ? '20' : department}9${String(seed % 90).padStart(2, '0')}`.slice(
    0,
    5,
  )
  const last = String(seed % 10_000).padStart(4, '0')
  return {
    numeroVoie: seed % 11 === 0 ? '' : String((seed % 97) + 1),
    indiceRepetitionVoie: seed % 9 === 0 ? 'B' : '',
    codeTypeDeVoie: type,
    libelleVoie: street,
    mentionDistribution: seed % 7 === 0 ? 'BP 40' : '',
    bureauCedex: `${postcode} ${town}${seed % 7 === 0 ? ' CEDEX' : ''}`,
    codePostal: postcode,
    codeCommune: `${department}${String(seed % 900).padStart(3, '0')}`.slice(0, 5),
    telephone: seed % 5 === 0 ? '' : `${prefix} ${last.slice(0, 2)} ${last.slice(2)}`.replaceAll(' ', ''),
    codeDepartement: department,
  }
}

/** A small number that depends on a text only, so that the files come out the same every time. */
export function hash(text: string): number {
  let value = 7
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return value
}

export function pick<T>(list: readonly T[], index: number): T {
  const one = list[index % list.length]
  if (one === undefined) throw new RangeError('nothing to pick from')
  return one
}
