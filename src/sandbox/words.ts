import type { Language } from '../kernel/language.ts'

export interface SandboxWords {
  readonly sandbox: string
  readonly invented: string
  readonly start: {
    readonly title: (product: string) => string
    readonly lead: string
    readonly tryTitle: string
    readonly steps: readonly (readonly [string, string])[]
    readonly services: string
    readonly demo: (name: string) => string
    readonly demoNote: string
    readonly ecps: string
    readonly ecpsNote: string
    readonly people: string
    readonly peopleNote: string
    readonly cards: string
    readonly cardsNote: string
    readonly outbox: string
    readonly outboxNote: string
    readonly developers: string
    readonly registerTitle: string
    readonly register: string
    readonly robotsTitle: string
    readonly robots: string
    readonly robotsThen: string
    readonly behaviours: readonly (readonly [string, string])[]
    readonly discovery: string
  }
  readonly people: {
    readonly title: string
    readonly lead: string
    readonly search: string
    readonly find: string
    readonly count: (n: number) => string
    readonly none: string
    readonly name: string
    readonly nationalId: string
    readonly professions: string
    readonly special: string
    readonly ecps: string
    readonly active: string
    readonly inactive: string
    readonly suspended: string
    readonly noContact: string
    readonly card: string
    readonly cardOf: (name: string) => string
    readonly cardLead: string
  }
  readonly outbox: {
    readonly title: string
    readonly lead: string
    readonly empty: string
    readonly email: string
    readonly sms: string
    readonly to: string
    readonly refreshed: string
  }
  readonly back: string
  readonly asJson: string
}

