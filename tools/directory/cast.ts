import type { Activity } from '../../src/rpps/practitioner.ts'

/** Where someone exercises, as far as it is chosen; the rest comes from the sector's structure. */
export interface Place {
  readonly sector: string
  readonly mode?: string
  readonly genre?: string
  readonly section?: string
  readonly role?: string
  /** An activity written out in full, in place of an invented structure. */
  readonly written?: Activity
}

export interface Role {
  readonly profession: string
  readonly category?: string
  readonly civility?: string
  readonly skill?: readonly [type: string, code: string]
  readonly places: readonly Place[]
}

/** Someone invented, and what is special about them. */
export interface Invented {
  readonly id: string
  readonly family: string
  /** As registered: the usual given name first. */
  readonly given: readonly string[]
  readonly civility: string
  /** Name of exercise, when it is not the civil one. */
  readonly known?: string
  /** Default: both, made of the name. */
  readonly contact?: { readonly email: string; readonly phone: string }
  readonly former?: string
  readonly suspended?: string
  readonly roles: readonly Role[]
  readonly special?: readonly [fr: string, en: string]
}

const at = (sector: string, mode = 'S', more: Partial<Place> = {}): Place => ({ sector, mode, ...more })
const GP = ['S', 'SM54'] as const

const EMPTY_PLACE = {
  codeSectionPharmacien: '',
  codeRole: '',
  codeGenreActivite: 'GENR01',
  enseigneCommercialeSite: '',
  complementPointGeographique: '',
  indiceRepetitionVoie: '',
  mentionDistribution: '',
  bureauCedex: '75000 PARIS',
  codePostal: '75000',
  codeCommune: '75100',
  codePays: '99000',
  telephone: '',
  telephone2: '',
  telecopie: '',
  adresseEMail: '',
  codeDepartement: '75',
}

/** The person of every example in the documentation. */
const CAMILLE: Invented = {
  id: '899700900012',
  family: 'EXEMPLE',
  given: ['CAMILLE', 'LUCE'],
  civility: 'MME',
  contact: { email: 'camille.exemple@exemple.test', phone: '0639980012' },
  roles: [
    {
      profession: '10',
      civility: 'DR',
      skill: GP,
      places: [
        {
          sector: 'SA07',
          written: {
            ...EMPTY_PLACE,
            codeModeExercice: 'L',
            codeSecteurDactivite: 'SA07',
            numeroSiretSite: '00000000000018',
            numeroSirenSite: '000000000',
            numeroFinessSite: '',
            numeroFinessetablissementJuridique: '',
            identifiantTechniqueDeLaStructure: 'R00001',
            raisonSocialeSite: 'CABINET DU DR EXEMPLE',
            complementDestinataire: 'CABINET DU DR EXEMPLE',
            numeroVoie: '1',
            codeTypeDeVoie: 'R',
            libelleVoie: "DE L'ESSAI",
            ancienIdentifiantDeLaStructure: '499700900012001',
            autoriteDenregistrement: 'CNOM/CNOM/CNOM',
          },
        },
        {
          sector: 'SA01',
          written: {
            ...EMPTY_PLACE,
            codeModeExercice: 'S',
            codeSecteurDactivite: 'SA01',
            numeroSiretSite: '',
            numeroSirenSite: '',
            numeroFinessSite: '0B0000001',
            numeroFinessetablissementJuridique: '1B0000002',
            identifiantTechniqueDeLaStructure: 'F0B0000001',
            raisonSocialeSite: 'HOPITAL EXEMPLE',
            complementDestinataire: '',
            numeroVoie: '20',
            codeTypeDeVoie: 'AV',
            libelleVoie: 'DES TESTS',
            ancienIdentifiantDeLaStructure: '10B0000001',
            autoriteDenregistrement: 'CNOM/CNOM/ARS',
          },
        },
      ],
    },
  ],
  special: [
    'La personne des exemples : généraliste, en cabinet et à l’hôpital',
    'The person of the examples: a GP, in her practice and at the hospital',
  ],
}

