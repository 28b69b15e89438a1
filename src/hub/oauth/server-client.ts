/** The OAuth client of a user's server. */
import { accessScopes } from '#access'

export interface ServerOfClient {
  /** `/` or `/prefix/`. */
  readonly base: string
  readonly userName: string
  /** Empty for the default server. */
  readonly serverName: string
  /** `Spawner.oauth_client_allowed_scopes`. */
  readonly allowedScopes: readonly string[]
}

export interface ServerClient {
  readonly identifier: string
  readonly description: string
  readonly redirectUri: string
  /** What tokens for it may hold: access to it, and what the configuration adds. */
  readonly allowedScopes: readonly string[]
  /** Any of these lets a visitor in; the server compares them as text. */
  readonly accessScopes: readonly string[]
  /** Where it is served, with slashes at both ends. */
  readonly prefix: string
}

export function serverClient({ base, userName, serverName, allowedScopes }: ServerOfClient): ServerClient {
  const named = serverName === '' ? '' : `${quoted(serverName, '@~')}/`
  const prefix = `${base}user/${quoted(userName, '@~')}/${named}`
  const access = accessScopes({ kind: 'server', name: `${userName}/${serverName}` })
  return {
    identifier: clientId(userName, serverName),
    description: `Server at ${prefix}`,
    redirectUri: `${prefix}oauth_callback`,
    allowedScopes: [...new Set([...access, ...allowedScopes])],
    accessScopes: [...access, `access:servers!user=${userName}`],
    prefix,
  }
}

/**
 * Names a cookie of the server, too, so all but a few characters are quoted. A `!`, which quoting never leaves, stands
 * before the name of a named server: with the `-` of JupyterHub, server `b` of user `a` would be the client of user `a-b`.
 */
function clientId(userName: string, serverName: string): string {
  const user = `jupyterhub-user-${quoted(userName, '~')}`
  return serverName === '' ? user : `${user}!${quoted(serverName, '~')}`
}

/** As Python's `quote`: letters, digits, `_.-` and what `safe` names stay. */
function quoted(text: string, safe: string): string {
  return encodeURIComponent(text).replace(/%7E|%40|[!'()*~]/g, (found) => {
    const character = decodeURIComponent(found)
    return safe.includes(character) ? character : `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  })
}
