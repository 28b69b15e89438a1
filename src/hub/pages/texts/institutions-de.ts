import type { institutionsEnglish } from './institutions-en.ts'

const misdirected = 'Die Antwort Ihrer Einrichtung war für einen anderen Dienst bestimmt.'
const misdirectedHint = 'Melden Sie sich noch einmal an; geschieht es wieder, sagen Sie es der Verwaltung des Hubs.'
const unverified = 'Die Antwort Ihrer Einrichtung ließ sich nicht prüfen.'
const unverifiedHint =
  'Melden Sie sich noch einmal an; geschieht es wieder, sagen Sie es der Verwaltung des Hubs. Der Grund steht im Protokoll.'

/** The same in German. */
export const institutionsGerman: Readonly<Record<keyof typeof institutionsEnglish, string>> = {
  'institutions.title': 'Wählen Sie Ihre Einrichtung',
  'institutions.before': 'Zuletzt gewählt',
  'institutions.search': 'Name Ihrer Universität, Schule oder Ihres Instituts',
  'institutions.find': 'Suchen',
  'institutions.none': 'Zurzeit ist keine Einrichtung erreichbar. Versuchen Sie es in einigen Minuten noch einmal.',
  'institutions.nothing':
    'Keine Einrichtung passt zu „{words}“. Versuchen Sie es mit weniger Wörtern oder dem Namen der Stadt.',
  'institutions.some': '{shown} von {total}. Ein Wort findet Ihre.',

  'error.WEB_SERVER_UNKNOWN': 'Sie kommen nicht über den Webserver, der hier anmeldet.',
  'hint.WEB_SERVER_UNKNOWN':
    'Öffnen Sie die Adresse des Hubs, die Ihre Einrichtung Ihnen genannt hat. Die Verwaltung findet den Grund im Protokoll.',
  'error.SHIBBOLETH_NAME_MISSING':
    'Ihre Einrichtung hat „{attribute}“ nicht mitgeteilt; dieser Hub braucht es als Benutzernamen.',
  'hint.SHIBBOLETH_NAME_MISSING':
    'Bitten Sie die Stelle, die die Anmeldung Ihrer Einrichtung betreibt, es für diesen Dienst freizugeben.',

  'error.SAML_NOTHING_CHOSEN': 'Es wurde keine Einrichtung gewählt.',
  'hint.SAML_NOTHING_CHOSEN': 'Melden Sie sich noch einmal an, und wählen Sie die Einrichtung, zu der Sie gehören.',
  'error.SAML_NO_FORM': 'Ihre Einrichtung meldet Sie an; ein Formular dafür gibt es hier nicht.',
  'hint.SAML_NO_FORM': 'Benutzen Sie die Schaltfläche Ihrer Einrichtung.',
  'error.SAML_ISSUER_UNKNOWN': 'Dieser Hub kennt Ihre Einrichtung nicht.',
  'hint.SAML_ISSUER_UNKNOWN': 'Wählen Sie eine andere, oder bitten Sie die Verwaltung des Hubs, sie aufzunehmen.',
  'error.SAML_NOT_REQUESTED':
    'Dieser Hub hat Ihre Einrichtung nicht gebeten, Sie anzumelden, oder es ist zu lange her.',
  'hint.SAML_NOT_REQUESTED': 'Melden Sie sich hier noch einmal an.',
  'error.SAML_REPLAYED': 'Diese Antwort Ihrer Einrichtung wurde schon einmal benutzt.',
  'hint.SAML_REPLAYED': 'Melden Sie sich hier noch einmal an.',
  'error.SAML_EXPIRED': 'Die Antwort Ihrer Einrichtung kam zu spät.',
  'hint.SAML_EXPIRED': 'Melden Sie sich hier noch einmal an.',
  'error.SAML_NOT_YET_VALID': 'Die Antwort Ihrer Einrichtung kommt aus der Zukunft: Die Uhren gehen verschieden.',
  'hint.SAML_NOT_YET_VALID': 'Sagen Sie es der Verwaltung des Hubs. Im Protokoll steht, um wie viel.',
  'error.SAML_STATUS': '{institution} hat Sie nicht angemeldet.',
  'hint.SAML_STATUS':
    'Melden Sie sich noch einmal an; geschieht es wieder, fragen Sie die Stelle, die die Anmeldung Ihrer Einrichtung betreibt.{help}',
  'error.SAML_AUTHN_CONTEXT':
    'Dieser Hub braucht eine stärkere Anmeldung als die, die Sie benutzt haben, etwa mit einem zweiten Faktor.',
  'hint.SAML_AUTHN_CONTEXT':
    'Melden Sie sich damit noch einmal an; fragt Ihre Einrichtung nicht danach, sagen Sie es der Verwaltung des Hubs.',
  'error.SAML_AUTHN_STALE': 'Für diesen Hub müssen Sie sich bei Ihrer Einrichtung neu anmelden.',
  'hint.SAML_AUTHN_STALE': 'Melden Sie sich hier noch einmal an.',
  'error.SAML_IDENTIFIER_MISSING':
    '{institution} hat nicht mitgeteilt, was dieser Hub von Ihnen wissen muss: {wanted}.',
  'hint.SAML_IDENTIFIER_MISSING':
    'Bitten Sie die Stelle, die die Anmeldung Ihrer Einrichtung betreibt, es für diesen Dienst freizugeben.{help}',
  'error.SAML_DESTINATION_WRONG': misdirected,
  'hint.SAML_DESTINATION_WRONG': misdirectedHint,
  'error.SAML_AUDIENCE_WRONG': misdirected,
  'hint.SAML_AUDIENCE_WRONG': misdirectedHint,
  'error.SAML_RECIPIENT_WRONG': misdirected,
  'hint.SAML_RECIPIENT_WRONG': misdirectedHint,
  'error.SAML_TOO_LARGE': unverified,
  'hint.SAML_TOO_LARGE': unverifiedHint,
  'error.SAML_MALFORMED': unverified,
  'hint.SAML_MALFORMED': unverifiedHint,
  'error.SAML_FORBIDDEN': unverified,
  'hint.SAML_FORBIDDEN': unverifiedHint,
  'error.SAML_VERSION': unverified,
  'hint.SAML_VERSION': unverifiedHint,
  'error.SAML_ISSUER_OTHER': unverified,
  'hint.SAML_ISSUER_OTHER': unverifiedHint,
  'error.SAML_UNSIGNED': unverified,
  'hint.SAML_UNSIGNED': unverifiedHint,
  'error.SAML_SIGNATURE_MALFORMED': unverified,
  'hint.SAML_SIGNATURE_MALFORMED': unverifiedHint,
  'error.SAML_SIGNATURE_WRONG': unverified,
  'hint.SAML_SIGNATURE_WRONG': unverifiedHint,
  'error.SAML_ALGORITHM_REFUSED': unverified,
  'hint.SAML_ALGORITHM_REFUSED': unverifiedHint,
  'error.SAML_DECRYPTION_FAILED': unverified,
  'hint.SAML_DECRYPTION_FAILED': unverifiedHint,
  'error.SAML_ASSERTION_COUNT': unverified,
  'hint.SAML_ASSERTION_COUNT': unverifiedHint,
  'error.SAML_REQUEST_OTHER': unverified,
  'hint.SAML_REQUEST_OTHER': unverifiedHint,
  'error.SAML_CONDITIONS': unverified,
  'hint.SAML_CONDITIONS': unverifiedHint,
  'error.SAML_SUBJECT_UNCONFIRMED': unverified,
  'hint.SAML_SUBJECT_UNCONFIRMED': unverifiedHint,
  'error.SAML_STATEMENT': unverified,
  'hint.SAML_STATEMENT': unverifiedHint,
}