/** People who each make one situation easy to try. */
export const CAST: readonly Invented[] = [
  CAMILLE,
  {
    id: '899700900101',
    family: 'CLAIRVAL',
    given: ['INES'],
    civility: 'MME',
    roles: [{ profession: '60', places: [at('SA01')] }],
    special: [
      'Infirmière de nuit à l’hôpital : le cas le plus courant',
      'Night nurse in a hospital: the commonest case',
    ],
  },
  {
    id: '899700900102',
    family: 'BOISJOLI',
    given: ['MARTIN', 'ELIE'],
    civility: 'M',
    roles: [
      {
        profession: '60',
        places: [at('SA07', 'L'), at('SA08', 'L', { genre: 'GENR02' }), at('SA05'), at('SA28', 'B')],
      },
    ],
    special: ['Quatre lieux, trois modes d’exercice', 'Four places, three modes of exercise'],
  },
  {
    id: '899700900103',
    family: 'AUBEPINE',
    given: ['SOLENE'],
    civility: 'MME',
    roles: [
      { profession: '10', civility: 'DR', skill: ['S', 'SM04'], places: [at('SA04', 'L'), at('SA40')] },
      { profession: '10', civility: 'DR', skill: ['CEX', 'CEX22'], places: [at('SA07', 'L')] },
    ],
    special: ['Deux exercices du même métier', 'Two practices of one profession'],
  },
  {
    id: '899700900104',
    family: 'VERTBOIS',
    given: ['ADRIEN'],
    civility: 'M',
    roles: [
      { profession: '21', places: [at('SA25', 'L', { section: 'G' })] },
      { profession: '10', civility: 'DR', skill: ['S', 'SM02'], places: [at('SA01')] },
    ],
    special: ['Deux professions : pharmacien et médecin', 'Two professions: pharmacist and physician'],
  },
  {
    id: '899700900105',
    family: 'ROCHEFEUILLE',
    given: ['LOUISE-ANNE', 'MARIE', 'JEANNE'],
    civility: 'MME',
    roles: [{ profession: '50', places: [at('SA15'), at('SA07', 'L')] }],
    special: ['Prénom composé, trois prénoms à l’état civil', 'Hyphenated given name, three registered ones'],
  },
  {
    id: '899700900106',
    family: 'SOURCEVIVE',
    given: ['GABRIEL'],
    civility: 'M',
    roles: [
      {
        profession: '40',
        civility: 'DR',
        skill: ['S', 'SCD01'],
        places: [at('SA09', 'L', { role: 'FON-02' })],
      },
    ],
    special: ['Associé d’une société d’exercice', 'Partner of a company'],
  },
  {
    id: '899700900107',
    family: 'FORTERIVE',
    given: ['HUGO'],
    civility: 'M',
    roles: [
      {
        profession: '10',
        category: 'M',
        civility: 'DR',
        skill: ['S', 'SM53'],
        places: [at('SA02'), at('SA06')],
      },
    ],
    special: ['Médecin militaire', 'Military physician'],
  },
  {
    id: '899700900108',
    family: 'HAUTPRE',
    given: ['LEA'],
    civility: 'MME',
    roles: [{ profession: '60', category: 'M', places: [at('SA06')] }],
    special: ['Infirmière militaire', 'Military nurse'],
  },
  {
    id: '999700910001',
    family: 'MATINEAU',
    given: ['JULES'],
    civility: 'M',
    roles: [{ profession: '10', category: 'E', places: [at('SA01')] }],
    special: ['Étudiant en médecine (identifiant en 9)', 'Medical student (identifier in 9)'],
  },
  {
    id: '999700910002',
    family: 'LUNEBLEUE',
    given: ['ALMA'],
    civility: 'MME',
    roles: [{ profession: '21', category: 'E', places: [at('SA33', 'S', { section: 'D' })] }],
    special: ['Étudiante en pharmacie', 'Pharmacy student'],
  },
  {
    id: '999700910003',
    family: 'FONTCLAIRE',
    given: ['NORA'],
    civility: 'MME',
    roles: [{ profession: '50', category: 'E', places: [] }],
    special: ['Étudiante sage-femme, aucun lieu encore', 'Midwifery student, no place yet'],
  },
  {
    id: '999700910004',
    family: 'GRANDPIN',
    given: ['OSCAR'],
    civility: 'M',
    roles: [{ profession: '40', category: 'E', places: [at('SA05')] }],
    special: ['Étudiant en odontologie', 'Dental student'],
  },
  {
    id: '0759300018',
    family: 'BELLOMBRE',
    given: ['Agathe'],
    civility: 'MME',
    roles: [{ profession: '93', places: [at('SA16'), at('SA07', 'L')] }],
    special: ['Psychologue connue par son numéro ADELI seul', 'Psychologist known by an ADELI number only'],
  },
  {
    id: '0352800026',
    family: 'VERRECLAIR',
    given: ['Basile'],
    civility: 'M',
    roles: [{ profession: '28', places: [at('SA42')] }],
    special: ['Opticien, numéro ADELI seul', 'Optician, ADELI number only'],
  },
  {
    id: '0699100034',
    family: 'PAROLINE',
    given: ['Violette', 'Rose'],
    civility: 'MME',
    roles: [{ profession: '91', places: [at('SA07', 'L')] }],
    special: ['Orthophoniste en cabinet, numéro ADELI seul', 'Speech therapist, ADELI number only'],
  },
  {
    id: '30B0000017/AGENT042',
    family: 'MARGELLE',
    given: ['SYLVIE'],
    civility: 'MME',
    roles: [{ profession: '', category: '', places: [at('SA17', 'S', { genre: 'GENR09' })] }],
    special: [
      'Secrétaire d’EHPAD : identifiée par sa structure (FINESS), sans profession',
      'Care-home secretary: identified by her structure (FINESS), no profession',
    ],
  },
  {
    id: '500000001000018/CPAT0007',
    family: 'COLLINIER',
    given: ['KARIM'],
    civility: 'M',
    roles: [{ profession: '36', places: [at('SA10')] }],
    special: [
      'Ambulancier identifié par son entreprise (SIRET)',
      'Ambulance driver identified by his company (SIRET)',
    ],
  },
  {
    id: '4000000024/RH-118',
    family: 'QUATREVENTS',
    given: ['ODILE'],
    civility: 'MME',
    roles: [{ profession: '', category: '', places: [at('SA24', 'S', { genre: 'GENR09' })] }],
    special: ['Agent d’une caisse, identifiée par le SIREN', 'Insurance clerk identified by SIREN'],
  },
  {
    id: '699700900103001/SEC01',
    family: 'PETITJARDIN',
    given: ['MANON'],
    civility: 'MME',
    roles: [{ profession: '', category: '', places: [at('SA08', 'S', { genre: 'GENR09' })] }],
    special: [
      'Secrétaire d’un cabinet médical (cabinet RPPS)',
      'Secretary of a medical practice (RPPS practice)',
    ],
  },
  {
    id: '899700900110',
    family: 'LAVERDURE',
    given: ['MARIE'],
    civility: 'MME',
    contact: { email: 'marie.laverdure@exemple.test', phone: '0639980110' },
    roles: [{ profession: '10', civility: 'DR', skill: GP, places: [at('SA08', 'L')] }],
    special: ['Homonyme : trois Marie Laverdure', 'Namesake: there are three Marie Laverdure'],
  },
  {
    id: '899700900111',
    family: 'LAVERDURE',
    given: ['MARIE'],
    civility: 'MME',
    contact: { email: 'marie.laverdure.kine@exemple.test', phone: '0639980111' },
    roles: [{ profession: '70', places: [at('SA08', 'L')] }],
    special: ['Homonyme : trois Marie Laverdure', 'Namesake: there are three Marie Laverdure'],
  },
  {
    id: '899700900112',
    family: 'LAVERDURE',
    given: ['MARIE', 'JEANNE'],
    civility: 'MME',
    contact: { email: 'marie.laverdure.ide@exemple.test', phone: '0639980112' },
    roles: [{ profession: '60', places: [at('SA01')] }],
    special: ['Homonyme : trois Marie Laverdure', 'Namesake: there are three Marie Laverdure'],
  },
  {
    id: '899700900113',
    family: "D'AIGUEBÉLINE-ŒILLET",
    given: ['ANAÏS', 'ZOÉ'],
    civility: 'MME',
    roles: [{ profession: '10', civility: 'PR', skill: ['S', 'SM40'], places: [at('SA01'), at('SA22')] }],
    special: [
      'Accents, apostrophe, trait d’union et ligature ; professeure',
      'Accents, apostrophe, hyphen and ligature; a professor',
    ],
  },
  {
    id: '899700900114',
    family: 'DE LA ROCHE-FLEURIE DES HAUTES-PRAIRIES-D’EN-HAUT ET DES BOIS-JOLIS',
    given: ['ANNE-CHARLOTTE-ÉLÉONORE', 'MARIE-BÉNÉDICTE', 'JOSÉPHINE'],
    civility: 'MME',
    contact: { email: 'anne-charlotte.de-la-roche-fleurie@exemple.test', phone: '0639980114' },
    roles: [{ profession: '10', civility: 'DR', skill: ['S', 'SM42'], places: [at('SA04', 'L')] }],
    special: ['Nom très long', 'Very long name'],
  },
  {
    id: '899700900115',
    family: 'O',
    given: ['LI'],
    civility: 'M',
    roles: [{ profession: '70', places: [at('SA21')] }],
    special: ['Nom d’une seule lettre', 'One-letter family name'],
  },
  {
    id: '899700900116',
    family: 'SANSLIEU',
    given: ['THEO'],
    civility: '',
    roles: [{ profession: '60', places: [] }],
    special: ['Aucun lieu d’exercice, civilité inconnue', 'No place of exercise, title unknown'],
  },
  {
    id: '899700900117',
    family: 'ARRET',
    given: ['BENOIT'],
    civility: 'M',
    suspended: 'interdiction temporaire',
    roles: [{ profession: '10', civility: 'DR', skill: GP, places: [at('SA07', 'L')] }],
    special: [
      'Droit d’exercer suspendu : la connexion est refusée',
      'Right to practise suspended: sign-in is refused',
    ],
  },
  {
    id: '899700900118',
    family: 'SILENCIEUX',
    given: ['CLARISSE'],
    civility: 'MME',
    contact: { email: '', phone: '' },
    roles: [{ profession: '60', places: [at('SA17')] }],
    special: [
      'Ni e-mail ni téléphone : ne peut activer l’e-CPS seule',
      'No e-mail and no phone: cannot activate the e-CPS alone',
    ],
  },
  {
    id: '899700900119',
    family: 'LETTREMAR',
    given: ['PAUL'],
    civility: 'M',
    contact: { email: 'paul.lettremar@exemple.test', phone: '' },
    roles: [{ profession: '80', places: [at('SA07', 'L')] }],
    special: ['Un e-mail, pas de téléphone', 'An e-mail address, no phone'],
  },
  {
    id: '899700900120',
    family: 'SONNERIE',
    given: ['ADELE'],
    civility: 'MME',
    contact: { email: '', phone: '0639980120' },
    roles: [{ profession: '60', places: [at('SA52')] }],
    special: ['Un téléphone, pas d’e-mail', 'A phone, no e-mail address'],
  },
  {
    id: '899700900121',
    family: 'DOUCEVILLE',
    given: ['ROMAIN'],
    civility: 'M',
    former: '0337100042',
    roles: [{ profession: '71', places: [at('SA07', 'L')] }],
    special: [
      'Ostéopathe passé d’ADELI au RPPS : ancien numéro gardé',
      'Osteopath moved from ADELI to RPPS: former number kept',
    ],
  },
  {
    id: '899700900122',
    family: 'PRIMEVERE',
    given: ['ELISE'],
    civility: 'MME',
    known: 'PRIMEVERE-VALLON',
    roles: [{ profession: '40', civility: 'DR', places: [at('SA07', 'L')] }],
    special: ['Nom d’exercice différent du nom de famille', 'Practises under another name'],
  },
  {
    id: '899700900123',
    family: 'PASSEROSE',
    given: ['SIMON'],
    civility: 'M',
    roles: [
      {
        profession: '10',
        civility: 'DR',
        skill: GP,
        places: [at('SA07', 'L', { genre: 'GENR02' }), at('SA50', 'L', { genre: 'GENR03' })],
      },
    ],
    special: ['Médecin remplaçant', 'Locum physician'],
  },
  {
    id: '899700900124',
    family: 'ENTRAIDE',
    given: ['JOSEPHINE'],
    civility: 'MME',
    roles: [
      { profession: '10', civility: 'DR', skill: ['S', 'SM26'], places: [at('SA28', 'B'), at('SA54', 'B')] },
    ],
    special: ['Retraitée, bénévole', 'Retired, volunteer'],
  },
  {
    id: '899700900125',
    family: 'TRAVERSE',
    given: ['YANIS'],
    civility: 'M',
    roles: [{ profession: '60', places: [at('SA11', 'I'), at('SA30', 'I')] }],
    special: ['Mode indirect (intérim), nouveau en 2026', 'Indirect mode (agency), new in 2026'],
  },
  {
    id: '899700900126',
    family: 'CONSEILLER',
    given: ['HELENE'],
    civility: 'MME',
    roles: [
      {
        profession: '10',
        civility: 'DR',
        skill: ['S', 'SM53'],
        places: [at('SA24', 'S', { genre: 'GENR04' }), at('SA26', 'S', { genre: 'GENR04' })],
      },
    ],
    special: ['Activité non soignante seulement', 'No care activity'],
  },
  {
    id: '899700900127',
    family: 'PONTNEUF',
    given: ['MALIK'],
    civility: 'M',
    roles: [
      {
        profession: '60',
        places: [at('SA57', 'S', { genre: 'GENR08' }), at('SA53', 'S', { genre: 'GENR06' })],
      },
    ],
    special: ['Coordination et délégation', 'Coordination and delegation'],
  },
  {
    id: '899700900128',
    family: 'ECOUTANT',
    given: ['LUCIE'],
    civility: 'MME',
    roles: [
      {
        profession: '41',
        places: [at('SA20', 'S', { genre: 'GENR09' }), at('SA27', 'S', { genre: 'GENR09' })],
      },
    ],
    special: ['Assistante sociale', 'Social worker'],
  },
  {
    id: '899700900129',
    family: 'IMAGIER',
    given: ['VICTOR'],
    civility: 'M',
    roles: [
      {
        profession: '10',
        civility: 'DR',
        skill: ['S', 'SM44'],
        places: [
          'SA01',
          'SA03',
          'SA04',
          'SA05',
          'SA09',
          'SA12',
          'SA21',
          'SA34',
          'SA36',
          'SA51',
          'SA52',
          'SA54',
        ].map((sector) => at(sector, sector === 'SA09' ? 'L' : 'S')),
      },
    ],
    special: ['Douze lieux d’exercice', 'Twelve places of exercise'],
  },
  {
    id: '899700900130',
    family: 'ALIZE',
    given: ['MAËLYS'],
    civility: 'MME',
    roles: [{ profession: '60', places: [at('SA49', 'L')] }],
    special: ['Outre-mer', 'Overseas'],
  },
  {
    id: '899700900131',
    family: 'DEMAIN',
    given: ['NOE'],
    civility: 'M',
    roles: [{ profession: '99', places: [at('SA99', 'X', { genre: 'GENR99' })] }],
    special: [
      'Codes plus récents que nos nomenclatures : gardés tels quels',
      'Codes newer than our nomenclatures: kept as they are',
    ],
  },
  {
    id: 'ANS20260101120000',
    family: 'ESSAYEUR',
    given: ['TEST'],
    civility: 'M',
    roles: [{ profession: '10', civility: 'DR', skill: GP, places: [at('SA07', 'L')] }],
    special: ['Identité de test, sans numéro de registre', 'Test identity, without a register number'],
  },
]

