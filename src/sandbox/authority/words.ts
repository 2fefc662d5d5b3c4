import type { Language } from '../../kernel/language.ts'
import type { CardKind, OrganisationKind } from './cards.ts'
import type { Range } from './hierarchy.ts'

export interface CardWords {
  readonly title: string
  readonly lead: string
  readonly password: (password: string) => string
  readonly person: string
  readonly kind: string
  readonly kinds: Readonly<Record<CardKind, string>>
  readonly range: string
  readonly ranges: Readonly<Record<Range, string>>
  readonly director: string
  readonly get: string
  readonly fresh: string
  readonly none: string
  readonly install: string
  readonly installLead: string
  readonly installs: readonly {
    readonly where: string
    readonly steps: readonly string[]
    readonly command?: string
  }[]
  readonly use: string
  readonly useSteps: readonly string[]
  readonly notOffered: string
  readonly host: string
  readonly hostLead: (origin: string) => string
  readonly hostSteps: readonly { readonly where: string; readonly step: string }[]
  readonly structures: string
  readonly structuresLead: string
  readonly structure: string
  readonly software: string
  readonly whichCertificate: string
  readonly certificates: Readonly<Record<OrganisationKind, string>>
  readonly getCertificate: string
  readonly lost: string
  readonly lostNote: string
  readonly lists: string
  readonly listsLead: string
  readonly ocsp: string
  readonly developers: string
  readonly developersLead: string
  readonly revoke: {
    readonly title: string
    readonly lead: string
    readonly empty: string
    readonly all: string
    readonly declare: string
    readonly declareFor: (label: string) => string
    readonly revoked: (at: string) => string
    readonly until: (at: string) => string
    readonly expired: (at: string) => string
    readonly number: string
    readonly handedOut: string
    readonly back: string
  }
  readonly refused: {
    readonly title: string
    readonly noCard: string
    readonly unknown: string
  }
  readonly home: string
}

