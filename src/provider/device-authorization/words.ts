import type { Language } from '../../kernel/language.ts'

/** Why a typed code leads nowhere. */
export type CodeProblem = 'malformed' | 'unknown' | 'expired' | 'answered'
/** What stops the page itself. */
export type PageProblem =
  | 'elsewhere'
  | 'too-many'
  | 'over'
  | 'client-suspended'
  | 'cookie-missing'
  | 'other-browser'
  | 'old-page'

interface Problem {
  readonly title: string
  readonly happened: string
  readonly todo: string
}

interface Words {
  readonly enter: string
  readonly enterLead: string
  readonly label: string
  readonly how: string
  readonly next: string
  readonly careful: string
  readonly codes: Readonly<Record<CodeProblem, string>>
  readonly confirm: string
  readonly compare: string
  readonly service: string
  readonly asked: string
  readonly minutes: (minutes: number) => string
  readonly from: string
  readonly here: string
  readonly nowhere: string
  readonly abroad: string
  readonly only: string
  readonly consequence: string
  readonly signedInAs: (name: string) => string
  readonly yes: string
  readonly yesAs: (name: string) => string
  readonly other: string
  readonly no: string
  readonly done: string
  readonly doneLead: (service: string) => string
  readonly doneThen: string
  readonly doneEnd: string
  readonly refused: string
  readonly refusedLead: (service: string) => string
  readonly refusedThen: string
  readonly again: string
  readonly problems: Readonly<Record<PageProblem, Problem>>
}

