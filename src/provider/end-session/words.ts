import type { Language } from '../../kernel/language.ts'

interface Words {
  readonly ask: string
  readonly askLead: string
  readonly askServices: string
  readonly signOut: string
  readonly stay: string
  readonly done: string
  readonly doneLead: string
  readonly doneServices: string
  readonly addressUnknown: string
  readonly onward: string
  readonly frame: string
  readonly problems: Readonly<
    Record<ProblemName, { readonly title: string; readonly happened: string; readonly todo: string }>
  >
}

export type ProblemName = 'malformed' | 'other-service' | 'other-site'

/** `{product}` is replaced by the name of this deployment. */
export const words: Record<Language, Words> = {
  fr: {
    ask: 'Vous déconnecter ?',
    askLead: 'Vous êtes connecté avec {product} dans ce navigateur.',
    askServices:
      'Les services ouverts dans cette session en sont avertis. Tous ne savent pas se fermer d’eux-mêmes : sur un poste partagé, fermez-les aussi.',
    signOut: 'Me déconnecter',
    stay: 'Pour rester connecté, fermez simplement cette page.',
    done: 'Vous êtes déconnecté',
    doneLead: 'Personne ne peut plus ouvrir de service en votre nom depuis ce navigateur.',
    doneServices:
      'Les services ouverts dans cette session en sont avertis. Tous ne savent pas se fermer d’eux-mêmes : sur un poste partagé, fermez le navigateur.',
    addressUnknown:
      'Le service voulait vous ramener à une adresse qu’il n’a pas enregistrée : nous n’y allons pas.',
    onward: 'Retourner au service',
    frame: 'Déconnexion d’un service',
    problems: {
      malformed: {
        title: 'La demande de déconnexion n’est pas lisible',
        happened:
          'Le service qui vous envoie ici a formulé sa demande de travers. Vous êtes encore connecté.',
        todo: 'Ouvrez cette page sans rien derrière /logout pour vous déconnecter.',
      },
      'other-service': {
        title: 'Cette demande vient d’un autre service',
        happened:
          'Le service se nomme, mais présente une connexion faite pour un autre. Vous êtes encore connecté.',
        todo: 'Ouvrez cette page sans rien derrière /logout pour vous déconnecter.',
      },
      'other-site': {
        title: 'Cette demande ne vient pas de notre page',
        happened:
          'La confirmation doit venir de la page que nous avons montrée, dans la même connexion. Vous êtes encore connecté si vous l’étiez.',
        todo: 'Ouvrez /logout et confirmez là.',
      },
    },
  },
  en: {
    ask: 'Sign out?',
    askLead: 'You are signed in with {product} in this browser.',
    askServices:
      'The services opened in this session are told. Not all of them can close by themselves: on a shared computer, close them too.',
    signOut: 'Sign me out',
    stay: 'To stay signed in, just close this page.',
    done: 'You are signed out',
    doneLead: 'Nobody can open a service in your name from this browser any more.',
    doneServices:
      'The services opened in this session are told. Not all of them can close by themselves: on a shared computer, close the browser.',
    addressUnknown:
      'The service wanted to take you to an address that it did not register: we do not go there.',
    onward: 'Back to the service',
    frame: 'A service signing you out',
    problems: {
      malformed: {
        title: 'The request to sign out cannot be read',
        happened: 'The service that sent you here worded its request wrongly. You are still signed in.',
        todo: 'Open this page with nothing after /logout to sign out.',
      },
      'other-service': {
        title: 'This request comes from another service',
        happened: 'The service names itself, but shows a sign-in made for another. You are still signed in.',
        todo: 'Open this page with nothing after /logout to sign out.',
      },
      'other-site': {
        title: 'This request does not come from our page',
        happened:
          'The confirmation must come from the page that we showed, in the same sign-in. You are still signed in if you were.',
        todo: 'Open /logout and confirm there.',
      },
    },
  },
}