/** Pharmacists, so that every section of their Order has someone: the sections, and where. */
export const PHARMACISTS: readonly (readonly [family: string, given: string, places: readonly Place[]])[] = [
  ['CEDRIER', 'AGNES', [at('SA33', 'L', { section: 'A', role: 'FON-01' })]],
  ['VERDELUNE', 'RAPHAEL', [at('SA32', 'S', { section: 'B' }), at('SA46', 'S', { section: 'B' })]],
  ['CANALOIS', 'PAULINE', [at('SA31', 'S', { section: 'C' })]],
  ['SIMPLES', 'ETIENNE', [at('SA33', 'S', { section: 'D' }), at('SA33', 'S', { section: 'DA' })]],
  ['TERRILIN', 'CECILE', [at('SA38', 'S', { section: 'DM' }), at('SA39', 'S', { section: 'DM' })]],
  ['LAGONNIER', 'MOANA', [at('SA49', 'L', { section: 'E' }), at('SA49', 'L', { section: 'EA' })]],
  [
    'FLAMBOYANT',
    'IRIS',
    [
      at('SA49', 'S', { section: 'EB' }),
      at('SA49', 'S', { section: 'EC' }),
      at('SA49', 'S', { section: 'ED' }),
    ],
  ],
  ['CORALLINE', 'NAEL', [at('SA49', 'S', { section: 'EG' }), at('SA49', 'S', { section: 'EH' })]],
  [
    'LILASSE',
    'FANNY',
    [at('SA25', 'L', { section: 'G' }), at('SA29', 'L', { section: 'G' }), at('SA59', 'S', { section: 'G' })],
  ],
  ['HOSPITELLE', 'BRUNO', [at('SA01', 'S', { section: 'H' }), at('SA36', 'S', { section: 'H' })]],
  ['GARNISON', 'EDITH', [at('SA02', 'S', { section: 'M' })]],
]

