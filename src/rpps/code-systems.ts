import type { Language } from '../kernel/language.ts'

/**
 * The nomenclatures of the directory (NOS), for labels in pages and for checking the invented files. They grow every
 * few months, so nothing is ever refused for a code that is not listed here: it is kept and shown as the code.
 */
export type CodeSystem = Readonly<Record<string, Readonly<Record<Language, string>>>>

/** OIDs that userinfo writes behind a code (`code^oid`), PSC §1.5. */
export const ROLE_OID = '1.2.250.1.213.1.1.5.5'
export const SECTOR_OID = '1.2.250.1.71.4.2.4'

/** TRE_G15, OID 1.2.250.1.71.1.2.7. */
export const PROFESSIONS: CodeSystem = {
  '10': { fr: 'Médecin', en: 'Physician' },
  '21': { fr: 'Pharmacien', en: 'Pharmacist' },
  '26': { fr: 'Audioprothésiste', en: 'Hearing aid specialist' },
  '28': { fr: 'Opticien-lunetier', en: 'Optician' },
  '31': { fr: 'Assistant dentaire', en: 'Dental assistant' },
  '32': { fr: 'Physicien médical', en: 'Medical physicist' },
  '35': { fr: 'Aide-soignant', en: 'Care assistant' },
  '36': { fr: 'Ambulancier', en: 'Ambulance driver' },
  '37': { fr: 'Auxiliaire de puériculture', en: 'Childcare assistant' },
  '38': { fr: 'Préparateur en pharmacie hospitalière', en: 'Hospital pharmacy technician' },
  '39': { fr: 'Préparateur en pharmacie d’officine', en: 'Pharmacy technician' },
  '40': { fr: 'Chirurgien-dentiste', en: 'Dental surgeon' },
  '41': { fr: 'Assistant de service social', en: 'Social worker' },
  '50': { fr: 'Sage-femme', en: 'Midwife' },
  '60': { fr: 'Infirmier', en: 'Nurse' },
  '69': { fr: 'Infirmier psychiatrique', en: 'Psychiatric nurse' },
  '70': { fr: 'Masseur-kinésithérapeute', en: 'Physiotherapist' },
  '71': { fr: 'Ostéopathe', en: 'Osteopath' },
  '72': { fr: 'Psychothérapeute', en: 'Psychotherapist' },
  '73': { fr: 'Chiropracteur', en: 'Chiropractor' },
  '80': { fr: 'Pédicure-podologue', en: 'Podiatrist' },
  '81': { fr: 'Orthoprothésiste', en: 'Orthotist-prosthetist' },
  '82': { fr: 'Podo-orthésiste', en: 'Pedorthist' },
  '83': { fr: 'Orthopédiste-orthésiste', en: 'Orthotist' },
  '84': { fr: 'Oculariste', en: 'Ocularist' },
  '85': { fr: 'Épithésiste', en: 'Anaplastologist' },
  '86': { fr: 'Technicien de laboratoire médical', en: 'Medical laboratory technician' },
  '91': { fr: 'Orthophoniste', en: 'Speech therapist' },
  '92': { fr: 'Orthoptiste', en: 'Orthoptist' },
  '93': { fr: 'Psychologue', en: 'Psychologist' },
  '94': { fr: 'Ergothérapeute', en: 'Occupational therapist' },
  '95': { fr: 'Diététicien', en: 'Dietitian' },
  '96': { fr: 'Psychomotricien', en: 'Psychomotor therapist' },
  '98': { fr: 'Manipulateur d’électroradiologie médicale', en: 'Radiographer' },
}

/** TRE_R09. */
export const CATEGORIES: CodeSystem = {
  C: { fr: 'Civil', en: 'Civilian' },
  E: { fr: 'Étudiant', en: 'Student' },
  M: { fr: 'Militaire', en: 'Military' },
}

/** TRE_R23, OID 1.2.250.1.213.1.6.1.18; `I` since February 2026. */
export const MODES: CodeSystem = {
  S: { fr: 'Salarié', en: 'Employed' },
  L: { fr: 'Libéral, indépendant, artisan, commerçant', en: 'Self-employed' },
  B: { fr: 'Bénévole', en: 'Volunteer' },
  I: { fr: 'Indirect', en: 'Indirect' },
}

/** TRE_R22, OID 1.2.250.1.213.1.6.1.19. */
export const GENRES: CodeSystem = {
  GENR01: { fr: 'Activité de soin et de pharmacie', en: 'Care and pharmacy' },
  GENR02: {
    fr: 'Activité de soin ou de pharmacie en tant que remplaçant',
    en: 'Care or pharmacy as a locum',
  },
  GENR03: { fr: 'Remplacement', en: 'Locum' },
  GENR04: { fr: 'Activité non soignante', en: 'Not care' },
  GENR06: { fr: 'Délégation pour continuité de service', en: 'Delegation for continuity of service' },
  GENR08: { fr: 'Coordination et orientation', en: 'Coordination and orientation' },
  GENR09: {
    fr: 'Professionnel social ou médico-social, administratif ou d’appui',
    en: 'Social or support staff',
  },
}

