import type { RemoteUserSettings } from '#config'
import type { Authenticator, AuthenticatorDeps, Denial, Identity, Step, Visit } from '../contract.ts'
import { readHeaders, valuesOf } from '../header-values.ts'
import { checkWebServer, isNoName, whyNotTrusted } from '../web-server.ts'

/**
 * A web server in front signs people in and tells in a header who came; a drop-in for
 * `jhub_remote_user_authenticator`, with rules of who may enter. Errors: HEADERS_OF_THIS_MACHINE.
 */
export function create(deps: AuthenticatorDeps): Authenticator {
  checkWebServer(deps)
  return {
    name: 'remote-user',
    id: deps.own().id,
    service: 'REMOTE_USER',
    kind: 'ambient',
    asksPassword: false,
    async authenticate(_form, visit): Promise<Step> {
      return whyNotTrusted(visit, deps) ?? identify(visit, optionsOf(deps))
    },
  }
}

/** Safe: `config` gives each way the options of its class. */
const optionsOf = ({ own }: AuthenticatorDeps) => own().options as unknown as RemoteUserSettings

function identify(visit: Visit, { headerName, groupsHeader, mailHeader }: RemoteUserSettings): Step {
  const wanted = [headerName, groupsHeader, mailHeader].filter((name) => name !== null)
  const collected = readHeaders(wanted, visit.headers)
  const userName = collected[headerName]
  if (userName === undefined || isNoName(userName)) return missing(headerName, collected)
  return { kind: 'identity', identity: identityOf(userName, { collected, groupsHeader, mailHeader }) }
}

function identityOf(
  userName: string,
  {
    collected,
    groupsHeader,
    mailHeader,
  }: { collected: Readonly<Record<string, string>> } & Pick<RemoteUserSettings, 'groupsHeader' | 'mailHeader'>,
): Identity {
  const mail = mailHeader === null ? undefined : valuesOf(collected[mailHeader])[0]
  return {
    issuer: 'remote-user',
    subject: null,
    userName,
    isAdmin: null,
    groups: groupsHeader === null ? null : valuesOf(collected[groupsHeader]),
    attributes: collected,
    mail: mail === undefined ? null : { address: mail, isVerified: true },
    authState: null,
  }
}

function missing(name: string, collected: Readonly<Record<string, string>>): Denial {
  return {
    kind: 'denied',
    code: 'REMOTE_USER_MISSING',
    message: 'The web server in front of this hub did not say who you are.',
    hint: 'Open the address of the hub that your institution gave you. Its administrator finds the reason in the log.',
    facts: { header: name },
    log: `The header ${name} is missing, empty or no name.`,
    attributes: collected,
  }
}
