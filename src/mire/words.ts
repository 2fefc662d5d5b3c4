import type { Language } from '../kernel/language.ts'
import type { PhoneFailure } from './login.ts'

/** Why a page of the mire cannot be shown. `{host}` is replaced by the name of this site. */
export type MireProblem =
  | 'unknown'
  | 'finished'
  | 'cookie-missing'
  | 'other-browser'
  | 'wrong-host'
  | 'elsewhere'

interface Told {
  readonly title: string
  readonly happened: string
  readonly todo: string
}

interface Words {
  readonly signInTo: string
  readonly shared: string
  readonly ways: string
  readonly passkey: string
  readonly passkeyHow: string
  readonly passkeyFails: string
  readonly passkeyFailsThen: readonly string[]
  readonly passkeyNeedsScript: string
  readonly saved: string
  readonly savedHow: string
  readonly trust: string
  readonly trustHow: string
  readonly ring: (name: string) => string
  readonly ringHow: string
  readonly phone: string
  readonly phoneHow: string
  readonly card: string
  readonly cardHow: string
  readonly resistant: string
  readonly tooMany: string
  readonly noEcps: string
  readonly activate: string
  readonly activateByCard: string
  readonly cancel: string
  readonly anotherWay: string
  readonly again: string
  readonly failed: Record<PhoneFailure, { readonly title: string; readonly next: string }>
  readonly closed: string
  readonly openApp: string
  readonly scan: string
  readonly qr: string
  readonly orType: string
  readonly spelled: (code: string) => string
  readonly thenChoose: string
  readonly digits: readonly string[]
  readonly choose: string
  readonly onYourPhone: string
  readonly sent: string
  readonly nothingCame: string
  readonly waiting: string
  readonly notYou: string
  readonly disclosureTitle: (service: string) => string
  readonly disclosureLead: string
  readonly disclosureOnce: string
  readonly nothingElse: string
  readonly goOn: string
  readonly onwardTitle: string
  readonly onwardLead: string
  readonly decline: string
  readonly scopes: Readonly<Record<string, string>>
  readonly otherScope: (scope: string) => string
  readonly cardTitle: string
  readonly cardSteps: readonly string[]
  readonly cardNow: string
  readonly cardSilent: string
  readonly cardSilentThen: readonly string[]
  readonly cardSpent: string
  readonly cardClosedTitle: string
  readonly cardClosed: string
  readonly cardInstead: string
  readonly back: string
  readonly problems: Record<MireProblem, Told>
}