export const words: Record<Language, Words> = {
  fr: {
    enter: 'Connecter un écran',
    enterLead: 'Un écran sans clavier ni navigateur vous montre un code : tapez-le ici.',
    label: 'Code affiché sur l’écran',
    how: 'Huit lettres. Majuscules et tiret sont indifférents.',
    next: 'Continuer',
    careful:
      'Ne tapez jamais un code reçu par message, par mail ou au téléphone : il connecterait l’écran de quelqu’un d’autre à votre nom.',
    codes: {
      malformed: 'Ce code n’a pas huit lettres parmi celles qui sont utilisées. Relisez-le sur l’écran.',
      unknown: 'Aucun écran n’attend sous ce code. Relisez-le : il doit être exactement le même.',
      expired: 'Ce code est trop ancien. Demandez-en un autre à l’écran.',
      answered: 'On a déjà répondu pour ce code. Demandez-en un autre à l’écran.',
    },
    confirm: 'Est-ce bien l’écran devant vous ?',
    compare: 'L’écran doit afficher exactement ce code :',
    service: 'Service',
    asked: 'Demandé',
    minutes: (minutes) =>
      minutes < 1 ? 'il y a moins d’une minute' : `il y a ${minutes} minute${minutes === 1 ? '' : 's'}`,
    from: 'L’écran est à',
    here: 'Vous êtes à',
    nowhere: 'Lieu inconnu',
    abroad: '⚠ Cet écran est à l’étranger. S’il n’est pas devant vous, refusez.',
    only: 'Continuez seulement si vous avez vous-même commencé cela, sur un écran que vous voyez devant vous.',
    consequence:
      'Si quelqu’un vous a envoyé ce code ou ce lien, refusez : son écran serait connecté à votre nom.',
    signedInAs: (name) => `Vous êtes connecté ici comme ${name}.`,
    yes: 'C’est mon écran, me connecter',
    yesAs: (name) => `C’est mon écran, le connecter comme ${name}`,
    other: 'C’est mon écran, mais je suis quelqu’un d’autre',
    no: 'Ce n’est pas moi : refuser',
    done: 'C’est fait, regardez votre écran',
    doneLead: (service) => `L’écran se connecte à ${service} dans quelques secondes.`,
    doneThen: 'Vous pouvez fermer cette page.',
    doneEnd:
      'Sa connexion dure quatre heures au plus. Pour la fermer plus tôt, déconnectez-vous sur l’écran, ou de partout dans l’e-CPS.',
    refused: 'C’est refusé',
    refusedLead: (service) =>
      `L’écran qui demandait ${service} n’est pas connecté. Rien n’a été ouvert en votre nom.`,
    refusedThen:
      'Si quelqu’un vous a demandé de taper ce code, prévenez votre service informatique : c’était peut-être un piège.',
    again: 'Taper un autre code',
    problems: {
      'client-suspended': {
        title: 'La connexion à ce service est suspendue',
        happened: 'Le service de cet écran n’a plus le droit de demander votre identité pour le moment.',
        todo: 'Vous n’avez rien à faire ici. Le support du service sait pourquoi.',
      },
      'cookie-missing': {
        title: 'Votre navigateur n’a pas rendu le cookie de cette connexion',
        happened:
          'Nous posons un cookie au début d’une connexion pour la reconnaître à la fin. Il manque : il est bloqué ou effacé, ou plus de dix minutes ont passé.',
        todo: 'Tapez de nouveau le code de l’écran. Si cela se répète, autorisez les cookies pour ce site.',
      },
      'other-browser': {
        title: 'Cette connexion a commencé dans un autre navigateur',
        happened: 'Une connexion se termine là où elle a commencé. Ce navigateur n’est pas celui-là.',
        todo: 'Reprenez dans l’autre navigateur, ou tapez de nouveau le code ici.',
      },
      'old-page': {
        title: 'Cette page est ancienne',
        happened: 'Cette connexion a déjà servi ou a plus de dix minutes. Elle ne peut plus rien ouvrir.',
        todo: 'Regardez l’écran : s’il montre encore un code, tapez-le.',
      },
      elsewhere: {
        title: 'Cette demande ne vient pas de notre page',
        happened: 'La réponse doit venir de la page que nous avons montrée. Rien n’a été ouvert.',
        todo: 'Ouvrez /device sur ce site et tapez le code là.',
      },
      'too-many': {
        title: 'Trop d’essais depuis ce réseau',
        happened: 'Beaucoup de codes ont été tapés en peu de temps. Nous faisons une pause.',
        todo: 'Attendez une minute, puis tapez de nouveau le code de l’écran.',
      },
      over: {
        title: 'L’écran n’attend plus',
        happened: 'Son code a expiré, ou quelqu’un a répondu entre-temps. Rien n’a été ouvert en votre nom.',
        todo: 'Demandez un nouveau code à l’écran et recommencez.',
      },
    },
  },
  en: {
    enter: 'Connect a screen',
    enterLead: 'A screen without keyboard or browser shows you a code: type it here.',
    label: 'Code shown on the screen',
    how: 'Eight letters. Capitals and the dash do not matter.',
    next: 'Continue',
    careful:
      'Never type a code that came by message, by mail or on the telephone: it would connect somebody else’s screen in your name.',
    codes: {
      malformed: 'This code is not eight of the letters that are used. Read it on the screen again.',
      unknown: 'No screen waits under this code. Read it again: it must be exactly the same.',
      expired: 'This code is too old. Ask the screen for another.',
      answered: 'This code was answered already. Ask the screen for another.',
    },
    confirm: 'Is it the screen in front of you?',
    compare: 'The screen must show exactly this code:',
    service: 'Service',
    asked: 'Asked',
    minutes: (minutes) =>
      minutes < 1 ? 'less than a minute ago' : `${minutes} minute${minutes === 1 ? '' : 's'} ago`,
    from: 'The screen is in',
    here: 'You are in',
    nowhere: 'Unknown place',
    abroad: '⚠ This screen is abroad. If it is not in front of you, refuse.',
    only: 'Go on only if you started this yourself, on a screen that you see in front of you.',
    consequence:
      'If somebody sent you this code or link, refuse: their screen would be connected in your name.',
    signedInAs: (name) => `You are signed in here as ${name}.`,
    yes: 'It is my screen, sign me in',
    yesAs: (name) => `It is my screen, connect it as ${name}`,
    other: 'It is my screen, but I am somebody else',
    no: 'It is not me: refuse',
    done: 'Done, you can look at your screen again',
    doneLead: (service) => `The screen will be connected to ${service} in a few seconds.`,
    doneThen: 'You can close this page.',
    doneEnd:
      'It stays connected for four hours at most. To end it earlier, sign out on the screen, or everywhere in the e-CPS.',
    refused: 'Refused',
    refusedLead: (service) =>
      `The screen that asked for ${service} is not connected. Nothing was opened in your name.`,
    refusedThen: 'If somebody asked you to type this code, tell your IT department: it may have been a trap.',
    again: 'Type another code',
    problems: {
      'client-suspended': {
        title: 'Signing in to this service is suspended',
        happened: 'The service of this screen may not ask who you are for the time being.',
        todo: 'There is nothing for you to do here. The service’s support knows why.',
      },
      'cookie-missing': {
        title: 'Your browser did not give back this sign-in’s cookie',
        happened:
          'We set a cookie when a sign-in begins, to know it again at its end. It is missing: blocked, erased, or more than ten minutes went by.',
        todo: 'Type the code of the screen again. If it happens again, allow cookies for this site.',
      },
      'other-browser': {
        title: 'This sign-in began in another browser',
        happened: 'A sign-in ends where it began. This browser is not the one.',
        todo: 'Go on in the other browser, or type the code again here.',
      },
      'old-page': {
        title: 'This page is old',
        happened:
          'This sign-in was used already, or is more than ten minutes old. It cannot open anything any more.',
        todo: 'Look at the screen: if it still shows a code, type it.',
      },
      elsewhere: {
        title: 'This request does not come from our page',
        happened: 'The answer must come from the page that we showed. Nothing was opened.',
        todo: 'Open /device on this site and type the code there.',
      },
      'too-many': {
        title: 'Too many attempts from this network',
        happened: 'Many codes were typed in a short time. We are taking a break.',
        todo: 'Wait a minute, then type the code of the screen again.',
      },
      over: {
        title: 'The screen is not waiting any more',
        happened: 'Its code has expired, or somebody answered meanwhile. Nothing was opened in your name.',
        todo: 'Ask the screen for a new code and start again.',
      },
    },
  },
}
