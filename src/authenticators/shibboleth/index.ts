import type { Authenticator, AuthenticatorDeps, Denial, Identity, Step, Visit } from '../contract.ts'
import { attributeNamed, readHeaders, valuesOf } from '../header-values.ts'
import { checkWebServer, isNoName, whyNotTrusted } from '../web-server.ts'
import { shibbolethErrors } from './errors.ts'

interface Options {
  readonly headers: readonly string[]
}

/**
 * The service provider is a web server's in front (Apache's mod_shib, nginx), which tells in headers who came. The first
 * header that is configured holds the user name, as in `jhub_shibboleth_auth`. Errors: SHIBBOLETH_HEADERS_EMPTY,
 * HEADERS_OF_THIS_MACHINE.
 */
export function create(deps: AuthenticatorDeps): Authenticator {
  // Safe: the options are those of the class's table.
  const options = () => deps.own().options as unknown as Options
  if (options().headers.length === 0) throw shibbolethErrors.SHIBBOLETH_HEADERS_EMPTY(undefined)
  checkWebServer(deps)
  return {
    name: 'shibboleth',
    id: deps.own().id,
    service: 'Shibboleth',
    kind: 'ambient',
    asksPassword: false,
    async authenticate(_form, visit): Promise<Step> {
      const distrust = whyNotTrusted(visit, deps)
      return distrust ?? identify(visit, options().headers)
    },
  }
}

function identify(visit: Visit, names: readonly string[]): Step {
  const collected = readHeaders(names, visit.headers)
  const userName = collected[names[0]!]
  const missing = userName === undefined || isNoName(userName)
  if (missing) return nameMissing(names[0]!, { collected, idp: single(visit.headers['shib-identity-provider']) })
  return { kind: 'identity', identity: identityOf(userName, collected, visit) }
}

function nameMissing(
  name: string,
  { collected, idp }: { collected: Readonly<Record<string, string>>; idp: string | null },
): Denial {
  return {
    kind: 'denied',
    code: 'SHIBBOLETH_NAME_MISSING',
    message: `Your institution did not tell "${name}", which this hub needs as your user name.`,
    hint: 'Ask the people who run the sign-in of your institution to release it to this service.',
    facts: { attribute: name },
    log: `The header ${name} is missing, empty or no name; ${idp ?? 'the web server'} sent ${Object.keys(collected).join(', ') || 'none of the others'}.`,
    attributes: collected,
  }
}

function identityOf(userName: string, collected: Readonly<Record<string, string>>, visit: Visit): Identity {
  const subject = attributeNamed(collected, 'subject-id', 'pairwise-id', 'persistent-id', 'targeted-id') ?? null
  const mail = valuesOf(attributeNamed(collected, 'mail'))[0]
  const memberOf = attributeNamed(collected, 'isMemberOf', 'member')
  const displayName = attributeNamed(collected, 'displayName', 'cn')
  return {
    issuer: (subject && single(visit.headers['shib-identity-provider'])) ?? 'shibboleth',
    subject,
    userName,
    isAdmin: null,
    groups: memberOf === undefined ? null : valuesOf(memberOf),
    attributes: collected,
    mail: mail === undefined ? null : { address: mail, isVerified: true },
    affiliations: valuesOf(attributeNamed(collected, 'affiliation', 'eduPersonScopedAffiliation')),
    entitlements: valuesOf(attributeNamed(collected, 'entitlement', 'eduPersonEntitlement')),
    authState: authStateOf(userName, collected),
    userInfo:
      displayName === undefined ? null : { name: valuesOf(displayName)[0], display_name: valuesOf(displayName)[0] },
  }
}

/** As `jhub_shibboleth_auth` keeps it: the user name comes after the first header. */
function authStateOf(userName: string, collected: Readonly<Record<string, string>>): Identity['authState'] {
  const [[first, value] = ['', ''], ...others] = Object.entries(collected)
  return { [first]: value, jh_name: userName, ...Object.fromEntries(others) }
}

function single(value: string | string[] | undefined): string | null {
  return (typeof value === 'object' ? value[0] : value) || null
}
