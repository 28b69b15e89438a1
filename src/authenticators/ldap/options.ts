import type { LdapSettings } from '#config'
import type { AuthenticatorDeps } from '../contract.ts'

export type Options = LdapSettings

export function optionsOf({ own }: Pick<AuthenticatorDeps, 'own'>): Options {
  // Safe: `config` gives each way the options of its class.
  return own().options as unknown as Options
}

export function strategyOf({ tlsStrategy, useSsl }: Options): 'before_bind' | 'on_connect' | 'insecure' {
  return useSsl === true ? 'on_connect' : tlsStrategy
}

/** `ldaps://host:636`, one for each server that is named, in that order. */
export function urlsOf(options: Options): readonly string[] {
  const isTls = strategyOf(options) === 'on_connect'
  const port = options.serverPort ?? (isTls ? 636 : 389)
  return options.serverAddress.map((address) => {
    if (/^ldaps?:\/\//.test(address)) return address
    return `${isTls ? 'ldaps' : 'ldap'}://${address.includes(':') && !address.includes(']') ? address : `${address}:${port}`}`
  })
}
