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
  'hint.USER_NAME_INVALID':
    'Benutzernamen haben 1 bis 255 Zeichen, keinen Schrägstrich, keine Leerzeichen am Rand und nichts Unsichtbares; die Verwaltung kann ein Muster vorgeben und Ihren Namen einem anderen zuordnen.',
  'error.USER_BLOCKED': 'Der Benutzer {name} ist auf diesem Hub gesperrt.',
  'hint.USER_BLOCKED': 'Fragen Sie die Verwaltung des Hubs.',
  'error.NO_RULE_ALLOWS': 'Sie sind erkannt, aber keine Regel lässt {name} in diesen Hub. Er nimmt: {wants}.',
  'hint.NO_RULE_ALLOWS': 'Fragen Sie die Verwaltung des Hubs. {contact}',
  'error.NO_RULE_AT_ALL': 'Sie sind erkannt, aber keine Regel lässt {name} in diesen Hub: Es gibt noch keine.',
  'hint.NO_RULE_AT_ALL':
    'Bitten Sie die Verwaltung, den Namen in hub.config.Authenticator.allowed_users einzutragen, oder dort allow_all zu setzen, was alle hereinlässt. {contact}',
  'hint.NOT_ALLOWED_HERE': '{contact}',
  'error.AUTH_EXPIRED': 'Ihre Anmeldung gilt nicht mehr. Melden Sie sich neu an, und starten Sie dann den Server.',
  'error.IDENTITY_TAKEN':
    'Das Konto {name} dieses Hubs gehört jemand anderem, oder Sie haben sich früher anders angemeldet.',
  'hint.IDENTITY_TAKEN': 'Melden Sie sich an wie früher, oder bitten Sie die Verwaltung des Hubs, beides zu verbinden.',
  'error.PROVIDER_REFUSED': 'Der Anbieter hat Sie nicht angemeldet: {said}',
  'hint.PROVIDER_REFUSED': 'Beginnen Sie hier noch einmal, vielleicht mit einem anderen Konto.',
  'error.PROVIDER_ANSWER_WRONG': 'Der Anbieter hat eine unbrauchbare Antwort gegeben.',
  'hint.PROVIDER_ANSWER_WRONG': 'Beginnen Sie hier noch einmal. Bleibt es so, melden Sie es der Verwaltung des Hubs.',
  'error.PROVIDER_ANSWER_REFUSED': 'Die Antwort des Anbieters hat die Prüfungen nicht bestanden.',
  'hint.PROVIDER_ANSWER_REFUSED': 'Beginnen Sie hier noch einmal. Bleibt es so, melden Sie es der Verwaltung des Hubs.',
  'error.PROVIDER_UNREACHABLE': '{host}, wo Sie sich anmelden, antwortet nicht.',
  'hint.PROVIDER_UNREACHABLE':
    'Versuchen Sie es gleich noch einmal. Bleibt es so, melden Sie es der Verwaltung des Hubs.',
  'error.DIRECTORY_UNREACHABLE': 'Das Verzeichnis, in dem Passwörter geprüft werden, antwortet nicht.',
  'hint.DIRECTORY_UNREACHABLE':
    'Versuchen Sie es gleich noch einmal. Bleibt es so, melden Sie es der Verwaltung des Hubs.',
  'error.CLAIM_MISSING': 'Der Anbieter hat „{claim}“ nicht geschickt, woraus hier Benutzernamen werden.',
  'hint.CLAIM_MISSING':
    'Fragen Sie die Verwaltung des Hubs: username_claim muss ein Feld nennen, das der Anbieter schickt.',
  'error.MAIL_NOT_VERIFIED': 'Der Anbieter hat Ihre E-Mail-Adresse nicht bestätigt.',
  'hint.MAIL_NOT_VERIFIED': 'Bestätigen Sie sie dort, und beginnen Sie dann hier noch einmal.',
  'error.ACCOUNT_NOT_TAKEN':
    'Mit einem solchen Konto kann man sich hier nicht anmelden; es muss eines von {wants} sein.',
  'hint.ACCOUNT_NOT_TAKEN': 'Beginnen Sie noch einmal mit einem anderen Konto.',
  'error.ATTEMPT_UNKNOWN': 'Das ist keine Antwort auf eine Anmeldung, die hier begonnen wurde.',
  'hint.ATTEMPT_UNKNOWN': 'Beginnen Sie hier noch einmal.',
  'error.ATTEMPT_USED': 'Diese Anmeldung ist schon abgeschlossen.',
  'hint.ATTEMPT_USED': 'Beginnen Sie hier noch einmal.',
  'error.ATTEMPT_EXPIRED': 'Diese Anmeldung hat zu lange gedauert.',
  'hint.ATTEMPT_EXPIRED': 'Beginnen Sie hier noch einmal.',
  'error.ATTEMPT_FOREIGN':
    'Diese Anmeldung wurde in einem anderen Browser begonnen, oder dieser hat seine Cookies verloren.',
  'hint.ATTEMPT_FOREIGN': 'Erlauben Sie Cookies für diese Seite, und beginnen Sie hier noch einmal.',
  'error.REMOTE_USER_MISSING': 'Der Webserver vor diesem Hub hat nicht gesagt, wer Sie sind.',
  'hint.REMOTE_USER_MISSING': 'Öffnen Sie die Adresse des Hubs, die Sie von Ihrer Einrichtung haben.',
  'error.TOKEN_MISSING': 'Sie kommen ohne das Token, das sagt, wer Sie sind.',
  'hint.TOKEN_MISSING':
    'Öffnen Sie diesen Hub von dort, wo Sie angemeldet sind, etwa von dem Portal, das hierher führt.',
  'error.TOKEN_NOT_TRUSTED': 'Das Token, mit dem Sie kommen, gilt hier nicht.',
  'hint.TOKEN_NOT_TRUSTED': 'Fangen Sie dort noch einmal an, wo Sie herkommen.',
  'error.NO_SIGN_IN': 'An diesem Hub meldet sich niemand an: Er ist für Programme mit Token seiner Schnittstelle.',
  'error.LOCKED_OUT': 'Zu viele falsche Passwörter. Minuten bis zum nächsten Versuch: {minutes}.',
  'error.PASSWORD_SHORT': 'Das Passwort ist zu kurz. Zeichen, die es mindestens haben muss: {least}.',
  'error.PASSWORD_LONG': 'Das Passwort ist zu lang. Zeichen, die es höchstens haben darf: {most}.',
  'error.PASSWORD_UNTYPABLE': 'Das Passwort enthält ein Zeichen, das sich nicht tippen lässt.',
  'error.PASSWORD_IS_NAME': 'Das Passwort darf nicht der Benutzername sein.',
  'error.PASSWORD_COMMON': 'Dieses Passwort ist eines von denen, die zuerst geraten werden.',
  'error.PASSWORDS_DIFFER': 'Die beiden Passwörter sind nicht gleich.',
  'error.PASSWORD_WRONG': 'Das ist nicht Ihr Passwort.',
  'error.NAME_TAKEN': 'Dieser Name ist vergeben.',
  'error.APPROVAL_PENDING': 'Dieses Konto ist noch nicht freigegeben.',
  'error.SECOND_FACTOR_WRONG': 'Das ist nicht der Code dieses Augenblicks, oder er wurde schon benutzt.',
  'hint.SECOND_FACTOR_WRONG': 'Warten Sie den nächsten ab und geben Sie ihn ein, oder einen Wiederherstellungscode.',
  'error.SECOND_FACTOR_LOCKED': 'Zu viele falsche Codes. Minuten bis zum nächsten Versuch: {minutes}.',
  'error.SECOND_FACTOR_UNREADABLE':
    'Ihr zweiter Faktor ist mit einem Schlüssel versiegelt, den dieser Hub nicht mehr hat.',
  'hint.SECOND_FACTOR_UNREADABLE':
    'Geben Sie einen Wiederherstellungscode ein, oder bitten Sie einen Administrator, den zweiten Faktor zu entfernen.',
  'error.NO_FORM': 'Hier gibt es kein Formular zum Anmelden.',
}
