import type { Language } from './language.ts'
import type { Device, Refused, SignIn } from './messages.ts'
import type { Failed } from './passkey.ts'

/**
 * Every word of the app. Short sentences, present tense; what happens next. The French has no-break spaces (U+00A0)
 * before `: ; ? ! »` and after `«`.
 */
export interface Words {
  readonly otherLanguage: string
  readonly back: string
  readonly retry: string
  readonly cancel: string
  readonly loading: string
  readonly offline: string
  readonly refusals: Record<Refused, string>
  readonly passkey: Record<Failed, string>
  readonly welcome: {
    title: string
    lead: string
    steps: readonly string[]
    start: string
    installTitle: string
    install: readonly string[]
    installWhy: string
    anyway: string
  }
  readonly card: {
    start: string
    title: string
    lead: string
    open: string
    steps: readonly string[]
    foreign: string
    help: string
    wrong: string
    whose: (name: string) => string
    again: string
  }
  readonly identity: { title: string; label: string; help: string; wrong: string; next: string }
  readonly codes: {
    title: string
    lead: string
    email: string
    sms: string
    next: string
    missing: string
    nothing: string
    nothingHelp: string
    again: string
    sentAgain: string
    left: (count: number) => string
  }
  readonly creation: {
    title: string
    lead: string
    name: string
    nameHelp: string
    create: string
    finishing: string
    stuck: string
  }
  readonly done: { title: string; lead: string; next: string; install: string; advice: string }
  readonly home: {
    title: string
    none: string
    noneHelp: string
    scan: string
    type: string
    waiting: string
    see: string
    more: string
  }
  readonly request: {
    title: (service: string) => string
    asks: string
    computer: string
    browser: string
    trust: string
    bonded: string
    unbonded: string
    nowhere: string
    abroad: string
    left: (seconds: number) => string
    soon: string
    question: string
    help: string
    none: string
    origin: string
    byService: string
    says: string
    isItYou: string
    yes: string
    no: string
    verifying: string
    notSigned: string
    unreadable: string
    shown: string
  }
  readonly result: {
    approved: string
    approvedLead: string
    approvedService: string
    notMe: string
    wrong: string
    wrongLead: string
    wrongService: string
    denied: string
    deniedLead: string
    expired: string
    gone: string
    twice: string
    already: string
    problem: string
    home: string
    again: string
    caution: string
  }
  readonly scan: {
    title: string
    lead: string
    starting: string
    denied: string
    noCamera: string
    foreign: string
    found: string
    picture: string
  }
  readonly type: { title: string; label: string; help: string; wrong: string; next: string }
  readonly devices: {
    title: string
    lead: string
    current: string
    synced: string
    bound: string
    since: (day: string, mode: Device['activationMode']) => string
    until: (day: string) => string
    used: (day: string) => string
    never: string
    remove: string
    sure: (name: string) => string
    sureHere: string
    confirm: string
    keep: string
    removed: string
  }
  readonly signIns: {
    title: string
    lead: string
    none: string
    live: string
    outcomes: Record<SignIn['outcome'], string>
    means: Record<SignIn['means'], string>
  }
  readonly signOut: {
    title: string
    lead: string
    notMe: string
    confirm: string
    done: (ended: number) => string
    doneTitle: string
  }
  readonly account: {
    title: string
    name: string
    id: string
    device: string
    until: string
    kept: string
    keptLead: string
    off: string
  }
  readonly userCode: {
    title: string
    short: string
    lead: string
    some: string
    none: string
    choose: string
    change: string
    label: string
    help: string
    wrong: string
    save: string
    saved: string
    remove: string
    removed: string
  }
  readonly help: {
    title: string
    lead: string
    ways: readonly string[]
    again: string
    againLead: string
    sure: string
    link: string
  }
  readonly ended: { title: string; lead: string; again: string }
  readonly unreachable: { title: string; lead: string }
}

