import type { Language } from '../../kernel/language.ts'

/** What went wrong before there was somewhere to send the answer, or on the way back from the mire. */
export type ProblemName =
  | 'malformed'
  | 'request-gone'
  | 'client-unknown'
  | 'client-suspended'
  | 'address-missing'
  | 'address-unknown'
  | 'cookie-missing'
  | 'wrong-host'
  | 'other-browser'
  | 'old-page'

interface Words {
  readonly title: string
  readonly happened: string
  readonly todo: string
}

/** `{host}` is replaced by the name of this site. */
export const words: Record<Language, Record<ProblemName, Words>> = {
  fr: {
    malformed: {
      title: 'La demande du service n’est pas lisible',
      happened: 'Le service qui vous envoie ici a formulé sa demande de travers. Rien n’a été ouvert.',
      todo: 'Retournez au service et recommencez. Si cela se répète, son support doit corriger la demande.',
    },
    'request-gone': {
      title: 'Cette demande de connexion ne vaut plus',
      happened: 'Le service l’avait déposée ici d’avance. Elle a déjà servi, ou plus d’une minute a passé.',
      todo: 'Retournez au service et recommencez.',
    },
    'client-unknown': {
      title: 'Ce service n’est pas connu ici',
      happened: 'Le service qui vous envoie ici n’est pas enregistré. Nous ne savons pas qui demande.',
      todo: 'N’insistez pas si l’adresse d’où vous venez vous semble étrange. Sinon, prévenez le support du service.',
    },
    'client-suspended': {
      title: 'La connexion à ce service est suspendue',
      happened: 'Le service qui vous envoie ici n’a plus le droit de demander votre identité pour le moment.',
      todo: 'Vous n’avez rien à faire ici. Le support du service sait pourquoi.',
    },
    'address-missing': {
      title: 'Le service n’a pas dit où vous renvoyer',
      happened: 'Sa demande ne contient pas d’adresse de retour. Rien n’a été ouvert.',
      todo: 'Retournez au service et recommencez. Si cela se répète, son support doit corriger la demande.',
    },
    'address-unknown': {
      title: 'L’adresse de retour n’est pas celle du service',
      happened:
        'On nous demande de vous renvoyer vers une adresse que ce service n’a pas enregistrée. Nous refusons : ce pourrait être un piège.',
      todo: 'Revenez au service par son adresse habituelle. Si cela se répète, prévenez son support.',
    },
    'cookie-missing': {
      title: 'Votre navigateur n’a pas rendu le cookie de cette connexion',
      happened:
        'Nous posons un cookie au début d’une connexion pour la reconnaître à la fin. Il manque : il est bloqué ou effacé, ou plus de dix minutes ont passé.',
      todo: 'Retournez au service et recommencez. Si cela se répète, autorisez les cookies pour {host}, ou quittez la navigation privée.',
    },
    'wrong-host': {
      title: 'Cette page a été ouverte sous un autre nom',
      happened:
        'La connexion a commencé sous un nom de site et revient sous un autre : le cookie ne suit pas. Le bon nom est {host}.',
      todo: 'Retournez au service et recommencez. Son support doit l’adresser à {host}.',
    },
    'other-browser': {
      title: 'Cette connexion a commencé dans un autre navigateur',
      happened: 'Une connexion se termine là où elle a commencé. Ce navigateur n’est pas celui-là.',
      todo: 'Reprenez dans l’autre navigateur, ou retournez au service ici et recommencez.',
    },
    'old-page': {
      title: 'Cette page est ancienne',
      happened: 'Cette connexion a déjà servi ou a plus de dix minutes. Elle ne peut plus rien ouvrir.',
      todo: 'Retournez au service. Si vous n’y êtes pas déjà connecté, recommencez.',
    },
  },
  en: {
    malformed: {
      title: 'The service’s request cannot be read',
      happened: 'The service that sent you here worded its request wrongly. Nothing was opened.',
      todo: 'Go back to the service and start again. If it happens again, its support must repair the request.',
    },
    'request-gone': {
      title: 'This sign-in request is no longer good',
      happened:
        'The service had left it here beforehand. It was used already, or more than a minute went by.',
      todo: 'Go back to the service and start again.',
    },
    'client-unknown': {
      title: 'This service is not known here',
      happened: 'The service that sent you here is not registered. We do not know who is asking.',
      todo: 'Do not go on if the address you came from looks odd. Otherwise tell the service’s support.',
    },
    'client-suspended': {
      title: 'Signing in to this service is suspended',
      happened: 'The service that sent you here may not ask who you are for the time being.',
      todo: 'There is nothing for you to do here. The service’s support knows why.',
    },
    'address-missing': {
      title: 'The service did not say where to send you back',
      happened: 'Its request has no return address. Nothing was opened.',
      todo: 'Go back to the service and start again. If it happens again, its support must repair the request.',
    },
    'address-unknown': {
      title: 'The return address is not the service’s',
      happened:
        'We are asked to send you back to an address that this service did not register. We refuse: it could be a trap.',
      todo: 'Go to the service by its usual address. If it happens again, tell its support.',
    },
    'cookie-missing': {
      title: 'Your browser did not give back this sign-in’s cookie',
      happened:
        'We set a cookie when a sign-in begins, to know it again at its end. It is missing: blocked, erased, or more than ten minutes went by.',
      todo: 'Go back to the service and start again. If it happens again, allow cookies for {host}, or leave private browsing.',
    },
    'wrong-host': {
      title: 'This page was opened under another name',
      happened:
        'The sign-in began under one site name and comes back under another: the cookie does not follow. The right name is {host}.',
      todo: 'Go back to the service and start again. Its support must address it to {host}.',
    },
    'other-browser': {
      title: 'This sign-in began in another browser',
      happened: 'A sign-in ends where it began. This browser is not the one.',
      todo: 'Go on in the other browser, or go back to the service here and start again.',
    },
    'old-page': {
      title: 'This page is old',
      happened:
        'This sign-in was used already, or is more than ten minutes old. It cannot open anything any more.',
      todo: 'Go back to the service. If you are not signed in there already, start again.',
    },
  },
}

/** The page that carries the answer back as a form. `{service}` is replaced by the service's name. */
export const formPostWords: Record<Language, { title: string; happened: string; button: string }> = {
  fr: {
    title: 'Retour au service',
    happened: 'C’est fait. Vous retournez à {service}.',
    button: 'Continuer',
  },
  en: {
    title: 'Back to the service',
    happened: 'Done. You are going back to {service}.',
    button: 'Continue',
  },
}
