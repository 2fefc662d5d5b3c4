import type { Language } from '../kernel/language.ts'
import type { CardRefusal } from './refusal.ts'

interface Told {
  readonly title: string
  readonly happened: string
  readonly todo: string
}

interface Words {
  readonly refusals: Record<CardRefusal, Told>
  readonly anotherCard: string
  /** Where none was presented. */
  readonly again: string
  /** Where there is no second host: the browser keeps its choice until it is closed. */
  readonly closeFirst: string
  readonly anotherWay: string
  readonly lead: string
}

export const words: Record<Language, Words> = {
  fr: {
    lead: 'Carte CPS',
    anotherCard: 'Essayer une autre carte',
    again: 'Réessayer',
    closeFirst:
      'Pour essayer une autre carte, fermez d’abord toutes les fenêtres du navigateur : il garde son choix jusque-là.',
    anotherWay: 'Utiliser un autre moyen',
    refusals: {
      'no-certificate': {
        title: 'Aucune carte n’a été présentée',
        happened:
          'Le navigateur n’a montré aucun certificat : carte absente, choix annulé ou code non saisi.',
        todo: 'Vérifiez que la carte est dans le lecteur, puce vers l’avant, et que le voyant est allumé. Puis recommencez.',
      },
      unreadable: {
        title: 'Ce certificat ne peut pas être lu',
        happened: 'Ce que le navigateur a présenté n’est pas le certificat d’une carte en bon état.',
        todo: 'Retirez la carte, remettez-la, recommencez. Si cela continue, demandez son remplacement.',
      },
      'unknown-authority': {
        title: 'Cette carte n’est pas une carte de santé reconnue ici',
        happened: 'Le certificat présenté vient d’une autorité que ce service ne connaît pas.',
        todo: 'Si plusieurs certificats vous sont proposés, choisissez celui dont l’émetteur est « IGC‑SANTE ».',
      },
      'not-yet-valid': {
        title: 'Cette carte n’est pas encore valable',
        happened: 'Sa période de validité n’a pas commencé.',
        todo: 'Utilisez votre carte actuelle jusque-là, ou un autre moyen.',
      },
      expired: {
        title: 'Cette carte est périmée',
        happened: 'Sa date de fin de validité est passée.',
        todo: 'Utilisez la carte qui la remplace, ou un autre moyen. Le renouvellement se demande à l’émetteur de la carte.',
      },
      revoked: {
        title: 'Cette carte a été mise en opposition',
        happened: 'L’autorité qui l’a émise l’a retirée : elle n’ouvre plus rien.',
        todo: 'Utilisez la carte qui la remplace, ou un autre moyen. Si vous n’avez pas déclaré sa perte, prévenez l’émetteur de la carte.',
      },
      unchecked: {
        title: 'Votre carte ne peut pas être vérifiée pour l’instant',
        happened:
          'Le service qui dit si une carte est en opposition ne répond pas. Votre carte n’est pas en cause.',
        todo: 'Utilisez cet appareil ou votre téléphone : ils ne dépendent pas de ce service. Ou réessayez dans quelques minutes.',
      },
      'not-a-card': {
        title: 'Ce n’est pas la carte d’une personne',
        happened:
          'Le certificat présenté est celui d’un logiciel, d’une structure ou d’un serveur, ou ne sert pas à s’authentifier.',
        todo: 'Choisissez le certificat d’authentification de votre carte : celui qui porte votre nom.',
      },
      'names-nobody': {
        title: 'Cette carte ne porte le nom de personne',
        happened: 'C’est une carte de service, non nominative : elle ne peut pas dire qui vous êtes.',
        todo: 'Utilisez une carte à votre nom, ou un autre moyen.',
      },
      'unknown-holder': {
        title: 'Le titulaire de cette carte n’est pas dans l’annuaire',
        happened: 'La carte est bonne, mais son numéro n’est pas connu du répertoire, ou pas encore.',
        todo: 'Si votre inscription est récente, réessayez demain. Sinon, contactez votre autorité d’enregistrement.',
      },
      blocked: {
        title: 'Cette carte a été bloquée',
        happened:
          'Une autorité d’enregistrement a bloqué cette carte, le plus souvent après une déclaration de perte.',
        todo: 'Si vous l’avez retrouvée, ou si la déclaration n’est pas de vous, contactez votre autorité d’enregistrement.',
      },
      suspended: {
        title: 'Vos droits sont suspendus',
        happened: 'L’annuaire indique que votre droit d’exercer ou d’accéder est suspendu.',
        todo: 'Contactez votre autorité d’enregistrement (ordre, ARS) : elle seule peut vous renseigner.',
      },
      'link-expired': {
        title: 'Ce lien n’est plus valable',
        happened:
          'L’opération a été terminée, abandonnée ou recommencée ailleurs, ou elle a attendu trop longtemps.',
        todo: 'Retournez là où vous avez commencé, et recommencez.',
      },
    },
  },
  en: {
    lead: 'CPS card',
    anotherCard: 'Try another card',
    again: 'Try again',
    closeFirst:
      'To try another card, first close every window of the browser: it keeps its choice until then.',
    anotherWay: 'Use another way',
    refusals: {
      'no-certificate': {
        title: 'No card was presented',
        happened: 'The browser showed no certificate: no card, a choice that was cancelled, or no PIN.',
        todo: 'Check that the card is in the reader, chip first, and that the reader’s light is on. Then try again.',
      },
      unreadable: {
        title: 'This certificate cannot be read',
        happened: 'What the browser presented is not the certificate of a card in good order.',
        todo: 'Take the card out, put it back, try again. If it goes on, ask for another card.',
      },
      'unknown-authority': {
        title: 'This is not a health card that is recognised here',
        happened: 'The certificate comes from an authority that this service does not know.',
        todo: 'If you are offered several certificates, choose the one issued by “IGC‑SANTE”.',
      },
      'not-yet-valid': {
        title: 'This card is not valid yet',
        happened: 'Its period of validity has not begun.',
        todo: 'Use your present card until then, or another way.',
      },
      expired: {
        title: 'This card has expired',
        happened: 'Its date of expiry has passed.',
        todo: 'Use the card that replaces it, or another way. Its issuer renews cards on request.',
      },
      revoked: {
        title: 'This card has been revoked',
        happened: 'The authority that issued it has withdrawn it: it opens nothing any more.',
        todo: 'Use the card that replaces it, or another way. If you did not report it lost, tell its issuer.',
      },
      unchecked: {
        title: 'Your card cannot be checked at the moment',
        happened:
          'The service that says whether a card is revoked does not answer. Nothing is wrong with your card.',
        todo: 'Use this device or your phone: they do not depend on that service. Or try again in a few minutes.',
      },
      'not-a-card': {
        title: 'This is not a person’s card',
        happened:
          'The certificate is that of software, of a structure or of a server, or is not for authentication.',
        todo: 'Choose the authentication certificate of your card: the one with your name.',
      },
      'names-nobody': {
        title: 'This card names nobody',
        happened: 'It is a service card without a holder: it cannot say who you are.',
        todo: 'Use a card in your name, or another way.',
      },
      'unknown-holder': {
        title: 'The holder of this card is not in the directory',
        happened: 'The card is good, but its number is not known to the register, or not yet.',
        todo: 'If you registered recently, try again tomorrow. Otherwise contact your registration authority.',
      },
      blocked: {
        title: 'This card has been blocked',
        happened: 'A registration authority has blocked this card, most often because it was reported lost.',
        todo: 'If you found it again, or did not report it yourself, contact your registration authority.',
      },
      suspended: {
        title: 'Your rights are suspended',
        happened: 'The directory says that your right to practise or to have access is suspended.',
        todo: 'Contact your registration authority: only it can tell you more.',
      },
      'link-expired': {
        title: 'This link is no longer good',
        happened: 'What you began was finished, given up or begun again elsewhere, or it waited too long.',
        todo: 'Go back to where you began, and begin again.',
      },
    },
  },
}
