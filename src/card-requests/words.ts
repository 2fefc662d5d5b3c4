import type { Language } from '../kernel/language.ts'

/** Why a page cannot be shown. `{host}` is replaced by the name of this site. */
export type VisitProblem = 'over' | 'elsewhere' | 'other-browser' | 'wrong-host'

/** How an answer ended. */
export type End = 'approved' | 'wrong-code' | 'denied' | 'gone' | 'card-refused'

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
  readonly spent: string
  readonly closedTitle: string
  readonly closed: string
  readonly of: string
  readonly nothing: string
  readonly nothingThen: string
  readonly lookAgain: string
  readonly service: string
  readonly from: string
  readonly fromServer: string
  readonly pick: string
  readonly value: (value: string) => string
  readonly message: string
  readonly confirm: string
  readonly none: string
  readonly notMine: string
  readonly careful: string
  readonly again: string
  readonly ends: Record<End, { readonly title: string; readonly after: (service: string) => string }>
  readonly problems: Record<VisitProblem, Told>
}

export const words: Record<Language, Words> = {
  fr: {
    title: 'Un service attend ma carte',
    lead: 'Un logiciel vous a demandé de vous authentifier avec votre carte. Montrez-la pour voir sa demande.',
    steps: [
      'Mettez la carte dans le lecteur, puce vers l’avant.',
      'Le navigateur vous propose un certificat : choisissez celui qui porte votre nom.',
      'Tapez le code de la carte. Trois essais, puis la carte se bloque.',
    ],
    start: 'Ma carte est prête',
    spent: 'Le passage de la carte a pris trop de temps, ou a déjà servi. Présentez-la de nouveau.',
    closedTitle: 'La carte CPS n’est pas acceptée ici',
    closed: 'Votre carte n’est pas en cause. Demandez au service de vous joindre sur votre e-CPS.',
    of: 'Les demandes pour',
    nothing: 'Aucun service n’attend votre carte',
    nothingThen:
      'Une demande dure deux minutes en général. Recommencez-la dans le logiciel, puis regardez de nouveau.',
    lookAgain: 'Regarder de nouveau',
    service: 'Service',
    from: 'Demandé depuis',
    fromServer: 'le serveur du service, sans lieu connu',
    pick: 'Choisissez la valeur que votre logiciel affiche',
    value: (value) => `La valeur ${value}`,
    message: 'Le service écrit',
    confirm: 'C’est bien ma demande',
    none: 'Aucune de ces valeurs, ou je n’ai rien demandé',
    notMine: 'Non, je n’ai rien demandé',
    careful:
      'Un seul essai. N’acceptez que ce que vous avez demandé vous-même, à l’instant, sur l’écran devant vous.',
    again: 'Montrer ma carte pour une autre demande',
    ends: {
      approved: {
        title: 'C’est fait',
        after: (service) =>
          `${service} continue de lui-même. Vous pouvez retirer la carte et fermer cette page.`,
      },
      'wrong-code': {
        title: 'Ce n’était pas la bonne valeur',
        after: (service) => `Rien n’a été ouvert. Recommencez dans ${service} si c’était bien vous.`,
      },
      denied: {
        title: 'La demande est refusée',
        after: (service) => `Rien n’a été ouvert pour ${service}.`,
      },
      gone: {
        title: 'Cette demande n’attend plus',
        after: () => 'Elle a expiré, ou une réponse lui a déjà été donnée. Rien n’a été changé.',
      },
      'card-refused': {
        title: 'La carte n’est plus acceptée',
        after: () =>
          'Elle a été bloquée depuis que vous l’avez montrée, ou votre droit d’exercer est suspendu. Rien n’a été ouvert.',
      },
    },
    problems: {
      over: {
        title: 'Cette page n’existe plus',
        happened:
          'Une carte montrée sert à une réponse, pendant deux minutes. C’est passé, ou l’adresse est incomplète.',
        todo: 'Montrez votre carte de nouveau.',
      },
      'other-browser': {
        title: 'Cela a commencé dans un autre navigateur',
        happened:
          'La carte se montre et se répond dans le même navigateur. Celui-ci n’est pas celui du début.',
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
    title: 'A service waits for my card',
    lead: 'A program asked you to authenticate with your card. Show it to see the request.',
    steps: [
      'Put the card in the reader, chip first.',
      'The browser offers you a certificate: choose the one with your name.',
      'Type the PIN of the card. Three tries, then the card blocks itself.',
    ],
    start: 'My card is ready',
    spent: 'The card’s passage took too long, or was used already. Show it again.',
    closedTitle: 'The CPS card is not accepted here',
    closed: 'Nothing is wrong with your card. Ask the service to reach you on your e-CPS.',
    of: 'Requests for',
    nothing: 'No service waits for your card',
    nothingThen: 'A request usually lasts two minutes. Start it again in the program, then look again.',
    lookAgain: 'Look again',
    service: 'Service',
    from: 'Asked from',
    fromServer: 'the service’s server, no place known',
    pick: 'Choose the value that your program shows',
    value: (value) => `The value ${value}`,
    message: 'The service writes',
    confirm: 'Yes, this is my request',
    none: 'None of these, or I asked for nothing',
    notMine: 'No, I asked for nothing',
    careful: 'One try. Accept only what you asked for yourself, just now, on the screen before you.',
    again: 'Show my card for another request',
    ends: {
      approved: {
        title: 'Done',
        after: (service) => `${service} goes on by itself. You can take the card out and close this page.`,
      },
      'wrong-code': {
        title: 'That was not the right value',
        after: (service) => `Nothing was opened. Start again in ${service} if it was you.`,
      },
      denied: {
        title: 'The request is refused',
        after: (service) => `Nothing was opened for ${service}.`,
      },
      gone: {
        title: 'This request no longer waits',
        after: () => 'It expired, or was answered already. Nothing was changed.',
      },
      'card-refused': {
        title: 'The card is no longer accepted',
        after: () =>
          'It was blocked since you showed it, or your right to practise is suspended. Nothing was opened.',
      },
    },
    problems: {
      over: {
        title: 'This page no longer exists',
        happened:
          'A card that was shown is good for one answer, within two minutes. That is over, or the address is incomplete.',
        todo: 'Show your card again.',
      },
      'other-browser': {
        title: 'This was started in another browser',
        happened:
          'The card is shown and the answer given in the same browser. This one is not where it began.',
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
