import type { PasskeyRefusal } from './messages.ts'

type Problem = PasskeyRefusal['error'] | 'unsupported' | 'not-done' | 'no-answer'

interface Words {
  readonly problems: Record<Problem, string>
  readonly verifying: string
  readonly card: string
  readonly proved: string
  readonly onPhone: string
  readonly soon: string
  readonly disconnected: string
}

/** What only the script can say; everything else is in the page already. */
export const words: Record<'fr' | 'en', Words> = {
  fr: {
    problems: {
      'unknown-passkey': 'Cette clé d’accès n’est plus reconnue ici. Choisissez une autre façon ci-dessous.',
      'invalid-passkey':
        'La vérification n’a pas abouti. Réessayez, ou choisissez une autre façon ci-dessous.',
      suspended:
        'Votre accès est suspendu. Rien n’a été ouvert. Adressez-vous à votre autorité d’enregistrement.',
      expired: 'Cette page a attendu trop longtemps. Retournez au service et recommencez.',
      'other-browser':
        'Cette connexion a été commencée dans un autre navigateur. Retournez au service et recommencez ici.',
      unsupported:
        'Ce navigateur ne sait pas se servir d’une clé d’accès. Utilisez votre téléphone ou votre carte.',
      'not-done': 'Rien n’a été vérifié. Réessayez, ou choisissez une autre façon ci-dessous.',
      'no-answer': 'Pas de réponse du réseau. Vérifiez la connexion, puis réessayez.',
    },
    verifying: 'Vérification…',
    card: 'Votre carte est lue. Le navigateur demande le certificat, puis le code.',
    proved: 'C’est fait. Vous continuez vers le service.',
    onPhone: 'Votre téléphone affiche la demande. Choisissez-y ce code.',
    soon: 'Il reste 20 secondes.',
    disconnected: 'Le réseau ne répond plus. La page continue d’essayer.',
  },
  en: {
    problems: {
      'unknown-passkey': 'This passkey is no longer known here. Choose another way below.',
      'invalid-passkey': 'The check did not succeed. Try again, or choose another way below.',
      suspended: 'Your access is suspended. Nothing was opened. Contact your registration authority.',
      expired: 'This page has waited too long. Go back to the service and start again.',
      'other-browser':
        'This sign-in was started in another browser. Go back to the service and start again here.',
      unsupported: 'This browser cannot use a passkey. Use your phone or your card.',
      'not-done': 'Nothing was checked. Try again, or choose another way below.',
      'no-answer': 'The network does not answer. Check the connection, then try again.',
    },
    verifying: 'Checking…',
    card: 'Reading your card. The browser asks for the certificate, then for the PIN.',
    proved: 'Done. Taking you to the service.',
    onPhone: 'Your phone shows the request. Choose this code there.',
    soon: '20 seconds left.',
    disconnected: 'The network no longer answers. This page keeps trying.',
  },
}