export const words: Record<Language, SandboxWords> = {
  fr: {
    sandbox: 'Bac à sable',
    invented: 'Personnes, numéros et services inventés. Rien ne sort de cette machine.',
    start: {
      title: (product) => `${product}, sur votre machine`,
      lead: 'Une fédération d’identité complète, avec ses professionnels inventés. Essayez-la comme si vous étiez l’un d’eux.',
      tryTitle: 'À essayer, dans l’ordre',
      steps: [
        ['Choisissez qui vous êtes', 'Prenez un professionnel dans la liste et copiez son numéro national.'],
        [
          'Activez son e-CPS',
          'Dans une autre fenêtre ou sur un téléphone. Les deux codes demandés arrivent dans la boîte d’envoi.',
        ],
        [
          'Connectez-vous à un service',
          'Ouvrez un service de démonstration, puis choisissez le téléphone ou cet appareil.',
        ],
        [
          'Ouvrez l’autre service',
          'Vous y êtes déjà connecté. Déconnectez-vous de l’un : vous l’êtes des deux.',
        ],
      ],
      services: 'Ouvrir',
      demo: (name) => name,
      demoNote: 'Service de démonstration',
      ecps: 'L’e-CPS',
      ecpsNote: 'L’application du professionnel, à ouvrir sur le téléphone',
      people: 'Les professionnels',
      peopleNote: 'Qui ils sont et ce que chacun a de particulier',
      cards: 'La boutique des cartes',
      cardsNote: 'Une carte CPx sous forme de fichier, pour votre navigateur',
      outbox: 'La boîte d’envoi',
      outboxNote: 'Les courriels et SMS qui seraient partis',
      developers: 'Vous développez un service',
      registerTitle: 'Enregistrez-le',
      register:
        'Ici, l’enregistrement est ouvert (RFC 7591). La réponse contient client_id et client_secret.',
      robotsTitle: 'Testez-le sans humain',
      robots:
        'Un robot est un professionnel dont le téléphone se pilote par HTTP. Créez-le, puis donnez-lui l’adresse vers laquelle /authorize a redirigé votre client de test.',
      robotsThen:
        'Ouvrez continueUrl avec les mêmes cookies : vous arrivez à votre redirect_uri avec un code.',
      behaviours: [
        ['approve', 'touche le bon code'],
        ['deny', 'répond « aucun de ces codes »'],
        ['wrong-code', 'touche un autre code'],
        ['ignore', 'ne répond pas'],
      ],
      discovery: 'La configuration à donner à votre bibliothèque OpenID Connect :',
    },
    people: {
      title: 'Les professionnels',
      lead: 'Tous inventés. Copiez un numéro national pour activer une e-CPS.',
      search: 'Nom ou numéro national',
      find: 'Chercher',
      count: (n) => (n === 0 ? 'Personne' : n === 1 ? '1 personne' : `${n} personnes`),
      none: 'Personne ne correspond. Essayez un autre nom, ou effacez la recherche.',
      name: 'Nom',
      nationalId: 'Numéro national',
      professions: 'Professions',
      special: 'Particularité',
      ecps: 'e-CPS',
      active: 'active',
      inactive: 'à activer',
      suspended: 'Suspendu',
      noContact: 'Sans coordonnées : pas d’activation par codes',
      card: 'Télécharger sa carte',
      cardOf: (name) => `Télécharger sa carte : ${name}`,
      cardLead: 'Installer une carte, ou en prendre une qui n’est pas en règle :',
    },
    outbox: {
      title: 'La boîte d’envoi',
      lead: 'Les courriels et SMS qui seraient partis, les plus récents d’abord.',
      empty: 'Rien pour l’instant. Activez une e-CPS : ses deux codes arriveront ici.',
      email: 'Courriel',
      sms: 'SMS',
      to: 'à',
      refreshed: 'Cette page se met à jour toute seule.',
    },
    back: 'Retour au bac à sable',
    asJson: 'En JSON',
  },
  en: {
    sandbox: 'Sandbox',
    invented: 'People, numbers and services are invented. Nothing leaves this machine.',
    start: {
      title: (product) => `${product}, on your machine`,
      lead: 'A whole identity federation with its invented professionals. Try it as if you were one of them.',
      tryTitle: 'What to try, in this order',
      steps: [
        ['Choose who you are', 'Pick a professional in the list and copy their national id.'],
        [
          'Activate their e-CPS',
          'In another window or on a phone. The two codes it asks for arrive in the outbox.',
        ],
        ['Sign in to a service', 'Open a demonstration service, then choose the phone or this device.'],
        [
          'Open the other service',
          'You are signed in there already. Sign out of one and you are out of both.',
        ],
      ],
      services: 'Open',
      demo: (name) => name,
      demoNote: 'Demonstration service',
      ecps: 'The e-CPS',
      ecpsNote: 'The professional’s app, to open on the phone',
      people: 'The professionals',
      peopleNote: 'Who they are, and what is special about each',
      cards: 'The card shop',
      cardsNote: 'A CPx card as a file, for your browser',
      outbox: 'The outbox',
      outboxNote: 'Mails and text messages that would have left',
      developers: 'You develop a service',
      registerTitle: 'Register it',
      register: 'Registration is open here (RFC 7591). The answer holds client_id and client_secret.',
      robotsTitle: 'Test it without a human',
      robots:
        'A robot is a professional whose phone is driven over HTTP. Make one, then give it the address that /authorize redirected your test client to.',
      robotsThen: 'Open continueUrl with the same cookies: you reach your redirect_uri with a code.',
      behaviours: [
        ['approve', 'taps the right code'],
        ['deny', 'answers “none of these”'],
        ['wrong-code', 'taps another code'],
        ['ignore', 'does not answer'],
      ],
      discovery: 'The configuration to give to your OpenID Connect library:',
    },
    people: {
      title: 'The professionals',
      lead: 'All invented. Copy a national id to activate an e-CPS.',
      search: 'Name or national id',
      find: 'Search',
      count: (n) => (n === 0 ? 'Nobody' : n === 1 ? '1 person' : `${n} people`),
      none: 'Nobody matches. Try another name, or clear the search.',
      name: 'Name',
      nationalId: 'National id',
      professions: 'Professions',
      special: 'What is special',
      ecps: 'e-CPS',
      active: 'active',
      inactive: 'to activate',
      suspended: 'Suspended',
      noContact: 'No contact details: cannot be activated by codes',
      card: 'Download their card',
      cardOf: (name) => `Download their card: ${name}`,
      cardLead: 'To install a card, or to take one that is not in good order:',
    },
    outbox: {
      title: 'The outbox',
      lead: 'Mails and text messages that would have left, newest first.',
      empty: 'Nothing yet. Activate an e-CPS: its two codes will arrive here.',
      email: 'Mail',
      sms: 'SMS',
      to: 'to',
      refreshed: 'This page refreshes by itself.',
    },
    back: 'Back to the sandbox',
    asJson: 'As JSON',
  },
}
