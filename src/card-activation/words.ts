import type { Language } from '../kernel/language.ts'

/** Why a page of an activation cannot be shown. `{host}` is replaced by the name of this site. */
export type DeskProblem = 'over' | 'elsewhere' | 'other-browser' | 'wrong-host'

/** Why the first page is shown again instead of the next one. */
export type CardTrouble = 'silent' | 'spent'

interface Told {
  readonly title: string
  readonly happened: string
  readonly todo: string
}

interface Words {
  readonly title: string
  readonly lead: string
  readonly steps: readonly string[]
  readonly start: string
  readonly withCodes: string
  readonly silent: string
  readonly silentThen: readonly string[]
  readonly spent: string
  readonly closedTitle: string
  readonly closed: string
  readonly of: string
  /** `{app}` is replaced by the address of the e-CPS. */
  readonly openApp: string
  readonly scan: string
  readonly qr: string
  readonly orType: string
  readonly spelled: (code: string) => string
  readonly create: string
  readonly waiting: string
  readonly onlyYours: string
  readonly anotherCard: string
  readonly takenTitle: string
  readonly takenLead: string
  readonly finishing: string
  readonly notMine: string
  readonly anotherCode: string
  readonly doneTitle: string
  readonly device: (name: string) => string
  readonly next: string
  readonly notThatOne: string
  readonly anotherPhone: string
  readonly problems: Record<DeskProblem, Told>
}