const fr: Words = {
  otherLanguage: 'English',
  back: 'Retour',
  retry: 'Réessayer',
  cancel: 'Annuler',
  loading: 'Un instant…',
  offline: 'Hors ligne. Vous ne pouvez rien approuver pour le moment.',
  refusals: {
    'invalid-request': 'La demande n’a pas été comprise. Revenez en arrière et recommencez.',
    'invalid-proof':
      'Ce téléphone n’a pas pu prouver que c’est bien lui. Vérifiez sa date et son heure, puis réessayez.',
    'unknown-device': 'Ce téléphone n’est pas (ou plus) activé.',
    'device-revoked': 'L’e-CPS de ce téléphone a été retirée.',
    'device-expired': 'L’e-CPS de ce téléphone est arrivée à son terme.',
    suspended: 'Votre accès est suspendu. Adressez-vous à votre autorité d’enregistrement.',
    'wrong-codes': 'Ces deux codes ne vont pas ensemble. Vérifiez-les.',
    'too-many-attempts': 'Trop d’essais. Demandez de nouveaux codes.',
    'activation-expired': 'Les codes ne sont plus valables. Recommencez : cela prend une minute.',
    'invalid-passkey': 'La vérification n’a pas abouti. Rien n’a été ouvert.',
    'code-unknown':
      'Ce code n’est pas connu. Regardez celui que l’ordinateur affiche maintenant : il change souvent.',
    'code-taken':
      'Un autre téléphone a déjà lu ce code. Sur l’ordinateur, demandez-en un autre : il n’aura rien.',
    'request-gone': 'Cette demande n’est plus là.',
    'request-expired': 'Cette demande a attendu trop longtemps.',
    'already-decided': 'Vous avez déjà répondu à cette demande.',
    'two-at-once': 'Deux demandes sont arrivées en même temps. Par prudence, les deux sont annulées.',
    'try-later':
      'Trop de demandes en peu de temps. Attendez un instant, ou choisissez une autre façon sur l’ordinateur.',
    offline: 'Pas de réponse du réseau. Vérifiez la connexion, puis réessayez.',
    'not-understood': 'Le service ne répond pas comme prévu. Réessayez dans un instant.',
  },
  passkey: {
    unsupported:
      'Ce navigateur ne sait pas se servir d’une clé d’accès. Mettez-le à jour, ou ouvrez cette page dans Safari, Chrome ou Firefox.',
    'not-done': 'Rien n’a été vérifié. Réessayez quand vous voulez.',
    'already-here':
      'Ce téléphone a déjà une clé d’accès pour vous. Retirez-la dans les réglages de mots de passe du téléphone, puis réessayez.',
  },
  welcome: {
    title: 'Votre téléphone ouvre vos services',
    lead: 'L’e-CPS vous connecte sans mot de passe : l’ordinateur montre un code, vous le choisissez ici, votre empreinte le signe.',
    steps: [
      'Donnez votre numéro de professionnel.',
      'Tapez les deux codes reçus par e-mail et par SMS.',
      'Créez votre clé d’accès avec l’empreinte, le visage ou le code du téléphone.',
    ],
    start: 'Activer mon e-CPS',
    installTitle: 'D’abord, ajoutez l’app à l’écran d’accueil',
    install: [
      'Touchez Partager, en bas de l’écran.',
      'Choisissez « Sur l’écran d’accueil ».',
      'Ouvrez e-CPS depuis l’écran d’accueil.',
    ],
    installWhy: 'L’app installée garde sa propre clé : une activation faite ici resterait dans Safari.',
    anyway: 'Continuer sans installer',
  },
  card: {
    start: 'Avec ma carte CPS',
    title: 'Activer avec la carte CPS',
    lead: 'Il faut un ordinateur avec un lecteur de carte. Gardez ce téléphone en main.',
    open: 'Sur l’ordinateur, ouvrez',
    steps: ['Présentez votre carte, tapez son code.', 'Lisez ici le code que l’ordinateur affiche.'],
    foreign: 'Ce QR code n’est pas celui d’une activation par carte.',
    help: 'Douze lettres et chiffres, par exemple K7QM-2XRD-9BTW.',
    wrong: 'Le code a douze lettres et chiffres. Regardez à nouveau l’ordinateur.',
    whose: (name) => `Ce téléphone va devenir celui de ${name}. Si ce n’est pas vous, arrêtez-vous là.`,
    again: 'Recommencer avec la carte',
  },
  identity: {
    title: 'Qui êtes-vous ?',
    label: 'Votre numéro de professionnel',
    help: 'Votre identifiant national : un 8, puis les 11 chiffres de votre numéro RPPS. Les 11 chiffres seuls suffisent. Il est au dos de votre carte CPS.',
    wrong: 'Ce n’est pas un identifiant complet. Il a 12 chiffres : un 8, puis 11 chiffres.',
    next: 'Recevoir les codes',
  },
  codes: {
    title: 'Deux codes vous attendent',
    lead: 'Si ce numéro est dans l’annuaire avec une adresse et un mobile, un code est parti à chacun. Ils valent 10 minutes.',
    email: 'Code reçu par e-mail',
    sms: 'Code reçu par SMS',
    next: 'Continuer',
    missing: 'Tapez les deux codes.',
    nothing: 'Je n’ai rien reçu',
    nothingHelp:
      'Regardez dans les indésirables. L’adresse et le mobile sont ceux de l’annuaire : s’ils ont changé, faites-les corriger par votre ordre ou votre employeur, ou activez avec votre carte CPS.',
    again: 'Demander de nouveaux codes',
    sentAgain: 'De nouveaux codes sont partis. Les anciens ne valent plus.',
    left: (count) => (count === 1 ? 'Il reste un essai.' : `Il reste ${count} essais.`),
  },
  creation: {
    title: 'Créez votre clé d’accès',
    lead: 'Votre téléphone va vous demander votre empreinte, votre visage ou son code. Rien de tout cela ne le quitte.',
    name: 'Nom de ce téléphone',
    nameHelp: 'Pour le reconnaître dans la liste de vos appareils.',
    create: 'Créer ma clé d’accès',
    finishing: 'Enregistrement…',
    stuck: 'La clé d’accès ne se crée pas',
  },
  done: {
    title: 'C’est fait. Votre e-CPS est prête.',
    lead: 'La prochaine fois, choisissez « Utiliser mon téléphone » sur l’ordinateur, puis ouvrez cette app.',
    next: 'Voir mes demandes',
    install: 'Installer l’app',
    advice: 'Activez un second appareil dès que possible : si vous perdez celui-ci, l’autre prend le relais.',
  },
  home: {
    title: 'Mes demandes',
    none: 'Rien à approuver.',
    noneHelp:
      'Quand un ordinateur vous demande, la demande apparaît ici toute seule. S’il montre un QR code, scannez-le.',
    scan: 'Scanner un code',
    type: 'Taper un code',
    waiting: 'Une demande vous attend.',
    see: 'Voir la demande',
    more: 'Autres pages',
  },
  request: {
    title: (service) => `${service} demande à vous connecter`,
    asks: 'demande à vous connecter',
    computer: 'Ordinateur',
    browser: 'Navigateur',
    trust: 'Confiance',
    bonded: 'Navigateur que vous avez dit de confiance',
    unbonded: 'Navigateur pas encore reconnu',
    nowhere: 'Lieu inconnu',
    abroad: '⚠ Cet ordinateur est à l’étranger. Si vous n’y êtes pas, refusez.',
    left: (seconds) => `reste ${seconds} s`,
    soon: 'Il reste 20 secondes.',
    question: 'Quel code voyez-vous ?',
    help: 'Ma clé d’accès ne fonctionne pas',
    none: 'Aucun de ces codes · je n’ai rien demandé',
    origin: 'Origine',
    byService: 'Demandé par l’application du service',
    says: 'Son message',
    isItYou: 'Est-ce bien vous ?',
    yes: 'Oui, c’est moi',
    no: 'Non · je n’ai rien demandé',
    verifying: 'Votre téléphone vérifie que c’est vous…',
    notSigned: 'Rien n’a été signé. Choisissez à nouveau le code.',
    unreadable:
      'Cette demande ne peut pas être affichée en entier, alors elle ne peut pas être signée. Recommencez depuis l’ordinateur.',
    shown: 'Le code est affiché par l’ordinateur que vous utilisez.',
  },
  result: {
    approved: 'C’est fait. Vous pouvez poser votre téléphone.',
    approvedLead: 'L’ordinateur continue tout seul.',
    approvedService: 'L’application du service continue toute seule.',
    notMe: 'Ce n’était pas moi',
    wrong: 'Ce n’était pas le bon code. Rien n’a été ouvert.',
    wrongLead: 'Si c’était bien vous, recommencez depuis l’ordinateur : il montrera un autre code.',
    wrongService: 'Si c’était bien vous, recommencez depuis l’application du service.',
    denied: 'C’est refusé. Rien n’a été ouvert.',
    deniedLead:
      'Si vous n’avez rien demandé, vous avez bien fait. Quelqu’un s’est peut-être servi de votre nom.',
    expired: 'La demande a attendu trop longtemps',
    gone: 'La demande n’est plus là',
    twice: 'Deux demandes en même temps',
    already: 'Vous avez déjà répondu',
    problem: 'La réponse n’est pas passée',
    home: 'Mes demandes',
    again: 'Recommencez depuis l’ordinateur si c’est bien vous. Rien n’a été ouvert.',
    caution: 'Si vous n’avez rien demandé, ne faites rien. Quelqu’un a peut-être essayé à votre place.',
  },
  scan: {
    title: 'Scanner un code',
    lead: 'Visez le QR code affiché par l’ordinateur.',
    starting: 'La caméra démarre…',
    denied:
      'L’app n’a pas le droit de se servir de la caméra. Autorisez-la dans les réglages, ou tapez le code.',
    noCamera: 'Pas de caméra ici. Tapez le code.',
    foreign: 'Ce QR code n’est pas une demande de connexion. Visez celui de la page de connexion.',
    found: 'Code lu.',
    picture: 'Image de la caméra',
  },
  type: {
    title: 'Taper un code',
    label: 'Code affiché par l’ordinateur',
    help: 'Huit lettres et chiffres, par exemple K7QM-2XRD. Majuscules et tiret n’ont pas d’importance.',
    wrong: 'Le code a huit lettres et chiffres. Regardez à nouveau l’ordinateur.',
    next: 'Continuer',
  },
  devices: {
    title: 'Mes appareils',
    lead: 'Chacun de ces appareils peut approuver vos connexions.',
    current: 'Ce téléphone',
    synced: 'Clé d’accès synchronisée entre vos appareils',
    bound: 'Clé d’accès propre à cet appareil',
    since: (date, mode) => `Activé le ${date}${mode === 'CARD' ? ' avec la carte' : ''}`,
    until: (date) => `Valable jusqu’au ${date}`,
    used: (date) => `Dernier usage le ${date}`,
    never: 'Pas encore utilisé',
    remove: 'Retirer',
    sure: (name) => `Retirer « ${name} » ? Il ne pourra plus rien approuver.`,
    sureHere: 'C’est le téléphone que vous tenez. Il faudra l’activer à nouveau pour vous en servir.',
    confirm: 'Oui, retirer',
    keep: 'Garder',
    removed: 'L’appareil est retiré.',
  },
  signIns: {
    title: 'Mes connexions',
    lead: 'Ce qui s’est passé en votre nom, le plus récent d’abord.',
    none: 'Aucune connexion pour l’instant.',
    live: 'Ouverte',
    outcomes: {
      'signed-in': 'Connexion',
      'wrong-code': 'Mauvais code : rien ouvert',
      denied: 'Refusée par vous',
    },
    means: { CARD: 'avec la carte', MOBILE: 'avec le téléphone', PASSKEY: 'avec une clé d’accès' },
  },
  signOut: {
    title: 'Se déconnecter partout',
    lead: 'Toutes vos sessions se ferment, sur tous les ordinateurs. Vos appareils restent activés.',
    notMe: 'Ce n’était pas vous ? Fermez tout maintenant, puis prévenez votre établissement.',
    confirm: 'Me déconnecter partout',
    doneTitle: 'C’est fait',
    done: (ended) =>
      ended === 0
        ? 'Aucune session n’était ouverte.'
        : ended === 1
          ? 'Une session a été fermée.'
          : `${ended} sessions ont été fermées.`,
  },
  account: {
    title: 'Mon e-CPS',
    name: 'Nom',
    id: 'Identifiant national',
    device: 'Cet appareil',
    until: 'Valable jusqu’au',
    kept: 'Ce que ce téléphone garde',
    keptLead:
      'Une clé qui ne peut pas en sortir, votre nom et votre identifiant. Ni mot de passe, ni empreinte, ni donnée de patient.',
    off: 'Retirer l’e-CPS de ce téléphone',
  },
  userCode: {
    title: 'Mon code pour les demandes des services',
    short: 'Code pour les services',
    lead: 'Certains services demandent un code en plus de votre numéro. Une fois le vôtre choisi, ils ne peuvent plus vous joindre ici sans lui. Ne le dites qu’à un service que vous utilisez.',
    some: 'Enregistré',
    none: 'Aucun',
    choose: 'Choisir un code',
    change: 'Changer ou retirer ce code',
    label: 'Nouveau code',
    help: '4 à 8 chiffres. Ni le code du téléphone, ni celui de votre carte.',
    wrong: 'Le code a de 4 à 8 chiffres, et rien d’autre.',
    save: 'Enregistrer',
    saved: 'Code enregistré',
    remove: 'Retirer le code',
    removed: 'Code retiré',
  },
  help: {
    title: 'Ma clé d’accès ne fonctionne pas',
    lead: 'Vous pouvez vous connecter autrement, tout de suite :',
    ways: [
      'Sur l’ordinateur, choisissez « Une autre façon », puis « Continuer avec cet appareil » s’il a une clé d’accès, ou « Utiliser ma carte CPS ».',
      'Sur un autre appareil activé, ouvrez l’e-CPS : la demande y apparaît aussi.',
      'Si rien d’autre n’est possible, activez ce téléphone à nouveau.',
    ],
    again: 'Activer à nouveau ce téléphone',
    againLead:
      'Ce téléphone oublie sa clé, et vous repassez par les deux codes. Vos autres appareils ne changent pas.',
    sure: 'Oui, tout oublier et recommencer',
    link: 'Ma clé d’accès ne fonctionne pas',
  },
  ended: {
    title: 'Ce téléphone ne peut plus approuver',
    lead: 'Vos services restent accessibles avec un autre appareil ou votre carte. Pour vous servir de ce téléphone, activez-le à nouveau.',
    again: 'Activer à nouveau ce téléphone',
  },
  unreachable: {
    title: 'Le service ne répond pas',
    lead: 'Vérifiez le réseau, puis réessayez. Sur l’ordinateur, vous pouvez aussi choisir une autre façon.',
  },
}

