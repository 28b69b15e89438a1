import type { signInEnglish } from './sign-in-en.ts'

/** The same in German. */
export const signInGerman: Readonly<Record<keyof typeof signInEnglish, string>> = {
  'post-on.title': 'Anmeldung',
  'post-on.text': 'Ihre Einrichtung wird gefragt, wer Sie sind.',
  'post-on.button': 'Weiter',

  'error.CREDENTIALS_INVALID': 'Benutzername oder Passwort ist falsch',
  'error.TOO_MANY_ATTEMPTS':
    'Zu viele Anmeldungen sind fehlgeschlagen. Sekunden bis zum nächsten Versuch: {retryAfterSeconds}.',
  'error.USER_NAME_INVALID': '„{name}“ kann hier kein Benutzername sein.',
  'hint.USER_NAME_INVALID': 'Fragen Sie die Verwaltung des Hubs; sie kann einen anderen Namen zuordnen.',
  'error.USER_BLOCKED': 'Der Benutzer {name} ist auf diesem Hub gesperrt.',
  'hint.USER_BLOCKED': 'Fragen Sie die Verwaltung des Hubs.',
  'error.ATTEMPT_UNKNOWN': 'Das ist keine Antwort auf eine Anmeldung, die hier begonnen wurde.',
  'hint.ATTEMPT_UNKNOWN': 'Beginnen Sie hier noch einmal.',
  'error.ATTEMPT_USED': 'Diese Anmeldung ist schon abgeschlossen.',
  'hint.ATTEMPT_USED': 'Beginnen Sie hier noch einmal.',
  'error.ATTEMPT_EXPIRED': 'Diese Anmeldung hat zu lange gedauert.',
  'hint.ATTEMPT_EXPIRED': 'Beginnen Sie hier noch einmal.',
  'error.ATTEMPT_FOREIGN':
    'Diese Anmeldung wurde in einem anderen Browser begonnen, oder dieser hat seine Cookies verloren.',
  'hint.ATTEMPT_FOREIGN': 'Erlauben Sie Cookies für diese Seite, und beginnen Sie hier noch einmal.',
  'error.NO_FORM': 'Hier gibt es kein Formular zum Anmelden.',
}
