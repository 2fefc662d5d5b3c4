import type { Language } from '../kernel/language.ts'

interface Told {
  readonly service: string
  readonly product: string
  readonly structure: string
  readonly software: string
  readonly days: number
}

interface Words {
  readonly subject: (told: Told) => string
  readonly body: (told: Told & { readonly end: string }) => string
  readonly locale: string
}

/** The reminder that a certificate ends. Nothing in it is a link, as in no message of ours. */
export const words: Record<Language, Words> = {
  fr: {
    subject: ({ product, days }) =>
      `${product} : un certificat expire dans ${days} ${days === 1 ? 'jour' : 'jours'}`,
    body: ({ service, structure, software, product, end }) =>
      `Bonjour,

Le certificat « ${software} » de ${structure}, avec lequel « ${service} » s’authentifie auprès de ${product}, expire le ${end}. Après cette date, il sera refusé.

Commandez son renouvellement. Si le nouveau certificat porte le même nom, installez-le simplement : il sera reconnu, et l’ancien le reste jusqu’à sa fin. S’il porte un autre nom, faites-le enregistrer avant de l’installer.`,
    locale: 'fr-FR',
  },
  en: {
    subject: ({ product, days }) =>
      `${product}: a certificate expires in ${days} ${days === 1 ? 'day' : 'days'}`,
    body: ({ service, structure, software, product, end }) =>
      `Hello,

The certificate “${software}” of ${structure}, by which “${service}” authenticates to ${product}, expires on ${end}. It will be refused from then on.

Order its renewal. If the new certificate has the same name, just install it: it will be recognised, and the old one stays good until its end. If it has another name, have it registered before you install it.`,
    locale: 'en-GB',
  },
}