const en: Words = {
  otherLanguage: 'Français',
  back: 'Back',
  retry: 'Try again',
  cancel: 'Cancel',
  loading: 'One moment…',
  offline: 'Offline. You cannot approve anything for now.',
  refusals: {
    'invalid-request': 'The request was not understood. Go back and start again.',
    'invalid-proof':
      'This phone could not prove that it is the right one. Check its date and time, then try again.',
    'unknown-device': 'This phone is not (or no longer) activated.',
    'device-revoked': 'The e-CPS on this phone has been removed.',
    'device-expired': 'The e-CPS on this phone has reached its end.',
    suspended: 'Your access is suspended. Contact your registration authority.',
    'wrong-codes': 'These two codes do not go together. Check them.',
    'too-many-attempts': 'Too many attempts. Ask for new codes.',
    'activation-expired': 'The codes are no longer valid. Start again: it takes a minute.',
    'invalid-passkey': 'The check did not succeed. Nothing was opened.',
    'code-unknown': 'This code is not known. Look at the one the computer shows now: it changes often.',
    'code-taken':
      'Another phone has read this code already. On the computer ask for another one: it then gets nothing.',
    'request-gone': 'This request is no longer there.',
    'request-expired': 'This request has waited too long.',
    'already-decided': 'You have already answered this request.',
    'two-at-once': 'Two requests came at the same time. To be safe, both are cancelled.',
    'try-later': 'Too many requests in a short time. Wait a moment, or choose another way on the computer.',
    offline: 'The network does not answer. Check the connection, then try again.',
    'not-understood': 'The service does not answer as expected. Try again in a moment.',
  },
  passkey: {
    unsupported:
      'This browser cannot use a passkey. Update it, or open this page in Safari, Chrome or Firefox.',
    'not-done': 'Nothing was checked. Try again when you like.',
    'already-here':
      'This phone already has a passkey for you. Remove it in the phone’s password settings, then try again.',
  },
  welcome: {
    title: 'Your phone opens your services',
    lead: 'The e-CPS signs you in without a password: the computer shows a code, you choose it here, your fingerprint signs it.',
    steps: [
      'Give your professional number.',
      'Type the two codes that you get by e-mail and by SMS.',
      'Create your passkey with the fingerprint, the face or the code of the phone.',
    ],
    start: 'Activate my e-CPS',
    installTitle: 'First, add the app to the Home Screen',
    install: [
      'Tap Share, at the bottom of the screen.',
      'Choose “Add to Home Screen”.',
      'Open e-CPS from the Home Screen.',
    ],
    installWhy: 'The installed app keeps a key of its own: an activation done here would stay in Safari.',
    anyway: 'Continue without installing',
  },
  card: {
    start: 'With my CPS card',
    title: 'Activate with the CPS card',
    lead: 'You need a computer with a card reader. Keep this phone in your hand.',
    open: 'On the computer, open',
    steps: ['Show your card, type its PIN.', 'Read the code that the computer shows, here.'],
    foreign: 'This QR code is not that of an activation by card.',
    help: 'Twelve letters and digits, for example K7QM-2XRD-9BTW.',
    wrong: 'The code has twelve letters and digits. Look at the computer again.',
    whose: (name) => `This phone will become the phone of ${name}. If that is not you, stop here.`,
    again: 'Start again with the card',
  },
  identity: {
    title: 'Who are you?',
    label: 'Your professional number',
    help: 'Your national identifier: an 8, then the 11 digits of your RPPS number. The 11 digits alone will do. It is on the back of your CPS card.',
    wrong: 'This is not a complete identifier. It has 12 digits: an 8, then 11 digits.',
    next: 'Send me the codes',
  },
  codes: {
    title: 'Two codes are waiting for you',
    lead: 'If this number is in the directory with an address and a mobile, a code has gone to each. They are valid for 10 minutes.',
    email: 'Code received by e-mail',
    sms: 'Code received by SMS',
    next: 'Continue',
    missing: 'Type both codes.',
    nothing: 'I received nothing',
    nothingHelp:
      'Look in the spam folder. The address and the mobile are those of the directory: if they have changed, have them corrected by your professional body or employer, or activate with your CPS card.',
    again: 'Ask for new codes',
    sentAgain: 'New codes have gone. The old ones are no longer valid.',
    left: (count) => (count === 1 ? 'One attempt left.' : `${count} attempts left.`),
  },
  creation: {
    title: 'Create your passkey',
    lead: 'Your phone will ask for your fingerprint, your face or its code. None of these leaves it.',
    name: 'Name of this phone',
    nameHelp: 'To recognise it in the list of your devices.',
    create: 'Create my passkey',
    finishing: 'Saving…',
    stuck: 'The passkey cannot be created',
  },
  done: {
    title: 'Done. Your e-CPS is ready.',
    lead: 'Next time, choose “Use my phone” on the computer, then open this app.',
    next: 'See my requests',
    install: 'Install the app',
    advice: 'Activate a second device as soon as you can: if you lose this one, the other takes over.',
  },
  home: {
    title: 'My requests',
    none: 'Nothing to approve.',
    noneHelp:
      'When a computer asks for you, the request appears here by itself. If it shows a QR code, scan it.',
    scan: 'Scan a code',
    type: 'Type a code',
    waiting: 'A request is waiting for you.',
    see: 'See the request',
    more: 'Other pages',
  },
  request: {
    title: (service) => `${service} asks to sign you in`,
    asks: 'asks to sign you in',
    computer: 'Computer',
    browser: 'Browser',
    trust: 'Trust',
    bonded: 'A browser that you said you trust',
    unbonded: 'A browser that you never said you trust',
    nowhere: 'Unknown place',
    abroad: '⚠ This computer is abroad. If you are not there, refuse.',
    left: (seconds) => `${seconds} s left`,
    soon: '20 seconds left.',
    question: 'Which code do you see?',
    help: 'My passkey does not work',
    none: 'None of these · I did not ask',
    origin: 'From',
    byService: 'Asked by the service’s own application',
    says: 'Its message',
    isItYou: 'Is it you?',
    yes: 'Yes, it is me',
    no: 'No · I did not ask',
    verifying: 'Your phone is checking that it is you…',
    notSigned: 'Nothing was signed. Choose the code again.',
    unreadable:
      'This request cannot be shown in full, so it cannot be signed. Start again from the computer.',
    shown: 'The code is shown by the computer that you are using.',
  },
  result: {
    approved: 'Done. You can put your phone down.',
    approvedLead: 'The computer goes on by itself.',
    approvedService: 'The service’s application goes on by itself.',
    notMe: 'It wasn’t me',
    wrong: 'That was not the code. Nothing was opened.',
    wrongLead: 'If it was you, start again from the computer: it will show another code.',
    wrongService: 'If it was you, start again from the service’s application.',
    denied: 'Refused. Nothing was opened.',
    deniedLead: 'If you did not ask for anything, you did well. Someone may have used your name.',
    expired: 'The request waited too long',
    gone: 'The request is no longer there',
    twice: 'Two requests at the same time',
    already: 'You have already answered',
    problem: 'The answer did not get through',
    home: 'My requests',
    again: 'Start again from the computer if it was you. Nothing was opened.',
    caution: 'If you did not ask for anything, do nothing. Someone may have tried in your place.',
  },
  scan: {
    title: 'Scan a code',
    lead: 'Aim at the QR code that the computer shows.',
    starting: 'The camera is starting…',
    denied: 'The app may not use the camera. Allow it in the settings, or type the code.',
    noCamera: 'No camera here. Type the code.',
    foreign: 'This QR code is not a sign-in request. Aim at the one on the sign-in page.',
    found: 'Code read.',
    picture: 'Camera picture',
  },
  type: {
    title: 'Type a code',
    label: 'Code shown by the computer',
    help: 'Eight letters and digits, for example K7QM-2XRD. Capitals and the dash do not matter.',
    wrong: 'The code has eight letters and digits. Look at the computer again.',
    next: 'Continue',
  },
  devices: {
    title: 'My devices',
    lead: 'Each of these devices can approve your sign-ins.',
    current: 'This phone',
    synced: 'Passkey synchronised between your devices',
    bound: 'Passkey of this device only',
    since: (date, mode) => `Activated on ${date}${mode === 'CARD' ? ' with the card' : ''}`,
    until: (date) => `Valid until ${date}`,
    used: (date) => `Last used on ${date}`,
    never: 'Not used yet',
    remove: 'Remove',
    sure: (name) => `Remove “${name}”? It will no longer approve anything.`,
    sureHere: 'This is the phone in your hand. You will have to activate it again to use it.',
    confirm: 'Yes, remove',
    keep: 'Keep',
    removed: 'The device is removed.',
  },
  signIns: {
    title: 'My sign-ins',
    lead: 'What happened in your name, newest first.',
    none: 'No sign-in yet.',
    live: 'Open',
    outcomes: {
      'signed-in': 'Sign-in',
      'wrong-code': 'Wrong code: nothing opened',
      denied: 'Refused by you',
    },
    means: { CARD: 'with the card', MOBILE: 'with the phone', PASSKEY: 'with a passkey' },
  },
  signOut: {
    title: 'Sign out everywhere',
    lead: 'All your sessions close, on every computer. Your devices stay activated.',
    notMe: 'It wasn’t you? Close everything now, then tell your establishment.',
    confirm: 'Sign me out everywhere',
    doneTitle: 'Done',
    done: (ended) =>
      ended === 0
        ? 'No session was open.'
        : ended === 1
          ? 'One session was closed.'
          : `${ended} sessions were closed.`,
  },
  account: {
    title: 'My e-CPS',
    name: 'Name',
    id: 'National identifier',
    device: 'This device',
    until: 'Valid until',
    kept: 'What this phone keeps',
    keptLead:
      'A key that cannot leave it, your name and your identifier. No password, no fingerprint, no patient data.',
    off: 'Remove the e-CPS from this phone',
  },
  userCode: {
    title: 'My code for requests from services',
    short: 'Code for services',
    lead: 'Some services ask for a code as well as your number. Once you have chosen yours, they cannot reach you here without it. Tell it only to a service that you use.',
    some: 'Saved',
    none: 'None',
    choose: 'Choose a code',
    change: 'Change or remove this code',
    label: 'New code',
    help: '4 to 8 digits. Neither the code of your phone, nor that of your card.',
    wrong: 'The code has 4 to 8 digits, and nothing else.',
    save: 'Save',
    saved: 'Code saved',
    remove: 'Remove the code',
    removed: 'Code removed',
  },
  help: {
    title: 'My passkey does not work',
    lead: 'You can sign in another way, right now:',
    ways: [
      'On the computer, choose “Another way”, then “Continue with this device” if it has a passkey, or “Use my CPS card”.',
      'On another activated device, open the e-CPS: the request appears there too.',
      'If nothing else is possible, activate this phone again.',
    ],
    again: 'Activate this phone again',
    againLead:
      'This phone forgets its key, and you go through the two codes again. Your other devices do not change.',
    sure: 'Yes, forget everything and start again',
    link: 'My passkey does not work',
  },
  ended: {
    title: 'This phone can no longer approve',
    lead: 'Your services stay open to you with another device or your card. To use this phone, activate it again.',
    again: 'Activate this phone again',
  },
  unreachable: {
    title: 'The service does not answer',
    lead: 'Check the network, then try again. On the computer, you can also choose another way.',
  },
}

export const words: Record<Language, Words> = { fr, en }