export const words: Record<Language, Words> = {
  fr: {
    title: 'Activer l’e-CPS avec ma carte',
    lead: 'Votre carte dit qui vous êtes, votre téléphone garde la clé. Prenez-le en main avant de commencer.',
    steps: [
      'Mettez la carte dans le lecteur, puce vers l’avant.',
      'Le navigateur vous propose un certificat : choisissez celui qui porte votre nom.',
      'Tapez le code de la carte. Trois essais, puis la carte se bloque.',
    ],
    start: 'Ma carte est prête',
    withCodes: 'Sans carte, avec un code reçu par e-mail et un autre par SMS',
    silent: 'La carte n’a pas répondu',
    silentThen: [
      'Le code a peut-être été annulé, ou la carte retirée : remettez-la et recommencez.',
      'Si le lecteur clignote, attendez qu’il s’arrête.',
    ],
    spent: 'Le passage de la carte a pris trop de temps, ou a déjà servi. Présentez-la de nouveau.',
    closedTitle: 'La carte CPS n’est pas acceptée ici',
    closed: 'Votre carte n’est pas en cause. L’e-CPS s’active aussi avec vos coordonnées.',
    of: 'Activer l’e-CPS de',
    openApp: 'Sur votre téléphone, ouvrez {app} et choisissez « Avec ma carte CPS ».',
    scan: 'Scannez ce QR dans l’app.',
    qr: 'QR à scanner depuis l’e-CPS',
    orType: 'ou tapez ce code :',
    spelled: (code) => `soit, caractère par caractère : ${code}`,
    create: 'Créez votre clé d’accès sur le téléphone.',
    waiting: 'En attente de votre téléphone. Cette page continuera d’elle-même.',
    onlyYours:
      'Ne montrez cet écran à personne : le premier téléphone qui lit ce QR devient celui de cette personne.',
    anotherCard: 'Ce n’est pas moi : une autre carte',
    takenTitle: 'Continuez sur votre téléphone',
    takenLead: 'Un téléphone a lu le code. Il crée maintenant sa clé d’accès.',
    finishing: 'La clé d’accès est créée, l’enregistrement se termine.',
    notMine: 'Votre téléphone ne montre rien ? Alors ce n’est pas lui. Rien n’est encore activé.',
    anotherCode: 'Ce n’est pas mon téléphone : un autre code',
    doneTitle: 'L’e-CPS est active',
    device: (name) => `Le téléphone activé : « ${name} ».`,
    next: 'La prochaine fois, choisissez « Utiliser mon téléphone » pour vous connecter. Vous pouvez retirer la carte et fermer cette page.',
    notThatOne:
      'Ce n’est pas votre téléphone ? Activez le vôtre tout de suite, puis retirez l’autre dans « Mes appareils ».',
    anotherPhone: 'Activer un autre téléphone',
    problems: {
      over: {
        title: 'Cette activation n’existe plus',
        happened: 'Une activation dure dix minutes. Celle-ci est terminée, ou son adresse est incomplète.',
        todo: 'Si votre téléphone n’est pas activé, recommencez.',
      },
      'other-browser': {
        title: 'Cette activation a commencé dans un autre navigateur',
        happened:
          'Une activation se termine là où elle a commencé. Ce navigateur n’est pas celui-là, ou il n’a pas rendu le cookie posé au début.',
        todo: 'Si quelqu’un vous a envoyé cette adresse, ne faites rien de plus. Sinon, recommencez ici.',
      },
      'wrong-host': {
        title: 'Cette page a été ouverte sous un autre nom',
        happened: 'Le nom de ce site est {host}. Sous un autre nom, les cookies ne suivent pas.',
        todo: 'Recommencez à l’adresse {host}.',
      },
      elsewhere: {
        title: 'Cette action ne vient pas de nos pages',
        happened: 'Un autre site a essayé d’agir ici à votre place. Rien n’a été fait.',
        todo: 'Recommencez depuis notre page.',
      },
    },
  },
  en: {
    title: 'Activate the e-CPS with my card',
    lead: 'Your card says who you are, your phone keeps the key. Have it in your hand before you begin.',
    steps: [
      'Put the card in the reader, chip first.',
      'The browser offers you a certificate: choose the one with your name.',
      'Type the PIN of the card. Three tries, then the card blocks itself.',
    ],
    start: 'My card is ready',
    withCodes: 'Without a card, with one code by e-mail and another by SMS',
    silent: 'The card did not answer',
    silentThen: [
      'The PIN may have been cancelled, or the card taken out: put it back and try again.',
      'If the reader’s light is blinking, wait until it stops.',
    ],
    spent: 'The card’s passage took too long, or was used already. Show it again.',
    closedTitle: 'The CPS card is not accepted here',
    closed: 'Nothing is wrong with your card. The e-CPS can also be activated with your contact details.',
    of: 'Activate the e-CPS of',
    openApp: 'On your phone, open {app} and choose “With my CPS card”.',
    scan: 'Scan this QR in the app.',
    qr: 'QR to scan from the e-CPS',
    orType: 'or type this code:',
    spelled: (code) => `that is, one character at a time: ${code}`,
    create: 'Create your passkey on the phone.',
    waiting: 'Waiting for your phone. This page goes on by itself.',
    onlyYours:
      'Show this screen to nobody: the first phone that reads this QR becomes the phone of this person.',
    anotherCard: 'That is not me: another card',
    takenTitle: 'Go on with your phone',
    takenLead: 'A phone has read the code. It now creates its passkey.',
    finishing: 'The passkey is created, it is being registered.',
    notMine: 'Your phone shows nothing? Then it is not yours. Nothing is active yet.',
    anotherCode: 'That is not my phone: another code',
    doneTitle: 'The e-CPS is active',
    device: (name) => `The phone that was activated: “${name}”.`,
    next: 'Next time, choose “Use my phone” to sign in. You can take the card out and close this page.',
    notThatOne: 'Not your phone? Activate yours at once, then remove the other one under “My devices”.',
    anotherPhone: 'Activate another phone',
    problems: {
      over: {
        title: 'This activation no longer exists',
        happened: 'An activation lasts ten minutes. This one is over, or its address is incomplete.',
        todo: 'If your phone is not active, start again.',
      },
      'other-browser': {
        title: 'This activation was started in another browser',
        happened:
          'An activation ends where it began. This browser is not that one, or it did not give back the cookie set at the start.',
        todo: 'If somebody sent you this address, do nothing more. Otherwise start again here.',
      },
      'wrong-host': {
        title: 'This page was opened under another name',
        happened: 'The name of this site is {host}. Under another name cookies do not follow.',
        todo: 'Start again at {host}.',
      },
      elsewhere: {
        title: 'This action does not come from our pages',
        happened: 'Another site tried to act here in your place. Nothing was done.',
        todo: 'Start again from our page.',
      },
    },
  },
}
