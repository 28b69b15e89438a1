/** The words of the built-in pages, by language. `title` also fills the page's `<title>`. */
export interface Words {
  readonly title: string
  readonly text: string
  readonly action: string
}

export type Language = 'en' | 'de'

export const words: Record<Language, Record<400 | 404 | 500 | 503, Words>> = {
  en: {
    400: {
      title: 'That address does not work',
      text: 'The address holds characters or parts that a server can not be asked for. Please check it.',
      action: 'Go to the start page',
    },
    404: {
      title: 'Nothing here',
      text: 'No server answers at this address. Perhaps it was stopped, or the address has a typing error.',
      action: 'Go to the start page',
    },
    500: {
      title: 'Something went wrong',
      text: 'The request could not be handled. The fault is on our side; trying again may help.',
      action: 'Try again',
    },
    503: {
      title: 'The server does not answer',
      text: 'It may still be starting, or it has just been stopped. Please try again in a moment.',
      action: 'Try again',
    },
  },
  de: {
    400: {
      title: 'Diese Adresse funktioniert nicht',
      text: 'Die Adresse enthält Zeichen oder Teile, die ein Server nicht versteht. Bitte prüfen Sie sie.',
      action: 'Zur Startseite',
    },
    404: {
      title: 'Hier ist nichts',
      text: 'Unter dieser Adresse antwortet kein Server. Vielleicht wurde er gestoppt, oder die Adresse ist falsch geschrieben.',
      action: 'Zur Startseite',
    },
    500: {
      title: 'Etwas ist schiefgegangen',
      text: 'Die Anfrage konnte nicht bearbeitet werden. Der Fehler liegt bei uns; vielleicht hilft ein neuer Versuch.',
      action: 'Noch einmal versuchen',
    },
    503: {
      title: 'Der Server antwortet nicht',
      text: 'Vielleicht startet er noch, oder er wurde gerade gestoppt. Bitte versuchen Sie es gleich noch einmal.',
      action: 'Noch einmal versuchen',
    },
  },
}

/** German when it is preferred to English; English otherwise. Reads an Accept-Language header. */
export function preferredLanguage(accepted: string | undefined): Language {
  let best: Language = 'en'
  let weight = 0
  for (const part of (accepted ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const language = tag.split('-')[0]
    const quality = Number(
      parameters
        .find((text) => text.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    )
    if ((language === 'de' || language === 'en') && quality > weight) {
      best = language
      weight = quality
    }
  }
  return best
}
