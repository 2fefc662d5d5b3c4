/** Texts of the demonstration services. French first, English complete. */
export type Language = 'fr' | 'en'

export interface DemoWords {
  readonly signIn: (product: string) => string
  readonly signInWhy: string
  readonly demonstration: string
  readonly other: (name: string) => string
  readonly hello: (name: string) => string
  readonly signedInBy: (means: string) => string
  readonly claims: string
  readonly claimsCaption: string
  readonly claim: string
  readonly value: string
  readonly source: string
  readonly idToken: string
  readonly raw: string
  readonly header: string
  readonly payload: string
  readonly refresh: string
  readonly refreshed: (at: string) => string
  readonly signOut: string
  readonly signedOut: string
  readonly home: string
  readonly retry: string
  readonly errorTitle: string
  readonly errorCode: string
  readonly errorDetail: string
  readonly whatToDo: string
  readonly advice: Readonly<Record<Trouble, string>>
  readonly notFound: string
  readonly empty: string
  readonly yes: string
  readonly no: string
}

/** What went wrong, as far as it changes what to do next. */
export type Trouble = 'refused' | 'interaction' | 'unreachable' | 'lost' | 'ended' | 'other'

export const words: Record<Language, DemoWords> = {
  fr: {
    signIn: (product) => `Se connecter avec ${product}`,
    signInWhy:
      'Votre navigateur part chez le fédérateur, puis revient ici avec votre identité de professionnel.',
    demonstration: 'Service de démonstration. Personnes et données inventées.',
    other: (name) => `Aller à ${name}, sans se reconnecter`,
    hello: (name) => `Bonjour ${name}`,
    signedInBy: (means) => `Vous êtes connecté. Moyen utilisé : ${means}.`,
    claims: 'Ce que le service a reçu',
    claimsCaption: 'Données reçues, avec leur provenance',
    claim: 'Donnée',
    value: 'Valeur',
    source: 'Provenance',
    idToken: 'ID token',
    raw: 'Tel que reçu',
    header: 'En-tête',
    payload: 'Contenu',
    refresh: 'Renouveler les jetons',
    refreshed: (at) => `Jetons renouvelés à ${at}.`,
    signOut: 'Se déconnecter',
    signedOut: 'Vous êtes déconnecté.',
    home: 'Accueil',
    retry: 'Recommencer la connexion',
    errorTitle: 'La connexion n’a pas abouti',
    errorCode: 'Code',
    errorDetail: 'Détail',
    whatToDo: 'Que faire ?',
    advice: {
      refused:
        'La connexion a été refusée ou annulée. Rien n’a été ouvert. Recommencez si c’était une erreur.',
      interaction: 'Il faut se connecter de nouveau : recommencez, une page de connexion va s’afficher.',
      unreachable: 'Le fédérateur ne répond pas. Vérifiez qu’il est démarré, puis recommencez.',
      lost: 'Cette réponse ne correspond à aucune connexion commencée dans ce navigateur : page ancienne, lien ouvert ailleurs ou cookies refusés. Recommencez depuis l’accueil.',
      ended: 'Votre session a pris fin. Reconnectez-vous.',
      other: 'Recommencez. Si cela continue, transmettez le code ci-dessus à qui exploite le service.',
    },
    notFound: 'Cette page n’existe pas.',
    empty: 'vide',
    yes: 'oui',
    no: 'non',
  },
  en: {
    signIn: (product) => `Sign in with ${product}`,
    signInWhy: 'Your browser goes to the federator and comes back with your professional identity.',
    demonstration: 'A demonstration. People and data are invented.',
    other: (name) => `Go to ${name}, without signing in again`,
    hello: (name) => `Hello ${name}`,
    signedInBy: (means) => `You are signed in. Means used: ${means}.`,
    claims: 'What this service received',
    claimsCaption: 'Data received, and where each came from',
    claim: 'Claim',
    value: 'Value',
    source: 'Source',
    idToken: 'ID token',
    raw: 'As received',
    header: 'Header',
    payload: 'Payload',
    refresh: 'Refresh the tokens',
    refreshed: (at) => `Tokens refreshed at ${at}.`,
    signOut: 'Sign out',
    signedOut: 'You are signed out.',
    home: 'Home',
    retry: 'Sign in again',
    errorTitle: 'The sign-in did not succeed',
    errorCode: 'Code',
    errorDetail: 'Detail',
    whatToDo: 'What to do',
    advice: {
      refused: 'The sign-in was refused or cancelled. Nothing was opened. Start again if that was a mistake.',
      interaction: 'You have to sign in again: start over and a sign-in page will show.',
      unreachable: 'The federator does not answer. Check that it is running, then start again.',
      lost: 'This answer belongs to no sign-in begun in this browser: an old page, a link opened elsewhere, or cookies refused. Start again from the home page.',
      ended: 'Your session has ended. Sign in again.',
      other: 'Start again. If it goes on, give the code above to whoever runs the service.',
    },
    notFound: 'There is no such page.',
    empty: 'empty',
    yes: 'yes',
    no: 'no',
  },
}

/** `?lang=` first, then the cookie, then what the browser asks for; French otherwise. */
export function languageOf(
  asked: string | null,
  kept: string | undefined,
  header: string | undefined,
): Language {
  for (const choice of [asked, kept]) if (choice === 'fr' || choice === 'en') return choice
  for (const range of (header ?? '').split(',')) {
    const tag = range.trim().slice(0, 2).toLowerCase()
    if (tag === 'fr' || tag === 'en') return tag
  }
  return 'fr'
}