export const words: Record<Language, Words> = {
  fr: {
    signInTo: 'Se connecter à',
    shared: 'Ce qui est partagé',
    ways: 'Façons de se connecter',
    passkey: 'Continuer avec cet appareil',
    passkeyHow: 'Empreinte, visage ou code de l’appareil',
    passkeyFails: 'Ma clé d’accès ne fonctionne pas',
    passkeyFailsThen: [
      'Choisissez une autre façon dans la liste : votre compte n’est pas bloqué.',
      'La clé est peut-être dans votre téléphone : votre navigateur peut afficher un QR à scanner avec lui.',
      'Vous avez changé de téléphone ? Activez l’e-CPS sur le nouveau, puis revenez ici.',
    ],
    passkeyNeedsScript:
      'Sans JavaScript, « cet appareil » ne peut pas répondre. Utilisez votre téléphone ou votre carte.',
    saved: 'Clés d’accès de ce navigateur',
    savedHow: 'Touchez ce champ pour les voir. Il n’y a rien à taper.',
    trust: 'Reconnaître ce navigateur la prochaine fois',
    trustHow: 'Jamais sur un poste partagé.',
    ring: (name) => `${name} ? Utiliser mon téléphone`,
    ringHow: 'La demande part vers l’e-CPS de cette personne.',
    phone: 'Utiliser mon téléphone (e-CPS)',
    phoneHow: 'Un QR à scanner, ou un code à taper',
    card: 'Utiliser ma carte CPS',
    cardHow: 'Carte dans le lecteur, puis son code',
    resistant:
      'Ce service demande un moyen que l’hameçonnage ne peut pas détourner. Le code sur téléphone n’en est pas un.',
    tooMany:
      'Le téléphone a été demandé trop de fois pour cette connexion. Choisissez une autre façon, ou retournez au service et recommencez.',
    noEcps: 'Pas encore d’e-CPS ?',
    activate: 'L’activer',
    activateByCard: 'L’activer avec ma carte',
    cancel: 'Annuler',
    anotherWay: 'Une autre façon',
    again: 'Recommencer avec mon téléphone',
    failed: {
      'wrong-code': {
        title: 'Ce n’était pas le bon code',
        next: 'Rien n’a été ouvert. Recommencez, ou choisissez une autre façon.',
      },
      denied: {
        title: 'Votre téléphone a dit non',
        next: 'Rien n’a été ouvert. Si ce n’était pas vous, fermez cette page.',
      },
      'two-at-once': {
        title: 'Deux demandes en même temps',
        next: 'Par sécurité, aucune n’a abouti. Si vous n’en avez fait qu’une, quelqu’un d’autre essaie peut-être : recommencez seulement d’ici.',
      },
      'request-expired': {
        title: 'La demande a expiré',
        next: 'Personne n’a répondu à temps sur le téléphone. Rien n’est perdu : recommencez.',
      },
    },
    closed:
      'Deux demandes ont été refusées sur ce téléphone : nous ne le faisons plus sonner. Scannez ce QR à la place.',
    openApp: 'Ouvrez l’e-CPS sur votre téléphone',
    scan: 'Scannez ce QR depuis l’e-CPS',
    qr: 'QR à scanner depuis l’e-CPS',
    orType: 'ou tapez ce code :',
    spelled: (code) => `soit, caractère par caractère : ${code}`,
    thenChoose: 'Choisissez ce code',
    digits: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'],
    choose: 'Choisissez ce code',
    onYourPhone: 'sur votre téléphone',
    sent: 'La demande vous attend dans l’e-CPS.',
    nothingCame: 'Rien reçu ? Ouvrez l’e-CPS, puis « Mes demandes ».',
    waiting: 'En attente de votre téléphone. Cette page continuera d’elle-même.',
    notYou: 'Ne choisissez ce code que si vous êtes devant cet écran.',
    disclosureTitle: (service) => `${service} recevra`,
    disclosureLead: 'C’est votre première connexion à ce service. Voici ce que nous lui transmettons :',
    disclosureOnce: 'Nous ne vous le redemanderons que si la liste s’allonge.',
    nothingElse: 'Rien d’autre : ni votre adresse, ni votre téléphone personnels.',
    goOn: 'Continuer',
    onwardTitle: 'Un instant',
    onwardLead: 'La suite s’ouvre toute seule.',
    decline: 'Ne pas continuer',
    scopes: {
      openid: 'Un identifiant qui vous désigne, toujours le même',
      identity: 'Votre nom, votre prénom, votre civilité et vos identifiants nationaux (RPPS, ADELI…)',
      profession: 'Votre profession, sa catégorie et vos savoir-faire',
      activities: 'Vos lieux d’exercice : structure, mode, secteur, rôle, adresse',
      contact: 'Les coordonnées professionnelles de vos lieux d’exercice',
      profile: 'Votre nom et votre prénom',
      offline_access: 'La possibilité de rester connecté au service, quatre heures au plus',
    },
    otherScope: (scope) => `D’autres données, que ce service nomme « ${scope} »`,
    cardTitle: 'Se connecter avec la carte CPS',
    cardSteps: [
      'Mettez la carte dans le lecteur, puce vers l’avant.',
      'Le navigateur vous propose un certificat : choisissez celui qui porte votre nom.',
      'Tapez le code de la carte. Trois essais, puis la carte se bloque.',
    ],
    cardNow: 'Ma carte est prête',
    cardSilent: 'La carte n’a pas répondu',
    cardSilentThen: [
      'Le code a peut-être été annulé, ou la carte retirée : remettez-la et recommencez.',
      'Si le lecteur clignote, attendez qu’il s’arrête.',
      'Rien n’a été ouvert, et votre compte n’est pas bloqué : une autre façon marche aussi.',
    ],
    cardSpent: 'Le passage de la carte a pris trop de temps, ou a déjà servi. Présentez-la de nouveau.',
    cardClosedTitle: 'La carte CPS n’est pas acceptée ici',
    cardClosed: 'Cette façon de se connecter n’est pas ouverte. Votre carte n’est pas en cause.',
    cardInstead: 'Utilisez cet appareil ou votre téléphone en attendant.',
    back: 'Voir les autres façons',
    problems: {
      unknown: {
        title: 'Cette page de connexion n’existe plus',
        happened: 'Une connexion dure dix minutes. Celle-ci est terminée, ou son adresse est incomplète.',
        todo: 'Retournez au service et recommencez.',
      },
      finished: {
        title: 'Cette connexion est terminée',
        happened: 'Elle a déjà servi. Cette page ne peut plus rien ouvrir.',
        todo: 'Retournez au service. Si vous n’y êtes pas connecté, recommencez depuis lui.',
      },
      'cookie-missing': {
        title: 'Votre navigateur n’a pas rendu le cookie de cette connexion',
        happened:
          'Nous posons un cookie au début d’une connexion pour vous reconnaître ensuite. Il manque : il est bloqué ou effacé, ou cette adresse vient d’un autre navigateur.',
        todo: 'Retournez au service et recommencez. Si cela se répète, autorisez les cookies pour {host}, ou quittez la navigation privée.',
      },
      'other-browser': {
        title: 'Cette connexion a commencé dans un autre navigateur',
        happened: 'Une connexion se termine là où elle a commencé. Ce navigateur n’est pas celui-là.',
        todo: 'Reprenez dans l’autre navigateur, ou retournez au service ici et recommencez.',
      },
      'wrong-host': {
        title: 'Cette page a été ouverte sous un autre nom',
        happened:
          'Le nom de ce site est {host}. Sous un autre nom, ni les cookies ni les clés d’accès ne suivent.',
        todo: 'Retournez au service et recommencez. Son support doit l’adresser à {host}.',
      },
      elsewhere: {
        title: 'Cette action ne vient pas de nos pages',
        happened: 'Un autre site a essayé d’agir ici à votre place. Rien n’a été fait.',
        todo: 'Retournez au service par son adresse habituelle et recommencez.',
      },
    },
  },
  en: {
    signInTo: 'Sign in to',
    shared: 'What is shared',
    ways: 'Ways to sign in',
    passkey: 'Continue with this device',
    passkeyHow: 'Fingerprint, face or the device’s code',
    passkeyFails: 'My passkey does not work',
    passkeyFailsThen: [
      'Choose another way in the list: your account is not locked.',
      'The passkey may be in your phone: your browser can show a QR to scan with it.',
      'A new phone? Activate the e-CPS on it, then come back here.',
    ],
    passkeyNeedsScript: 'Without JavaScript “this device” cannot answer. Use your phone or your card.',
    saved: 'Passkeys of this browser',
    savedHow: 'Touch this field to see them. There is nothing to type.',
    trust: 'Recognise this browser next time',
    trustHow: 'Never on a shared computer.',
    ring: (name) => `${name}? Use my phone`,
    ringHow: 'The request goes to this person’s e-CPS.',
    phone: 'Use my phone (e-CPS)',
    phoneHow: 'A QR to scan, or a code to type',
    card: 'Use my CPS card',
    cardHow: 'Card in the reader, then its PIN',
    resistant: 'This service asks for a means that phishing cannot divert. A code on the phone is not one.',
    tooMany:
      'The phone was asked too many times for this sign-in. Choose another way, or go back to the service and start again.',
    noEcps: 'No e-CPS yet?',
    activate: 'Activate it',
    activateByCard: 'Activate it with my card',
    cancel: 'Cancel',
    anotherWay: 'Another way',
    again: 'Start again with my phone',
    failed: {
      'wrong-code': {
        title: 'That was not the code',
        next: 'Nothing was opened. Start again, or choose another way.',
      },
      denied: {
        title: 'Your phone said no',
        next: 'Nothing was opened. If it was not you, close this page.',
      },
      'two-at-once': {
        title: 'Two requests at the same time',
        next: 'To be safe, neither went through. If you made only one, someone else may be trying: start again from here only.',
      },
      'request-expired': {
        title: 'The request expired',
        next: 'Nobody answered on the phone in time. Nothing is lost: start again.',
      },
    },
    closed: 'Two requests were refused on this phone: we no longer ring it. Scan this QR instead.',
    openApp: 'Open the e-CPS on your phone',
    scan: 'Scan this QR from the e-CPS',
    qr: 'QR to scan from the e-CPS',
    orType: 'or type this code:',
    spelled: (code) => `that is, one character at a time: ${code}`,
    thenChoose: 'Choose this code',
    digits: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
    choose: 'Choose this code',
    onYourPhone: 'on your phone',
    sent: 'The request is waiting in the e-CPS.',
    nothingCame: 'Nothing there? Open the e-CPS, then “My requests”.',
    waiting: 'Waiting for your phone. This page goes on by itself.',
    notYou: 'Choose this code only if you are in front of this screen.',
    disclosureTitle: (service) => `${service} will receive`,
    disclosureLead: 'This is your first sign-in to this service. This is what we send it:',
    disclosureOnce: 'We will ask again only if the list grows.',
    nothingElse: 'Nothing else: neither your private address nor your private phone.',
    goOn: 'Continue',
    onwardTitle: 'One moment',
    onwardLead: 'What follows opens by itself.',
    decline: 'Do not continue',
    scopes: {
      openid: 'An identifier that stands for you, always the same',
      identity: 'Your name, your title and your national identifiers (RPPS, ADELI…)',
      profession: 'Your profession, its category and your skills',
      activities: 'Where you practise: structure, mode, sector, role, address',
      contact: 'The professional contact details of where you practise',
      profile: 'Your first and last name',
      offline_access: 'Staying signed in to the service, four hours at most',
    },
    otherScope: (scope) => `Other data, which this service calls “${scope}”`,
    cardTitle: 'Sign in with the CPS card',
    cardSteps: [
      'Put the card in the reader, chip first.',
      'The browser offers you a certificate: choose the one with your name.',
      'Type the PIN of the card. Three tries, then the card blocks itself.',
    ],
    cardNow: 'My card is ready',
    cardSilent: 'The card did not answer',
    cardSilentThen: [
      'The PIN may have been cancelled, or the card taken out: put it back and try again.',
      'If the reader’s light is blinking, wait until it stops.',
      'Nothing was opened and your account is not locked: another way works too.',
    ],
    cardSpent: 'The card’s passage took too long, or was used already. Show it again.',
    cardClosedTitle: 'The CPS card is not accepted here',
    cardClosed: 'This way to sign in is not open. Nothing is wrong with your card.',
    cardInstead: 'Use this device or your phone in the meantime.',
    back: 'See the other ways',
    problems: {
      unknown: {
        title: 'This sign-in page no longer exists',
        happened: 'A sign-in lasts ten minutes. This one is over, or its address is incomplete.',
        todo: 'Go back to the service and start again.',
      },
      finished: {
        title: 'This sign-in is finished',
        happened: 'It was used already. This page cannot open anything any more.',
        todo: 'Go back to the service. If you are not signed in there, start again from it.',
      },
      'cookie-missing': {
        title: 'Your browser did not give back the cookie of this sign-in',
        happened:
          'We set a cookie at the start of a sign-in to recognise you afterwards. It is missing: it is blocked or erased, or this address comes from another browser.',
        todo: 'Go back to the service and start again. If it happens again, allow cookies for {host}, or leave private browsing.',
      },
      'other-browser': {
        title: 'This sign-in was started in another browser',
        happened: 'A sign-in ends where it began. This browser is not that one.',
        todo: 'Go on in the other browser, or go back to the service here and start again.',
      },
      'wrong-host': {
        title: 'This page was opened under another name',
        happened: 'The name of this site is {host}. Under another name neither cookies nor passkeys follow.',
        todo: 'Go back to the service and start again. Its support must send you to {host}.',
      },
      elsewhere: {
        title: 'This action does not come from our pages',
        happened: 'Another site tried to act here in your place. Nothing was done.',
        todo: 'Go to the service by its usual address and start again.',
      },
    },
  },
}

/** What everything means: `scope_all`, Pro Santé Connect's. */
const EVERYTHING = ['identity', 'profession', 'activities', 'contact'] as const

/** What a service gets for a scope, as a list for people. */
export function sharedData(scope: string, language: Language): readonly string[] {
  const { scopes, otherScope } = words[language]
  const asked = scope.split(' ').filter((each) => each !== '')
  const wide = asked.includes('scope_all') ? [...EVERYTHING] : []
  const rest = asked.filter((each) => each !== 'scope_all' && !(wide.length > 0 && each === 'profile'))
  const all = [...new Set<string>(['openid', ...wide, ...rest])]
  return all.map((each) => (Object.hasOwn(scopes, each) ? scopes[each] : undefined) ?? otherScope(each))
}
