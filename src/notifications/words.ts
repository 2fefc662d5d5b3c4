import type { Language } from '../kernel/language.ts'

interface Words {
  readonly codeSubject: (product: string) => string
  readonly codeBody: (product: string, code: string) => string
  /** First line of the SMS. Only characters of GSM 03.38, or the message would cost three times as much. */
  readonly codeSms: (product: string, code: string) => string
  readonly activatedSubject: (product: string) => string
  readonly activatedBody: (product: string, device: string, when: string) => string
  readonly retiredLine: (device: string) => string
  readonly revokedSubject: (product: string) => string
  readonly revokedBody: (product: string, device: string, when: string) => string
  readonly locale: string
}

/** What is said outside the app. Nothing in it is a link: nobody should learn to follow one from such a message. */
export const words: Record<Language, Words> = {
  fr: {
    codeSubject: (product) => `Votre code ${product}`,
    codeBody: (product, code) =>
      `Bonjour,

Voici le premier des deux codes qui activent votre e-CPS ${product} :

${code}

L’autre arrive par SMS. Tapez les deux sur votre téléphone dans les dix minutes.

Vous n’avez rien demandé ? Ne donnez ce code à personne. Sans lui, rien ne se passe.`,
    codeSms: (product, code) => `${product} : votre code SMS est ${code}. Ne le donnez à personne.`,
    activatedSubject: (product) => `Une e-CPS ${product} vient d’être activée`,
    activatedBody: (product, device, when) =>
      `Bonjour,

Une e-CPS ${product} vient d’être activée à votre nom sur « ${device} », le ${when}.

C’est bien vous ? Vous n’avez rien à faire.

Ce n’est pas vous ? Ouvrez l’e-CPS sur votre téléphone, allez à « Mes appareils » et retirez cet appareil.`,
    retiredLine: (device) => `« ${device} », qui n’avait pas servi depuis le plus longtemps, a été retiré.`,
    revokedSubject: (product) => `Une e-CPS ${product} a été retirée`,
    revokedBody: (product, device, when) =>
      `Bonjour,

L’appareil « ${device} » ne peut plus vous connecter avec ${product} depuis le ${when}.

Ce n’est pas vous qui l’avez retiré ? Activez à nouveau votre e-CPS, puis vérifiez « Mes appareils ».`,
    locale: 'fr-FR',
  },
  en: {
    codeSubject: (product) => `Your ${product} code`,
    codeBody: (product, code) =>
      `Hello,

This is the first of the two codes that activate your ${product} e-CPS:

${code}

The other one comes by text message. Type both on your phone within ten minutes.

You did not ask? Give this code to nobody. Without it, nothing happens.`,
    codeSms: (product, code) => `${product}: your text message code is ${code}. Give it to nobody.`,
    activatedSubject: (product) => `A ${product} e-CPS was just activated`,
    activatedBody: (product, device, when) =>
      `Hello,

A ${product} e-CPS was just activated in your name on “${device}”, on ${when}.

Was it you? There is nothing to do.

It was not you? Open the e-CPS on your phone, go to “My devices” and remove that device.`,
    retiredLine: (device) => `“${device}”, which had not been used for the longest time, was removed.`,
    revokedSubject: (product) => `A ${product} e-CPS was removed`,
    revokedBody: (product, device, when) =>
      `Hello,

The device “${device}” can no longer sign you in with ${product}, since ${when}.

You did not remove it? Activate your e-CPS again, then look at “My devices”.`,
    locale: 'en-GB',
  },
}
