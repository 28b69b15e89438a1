/** Names and passwords of a directory: LDAP, Active Directory. The password goes to the directory and nowhere else. */
import type { Client } from 'ldapts'
import { HimaliaError, messageOf } from '#base/errors.ts'
import type { Authenticator, AuthenticatorDeps, Denial, Identity, Step } from '../contract.ts'
import { errors } from '../errors.ts'
import { binds, connected } from './connect.ts'
import { groupsOf } from './groups.ts'
import { type Options, optionsOf, strategyOf } from './options.ts'
import { candidates, lookUp, passesFilter, personOf } from './person.ts'

/** Errors: OPTION_MISSING. */
export function create(deps: AuthenticatorDeps): Authenticator {
  const options = optionsOf(deps)
  const { className, id, rules } = deps.own()
  if (options.serverAddress.length === 0) throw errors.OPTION_MISSING({ className, names: ['server_address'] })
  if (options.bindDnTemplate.length === 0 && !options.lookupDn) {
    throw errors.OPTION_MISSING({ className, names: ['bind_dn_template (or lookup_dn)'] })
  }
  if (strategyOf(options) === 'insecure') {
    deps.log.warn({ way: id }, 'Passwords go to the directory unencrypted: tls_strategy is insecure')
  }
  return {
    name: 'ldap',
    id,
    service: rules.loginService,
    kind: 'form',
    asksPassword: true,
    authenticate: (form) => authenticate(deps, form.username ?? '', form.password ?? ''),
  }
}

const longest = 1024

async function authenticate(deps: AuthenticatorDeps, login: string, password: string): Promise<Step> {
  const options = optionsOf(deps)
  if (login === '' || password === '' || login.length > longest || password.length > longest)
    return invalid('empty or long')
  if (!new RegExp(`^(?:${options.validUsernameRegex})`).test(login)) return invalid('valid_username_regex does not fit')
  try {
    return await connected(options, (client) => asPerson(deps, client, { login, password }))
  } catch (error) {
    if (error instanceof HimaliaError) throw error
    throw errors.DIRECTORY_UNREACHABLE({ why: messageOf(error) }, error)
  }
}

async function asPerson(
  deps: AuthenticatorDeps,
  client: Client,
  { login, password }: { login: string; password: string },
): Promise<Step> {
  const options = optionsOf(deps)
  const { rules } = deps.own()
  const found = options.lookupDn ? await lookUp(client, options, login) : null
  if (found === 'service') return invalid('lookup_dn_search_user may not bind: its password is wrong')
  if (options.lookupDn && !found) return invalid('lookup_dn found nobody, or more than one')
  const dn = await firstThatBinds(client, candidates(options, found, login), password)
  if (dn === null) return invalid('no DN binds with this password')
  if (!(await passesFilter(client, options, login))) {
    return {
      ...invalid('search_filter does not match exactly one entry'),
      code: 'ACCOUNT_NOT_TAKEN',
      facts: { wants: 'the directory' },
    }
  }
  const name = options.useLookupDnUsername && found ? found.name : login
  const person = await personOf(client, options, { dn, login })
  const groups = await groupsOf(client, { options, rules }, { person, login })
  return { kind: 'identity', identity: identityOf(options, { name, person, groups }) }
}

async function firstThatBinds(client: Client, dns: readonly string[], password: string): Promise<string | null> {
  for (const dn of dns) if (await binds(client, dn, password)) return dn
  return null
}

function identityOf(
  options: Options,
  {
    name,
    person,
    groups,
  }: { name: string; person: Awaited<ReturnType<typeof personOf>>; groups: Awaited<ReturnType<typeof groupsOf>> },
): Identity {
  const { attributes } = person
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.filter((one) => attributes[one]).map((one) => [one, attributes[one]]))
  const [address] = attributes.mail ?? []
  return {
    issuer: `ldap:${options.userSearchBase ?? options.serverAddress[0]}`,
    subject: person.id,
    userName: name,
    isAdmin: null,
    groups: [...groups.named, ...groups.found],
    attributes: { dn: person.dn, ...attributes },
    // The directory's own word.
    mail: address ? { address, isVerified: true } : null,
    authState: {
      ldap_groups: groups.named,
      user_attributes: pick([...options.authStateAttributes, ...options.userInfoAttributes]),
    },
  }
}

function invalid(log: string): Denial {
  return { kind: 'denied', code: 'CREDENTIALS_INVALID', message: 'Invalid username or password', log }
}