export const words: Record<Language, CardWords> = {
  fr: {
    title: 'La boutique des cartes',
    lead: 'Une carte de professionnel sans lecteur : un fichier à installer dans votre navigateur, qui la présente comme une carte CPx.',
    password: (password) => `Mot de passe de tous les fichiers : ${password}`,
    person: 'La carte de qui',
    kind: 'Quelle carte',
    kinds: {
      valid: 'En règle',
      expired: 'Périmée depuis un mois',
      'not-yet-valid': 'Pas encore valable',
      revoked: 'Révoquée',
      foreign: 'D’une autorité étrangère',
      nameless: 'De service, sans nom (CPE)',
      'other-name': 'Son numéro, le nom d’une autre personne',
      'wrong-usage': 'Prévue pour un autre usage (courriel)',
      'broken-signature': 'À la signature abîmée',
    },
    range: 'Gamme de l’autorité',
    ranges: { STANDARD: 'Standard', ELEMENTAIRE: 'Élémentaire' },
    director: 'Carte de directeur (CDE), pour un agent de structure',
    get: 'Télécharger la carte',
    fresh:
      'Chaque téléchargement est une carte nouvelle. Sa clé est faite à l’instant et n’est gardée nulle part : perdez le fichier, et il faudra une autre carte.',
    none: 'L’annuaire est vide : lancez npm start, qui le remplit.',
    install: 'Installer la carte',
    installLead: 'Une fois par carte. Cherchez « certificat » dans les réglages si un nom a changé.',
    installs: [
      {
        where: 'Chrome et Edge, Windows',
        steps: [
          'Ouvrez le fichier .p12 : l’assistant d’importation de Windows s’ouvre.',
          'Choisissez « Utilisateur actuel », tapez le mot de passe et gardez le magasin proposé.',
          'Fermez toutes les fenêtres du navigateur, puis rouvrez-le.',
        ],
      },
      {
        where: 'Chrome et Edge, Linux',
        steps: [
          'Réglages, « Confidentialité et sécurité », « Sécurité », « Gérer les certificats ».',
          '« Vos certificats », « Importer », le fichier, puis le mot de passe.',
        ],
        command: 'pk12util -d sql:$HOME/.pki/nssdb -i carte.p12 -W 1234',
      },
      {
        where: 'Firefox, tous les systèmes',
        steps: [
          'Paramètres, « Vie privée et sécurité », « Certificats », « Afficher les certificats ».',
          '« Vos certificats », « Importer », le fichier, puis le mot de passe.',
        ],
      },
      {
        where: 'Safari, Chrome et Edge, macOS',
        steps: [
          'Ouvrez le fichier .p12 : le Trousseau d’accès s’ouvre. Choisissez « session », tapez le mot de passe.',
          'S’il dit que le mot de passe est faux, c’est le chiffrement du fichier qu’il n’a pas reconnu : passez par le Terminal, ou par Firefox.',
        ],
        command: 'security import carte.p12 -f pkcs12 -P 1234',
      },
    ],
    use: 'S’en servir',
    useSteps: [
      'Sur la mire, choisissez la carte : le navigateur demande laquelle présenter.',
      'Il retient ce choix. Pour en présenter une autre, suivez « essayer une autre carte », ou fermez toutes ses fenêtres.',
    ],
    notOffered:
      'Des navigateurs ne proposent pas une carte périmée ou prévue pour un autre usage. curl présente tout ce qu’on lui donne, à l’adresse où la mire envoie :',
    host: 'Faire confiance au site des cartes',
    hostLead: (origin) =>
      `La carte est demandée par ${origin}, dont le certificat a été fait sur cette machine. Son autorité est dans un fichier .ca.pem, que npm start nomme en démarrant. Faites-la accepter une fois :`,
    hostSteps: [
      {
        where: 'Windows',
        step: 'importez le fichier dans « Autorités de certification racines de confiance ».',
      },
      {
        where: 'Linux',
        step: 'là où la carte s’importe, onglet « Autorités », « Importer », pour les sites web.',
      },
      { where: 'macOS', step: 'ouvrez le fichier, puis « Toujours approuver » dans le Trousseau d’accès.' },
      {
        where: 'Firefox',
        step: 'là où la carte s’importe, onglet « Autorités », « Importer », pour les sites web.',
      },
    ],
    structures: 'Le certificat d’un logiciel',
    structuresLead:
      'Un logiciel de structure s’authentifie avec un certificat d’organisation (ORG AUTH_CLI). Ces structures sont inventées.',
    structure: 'Structure',
    software: 'Nom du logiciel',
    whichCertificate: 'Quel certificat',
    certificates: {
      valid: 'En règle',
      expired: 'Périmé depuis un mois',
      'not-yet-valid': 'Pas encore valable',
      revoked: 'Révoqué',
      foreign: 'D’une autorité étrangère',
      'broken-signature': 'À la signature abîmée',
    },
    getCertificate: 'Télécharger le certificat',
    lost: 'Déclarer une carte perdue',
    lostNote: 'Les cartes remises ici, et de quoi les révoquer',
    lists: 'L’autorité de test',
    listsLead:
      'Elle imite l’IGC-Santé : mêmes noms, mêmes champs. Elle signe une liste de révocation par autorité, valable un jour, et répond en OCSP.',
    ocsp: 'Réponses OCSP :',
    developers: 'En ligne de commande',
    developersLead: 'Le certificat, sa chaîne et sa clé en PEM, et le fichier .p12 en base64 :',
    revoke: {
      title: 'Déclarer une carte perdue',
      lead: 'L’autorité de test la révoque aussitôt : sa liste et ses réponses OCSP le disent dès la prochaine demande. Une réponse vaut dix minutes : une carte montrée juste avant peut passer jusque-là.',
      empty: 'Aucune carte n’a encore été remise.',
      all: 'Ce qui a été remis',
      declare: 'Déclarer perdue',
      declareFor: (label) => `Déclarer perdue : ${label}`,
      revoked: (at) => `Révoquée le ${at}`,
      until: (at) => `Valable jusqu’au ${at}`,
      expired: (at) => `Périmée le ${at}`,
      number: 'Certificat',
      handedOut: 'Remise le',
      back: 'Retour à la boutique',
    },
    refused: {
      title: 'Pas de carte',
      noCard: 'Cette identité vient d’un outil de test et n’a pas de carte. Choisissez une autre personne.',
      unknown: 'Cette personne ou cette structure n’est pas dans le bac à sable.',
    },
    home: 'Retour au bac à sable',
  },
  en: {
    title: 'The card shop',
    lead: 'A professional’s card without a reader: a file to install in your browser, which shows it as it would a CPx card.',
    password: (password) => `Password of every file: ${password}`,
    person: 'Whose card',
    kind: 'Which card',
    kinds: {
      valid: 'In good order',
      expired: 'Expired a month ago',
      'not-yet-valid': 'Not valid yet',
      revoked: 'Revoked',
      foreign: 'From a foreign authority',
      nameless: 'A ward’s card, without a name (CPE)',
      'other-name': 'Their number, somebody else’s name',
      'wrong-usage': 'Meant for another use (e-mail)',
      'broken-signature': 'With a damaged signature',
    },
    range: 'Range of the authority',
    ranges: { STANDARD: 'Standard', ELEMENTAIRE: 'Élémentaire' },
    director: 'A director’s card (CDE), for staff of a structure',
    get: 'Download the card',
    fresh:
      'Each download is a new card. Its key is made on the spot and kept nowhere: lose the file, and you need another card.',
    none: 'The directory is empty: run npm start, which fills it.',
    install: 'Install the card',
    installLead: 'Once for each card. Search for “certificate” in the settings if a name has changed.',
    installs: [
      {
        where: 'Chrome and Edge, Windows',
        steps: [
          'Open the .p12 file: the import wizard of Windows opens.',
          'Choose “Current User”, type the password and keep the proposed store.',
          'Close every window of the browser, then open it again.',
        ],
      },
      {
        where: 'Chrome and Edge, Linux',
        steps: [
          'Settings, “Privacy and security”, “Security”, “Manage certificates”.',
          '“Your certificates”, “Import”, the file, then the password.',
        ],
        command: 'pk12util -d sql:$HOME/.pki/nssdb -i card.p12 -W 1234',
      },
      {
        where: 'Firefox, any system',
        steps: [
          'Settings, “Privacy & Security”, “Certificates”, “View Certificates”.',
          '“Your Certificates”, “Import”, the file, then the password.',
        ],
      },
      {
        where: 'Safari, Chrome and Edge, macOS',
        steps: [
          'Open the .p12 file: Keychain Access opens. Choose “login” and type the password.',
          'If it says that the password is wrong, it is the file’s encryption that it did not recognise: use the Terminal, or Firefox.',
        ],
        command: 'security import card.p12 -f pkcs12 -P 1234',
      },
    ],
    use: 'Use it',
    useSteps: [
      'On the sign-in page choose the card: the browser asks which one to show.',
      'It remembers that choice. To show another, follow “try another card”, or close all its windows.',
    ],
    notOffered:
      'Some browsers do not offer a card that has expired or is meant for another use. curl shows whatever it is given, at the address where the sign-in page sends:',
    host: 'Trust the card’s site',
    hostLead: (origin) =>
      `The card is asked for by ${origin}, whose certificate was made on this machine. Its authority is in a .ca.pem file, which npm start names as it starts. Accept it once:`,
    hostSteps: [
      { where: 'Windows', step: 'import the file into “Trusted Root Certification Authorities”.' },
      { where: 'Linux', step: 'where the card is imported, tab “Authorities”, “Import”, for websites.' },
      { where: 'macOS', step: 'open the file, then “Always Trust” in Keychain Access.' },
      { where: 'Firefox', step: 'where the card is imported, tab “Authorities”, “Import”, for websites.' },
    ],
    structures: 'The certificate of a software',
    structuresLead:
      'A structure’s software authenticates with an organisation certificate (ORG AUTH_CLI). These structures are invented.',
    structure: 'Structure',
    software: 'Name of the software',
    whichCertificate: 'Which certificate',
    certificates: {
      valid: 'In good order',
      expired: 'Expired a month ago',
      'not-yet-valid': 'Not valid yet',
      revoked: 'Revoked',
      foreign: 'From a foreign authority',
      'broken-signature': 'With a damaged signature',
    },
    getCertificate: 'Download the certificate',
    lost: 'Declare a card lost',
    lostNote: 'The cards that were handed out here, and how to revoke them',
    lists: 'The test authority',
    listsLead:
      'It imitates IGC-Santé: same names, same fields. It signs a revocation list for each authority, good for a day, and answers OCSP.',
    ocsp: 'OCSP answers:',
    developers: 'On the command line',
    developersLead: 'The certificate, its chain and its key in PEM, and the .p12 file in base64:',
    revoke: {
      title: 'Declare a card lost',
      lead: 'The test authority revokes it at once: its list and its OCSP answers say so from the next request on. An answer is good for ten minutes: a card shown just before may pass until then.',
      empty: 'No card was handed out yet.',
      all: 'What was handed out',
      declare: 'Declare lost',
      declareFor: (label) => `Declare lost: ${label}`,
      revoked: (at) => `Revoked on ${at}`,
      until: (at) => `Valid until ${at}`,
      expired: (at) => `Expired on ${at}`,
      number: 'Certificate',
      handedOut: 'Handed out on',
      back: 'Back to the shop',
    },
    refused: {
      title: 'No card',
      noCard: 'This identity comes from a test tool and has no card. Choose somebody else.',
      unknown: 'This person or structure is not in the sandbox.',
    },
    home: 'Back to the sandbox',
  },
}