/** Women's and men's in turn. */
export const GIVEN_NAMES = [
  'ALICE',
  'ARTHUR',
  'BERENICE',
  'CLEMENT',
  'DALIA',
  'EDGAR',
  'FLORE',
  'GUSTAVE',
  'HANNA',
  'IVAN',
  'JADE',
  'KILIAN',
  'LILA',
  'MARCEL',
  'NINA',
  'OCTAVE',
  'PERLE',
  'QUENTIN',
  'ROSALIE',
  'SAMUEL',
  'TESSA',
  'ULYSSE',
  'VALENTINE',
  'WILFRID',
  'XENIA',
  'YANNICK',
  'ZELIE',
  'ANATOLE',
  'BLANCHE',
  'COME',
  'DIANE',
  'ELIAS',
  'FANTINE',
  'GASPARD',
]

export const FAMILY_NAMES = [
  'ABRICOTIER',
  'BRINDILLE',
  'CHANTERIVE',
  'DORMOUSE',
  'ECORCE',
  'FLEURVAL',
  'GIVRET',
  'HIRONDEL',
  'ISLEBLANCHE',
  'JASMINOT',
  'KERAVELLE',
  'LONGUESELVE',
  'MOUSSELIN',
  'NOISERAIE',
  'ORMETTE',
  'PLAINECOURT',
  'QUINCONCE',
  'RIVEDOUCE',
  'SABLONNIER',
  'TREFLINE',
  'URBANELLE',
  'VALDORE',
  'WALLONET',
  'YEUSERAIE',
  'ZEPHIRIN',
  'AMANDOU',
  'BRUYERIN',
  'CASCADELLE',
  'DUNEROUX',
  'ETANGBLEU',
  'FOUGERAIS',
  'GRESILLON',
  'HERBETTE',
  'ILEDIN',
  'JONCHERE',
]
