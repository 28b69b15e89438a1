/** CILogon: one door to many institutions, each with its own way to a user name. */
import type { ProviderSettings } from '#config'
import type { Denial } from '../../contract.ts'
import { textAt } from '../claims.ts'
import { denied } from '../denials.ts'
import { fromEnv, type Options } from '../options.ts'
import type { Model, Provider } from '../provider.ts'
import { stripDomain } from '../username.ts'

type Idp = ProviderSettings['idps'][string]

export const cilogon: Provider = {
  userKey: 'cilogon_user',
  service: 'CILogon',
  env: 'CILOGON',
  usernameClaim: 'eppn',
  scope: ['openid', 'email', 'org.cilogon.userinfo', 'profile'],
  forcedScope: ['openid', 'org.cilogon.userinfo'],
  issuer: (options) => `https://${hostOf(options)}`,
  endpoints: (options) => ({
    authorizeUrl: `https://${hostOf(options)}/authorize`,
    tokenUrl: `https://${hostOf(options)}/oauth2/token`,
    userdataUrl: `https://${hostOf(options)}/oauth2/userinfo`,
  }),
  authorizeParams: (options) => ({
    selected_idp: inOrder(idpsOf(options)).join(','),
    ...(options.skin ? { skin: options.skin } : {}),
  }),
  userName(model, options) {
    const idp = idpOf(model, options)
    return 'kind' in idp ? idp : derived(model, idp, options)
  },
  async complete(model, { options, className }) {
    const idp = idpOf(model, options)
    if ('kind' in idp) return idp
    const rules = []
    if (idp.allow_all) rules.push({ name: `${className}.allowed_idps: allow_all`, wants: 'anybody there', isMet: true })
    const domains = idp.allowed_domains ?? []
    if (domains.length > 0) {
      const domain = domainOf(model, idp, options)
      const isMet = domain !== null && domains.some((glob) => matches(glob.toLowerCase(), domain))
      rules.push({ name: `${className}.allowed_idps: allowed_domains`, wants: domains.join(', '), isMet })
    }
    return { ...model, rules }
  },
}

function hostOf({ cilogonHost }: Options): string {
  return cilogonHost || fromEnv('CILOGON_HOST') || 'cilogon.org'
}

export function idpsOf({ idps = {}, allowedIdps = {} }: Options): Readonly<Record<string, Idp>> {
  return { ...allowedIdps, ...idps }
}

/** The default one first: CILogon shows it as chosen. */
function inOrder(idps: Readonly<Record<string, Idp>>): readonly string[] {
  const entries = Object.entries(idps)
  return [...entries.filter(([, idp]) => idp.default), ...entries.filter(([, idp]) => !idp.default)].map(([id]) => id)
}

function idpOf({ user }: Model, options: Options): Idp | Denial {
  const id = textAt(user, 'idp')
  if (id === null) return denied.claimMissing('idp', user)
  const idps = idpsOf(options)
  return Object.hasOwn(idps, id) ? idps[id]! : denied.restricted('allowed_idps', Object.keys(idps).join(', '), user)
}

function claimOf(idp: Idp, options: Options): string {
  return idp.username_derivation?.username_claim || options.usernameClaim || cilogon.usernameClaim
}

function derived({ user }: Model, idp: Idp, options: Options): string | Denial {
  const claim = claimOf(idp, options)
  const name = textAt(user, claim)
  if (name === null) return denied.claimMissing(claim, user)
  const { action, domain = '', prefix = '' } = idp.username_derivation ?? {}
  if (action === 'strip_idp_domain') return stripDomain(name, domain)
  return action === 'prefix' ? `${prefix}:${name}` : name
}

/** Of the claim that is named, else of the user name before anything was done to it. */
function domainOf({ user }: Model, idp: Idp, options: Options): string | null {
  const text = textAt(user, idp.allowed_domains_claim || claimOf(idp, options))
  if (text === null || !text.includes('@')) return null
  return text.slice(text.lastIndexOf('@') + 1).toLowerCase()
}

/** Shell patterns, as Python's fnmatch has them: `*`, `?` and `[…]`. */
export function matches(glob: string, text: string): boolean {
  const pattern = glob.replace(/\[!?[^\]]+\]|[\\^$.*+?()[\]{}|]/g, (found) => {
    if (found === '*') return '.*'
    if (found === '?') return '.'
    if (found.length > 2) return found.replace(/^\[!/, '[^').replace(/\\/g, '\\\\')
    return `\\${found}`
  })
  return new RegExp(`^${pattern}$`, 's').test(text)
}