/** OID 1.2.250.1.71.4.2.6: the sections of the pharmacists' Order. */
export const PHARMACIST_SECTIONS: CodeSystem = {
  A: { fr: 'Titulaires d’officine', en: 'Community pharmacy owners' },
  B: { fr: 'Industrie', en: 'Industry' },
  C: { fr: 'Distribution en gros', en: 'Wholesale' },
  D: { fr: 'Adjoints et autres exercices', en: 'Assistants and others' },
  DA: { fr: 'Adjoints d’officine', en: 'Community pharmacy assistants' },
  DM: { fr: 'Pharmacies mutualistes et minières', en: 'Mutual and mine pharmacies' },
  E: { fr: 'Outre-mer', en: 'Overseas' },
  EA: { fr: 'Outre-mer, titulaires d’officine', en: 'Overseas, pharmacy owners' },
  EB: { fr: 'Outre-mer, industrie', en: 'Overseas, industry' },
  EC: { fr: 'Outre-mer, distribution', en: 'Overseas, wholesale' },
  ED: { fr: 'Outre-mer, adjoints', en: 'Overseas, assistants' },
  EG: { fr: 'Outre-mer, biologie', en: 'Overseas, biology' },
  EH: { fr: 'Outre-mer, établissements de santé', en: 'Overseas, hospitals' },
  G: { fr: 'Biologie médicale', en: 'Medical biology' },
  H: { fr: 'Établissements de santé', en: 'Hospitals' },
  M: { fr: 'Pharmaciens militaires', en: 'Military pharmacists' },
}

/** TRE_R02, OID 1.2.250.1.71.4.2.4, as far as SA59; official short labels, which have no English. */
export const SECTORS: Readonly<Record<string, string>> = {
  SA01: 'Établissement public de santé',
  SA02: 'Hôpital militaire du service de santé des armées',
  SA03: 'Établissement privé PSPH',
  SA04: 'Établissement privé non PSPH',
  SA05: 'Centre de santé',
  SA06: 'Autre structure du service de santé des armées',
  SA07: 'Cabinet individuel',
  SA08: 'Cabinet de groupe',
  SA09: 'Exercice en société',
  SA10: 'Transporteur sanitaire',
  SA11: 'Entreprise d’intérim',
  SA12: 'Établissement de soins et prévention',
  SA13: 'Prévention et soins en entreprise',
  SA14: 'Établissements scolaires et universitaires',
  SA15: 'Protection maternelle et infantile',
  SA16: 'Établissement pour personnes handicapées',
  SA17: 'Établissement pour personnes âgées',
  SA18: 'Aide à la famille',
  SA19: 'Établissement de formation inscrit au FINESS',
  SA20: 'Protection de l’enfance',
  SA21: 'Hébergement et réadaptation',
  SA22: 'Recherche',
  SA23: 'Assurance privée',
  SA24: 'Organisme de sécurité sociale',
  SA25: 'Laboratoire de biologie médicale',
  SA26: 'Ministère ou service déconcentré',
  SA27: 'Collectivité territoriale',
  SA28: 'Association et organisation humanitaire',
  SA29: 'Laboratoire d’analyses de biologie médicale',
  SA30: 'Autre établissement sanitaire',
  SA31: 'Distribution de médicaments et dispositifs médicaux',
  SA32: 'Fabrication de médicaments et dispositifs médicaux',
  SA33: 'Pharmacie d’officine',
  SA34: 'Dialyse',
  SA35: 'Parapharmacie',
  SA36: 'Centre de lutte contre le cancer',
  SA37: 'Établissement de transfusion sanguine',
  SA38: 'Pharmacie minière',
  SA39: 'Pharmacie mutualiste',
  SA40: 'Secteur privé de praticien hospitalier temps plein',
  SA41: 'Autre établissement social ou médico-social',
  SA42: 'Appareillage médical',
  SA43: 'Secteur non défini',
  SA44: 'Ressources humaines',
  SA45: 'Communication et média',
  SA46: 'Fabrication et distribution',
  SA47: 'Incendie et secours',
  SA48: 'Entreprise hors pharmacie',
  SA49: 'Structure d’outre-mer',
  SA50: 'Permanence des soins hors cabinet',
  SA51: 'Coopération avec autorisation de soins',
  SA52: 'Maison ou pôle de santé',
  SA53: 'Siège d’établissement',
  SA54: 'Dépistage',
  SA55: 'Préparation d’allergènes',
  SA56: 'Propharmacie',
  SA57: 'Coopération et coordination',
  SA58: 'Taxi conventionné',
  SA59: 'Laboratoire de biologie hors catégorie',
}

/** The label of a code in a language, or the code itself when the system does not list it. */
export const label = (system: CodeSystem, code: string, language: Language): string =>
  system[code]?.[language] ?? code
