import { createHash } from 'node:crypto'
import type { Findings } from '../check/findings.ts'
import type { HubSettings, RoleSetting, ServiceSetting } from '../settings.ts'
import { cryptKeeper } from '../traits/authenticator.ts'
import { jupyterHub } from '../traits/jupyterhub.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'
import { settingsOf, type TraitValues } from './trait-values.ts'

/** The part `hub` of the settings. */
export function hubSettings(root: MapNode | null, values: TraitValues, findings: Findings): HubSettings {
  const {
    authenticatorClass: _,
    tornadoSettings,
    loadRoles,
    loadGroups,
    customScopes,
    ...traits
  } = settingsOf(jupyterHub, ['JupyterHub'], values)
  const { cryptKeys } = settingsOf(cryptKeeper, ['CryptKeeper'], values)
  return {
    ...traits,
    cryptKeys: typeof cryptKeys === 'string' ? cryptKeys.split(';') : cryptKeys,
    logLevel: isOn(root, ['debug', 'enabled']) ? 'debug' : logLevel(traits.logLevel),
    cookieSecret: cookieSecret(traits.cookieSecret, root, findings),
    baseUrl: withSlashes(traits.baseUrl),
    publicUrl: traits.publicUrl && `${traits.publicUrl.replace(/\/+$/, '')}/`,
    dbUrl: traits.dbUrl ?? databaseUrl(root, findings),
    slowSpawnTimeoutSeconds: tornadoSettings.slow_spawn_timeout ?? 10,
    slowStopTimeoutSeconds: tornadoSettings.slow_stop_timeout ?? 10,
    extraHeaders: tornadoSettings.headers ?? {},
    loadRoles: values.isGiven('JupyterHub', 'load_roles')
      ? loadRoles.map((role) => roleSetting(role.name ?? '', role))
      : roles(root),
    loadGroups: Object.fromEntries(
      Object.entries(loadGroups).map(([name, group]) => [
        name,
        { users: group?.users ?? [], properties: group?.properties ?? {} },
      ]),
    ),
    customScopes: Object.fromEntries(
      Object.entries(customScopes).map(([name, scope]) => [
        name,
        { description: scope?.description ?? '', subscopes: scope?.subscopes ?? [] },
      ]),
    ),
    services: services(root, findings),
  }
}

/** Python's levels, by name or number. */
function logLevel(written: string | number | null): HubSettings['logLevel'] {
  const numbers: Readonly<Record<string, number>> = {
    DEBUG: 10,
    INFO: 20,
    WARN: 30,
    WARNING: 30,
    ERROR: 40,
    CRITICAL: 50,
  }
  const level = typeof written === 'number' ? written : (numbers[written ?? 'INFO'] ?? 20)
  if (level <= 10) return 'debug'
  if (level <= 20) return 'info'
  return level <= 30 ? 'warn' : 'error'
}

function isOn(root: MapNode | null, path: readonly string[]): boolean {
  const node = nodeAt(root, path)
  return node?.kind === 'scalar' && node.value === true
}

/** 64 hex digits or more; what is written otherwise still gives a secret as good as it is. */
function cookieSecret(written: string | null, root: MapNode | null, findings: Findings): string | null {
  if (written === null || /^([\da-f]{2}){32,}$/i.test(written)) return written
  const path = ['hub', 'config', 'JupyterHub', 'cookie_secret']
  const node = nodeAt(root, path) ?? nodeAt(root, ['hub', 'cookieSecret'])
  const at = { place: node?.place ?? null, path: ['hub', 'cookieSecret'], masked: true }
  findings.report('COOKIE_SECRET_FORM', at, undefined)
  return createHash('sha256').update(written).digest('hex')
}

/** `/` or `/prefix/`. */
function withSlashes(path: string): string {
  return `/${path}/`.replace(/\/+/g, '/')
}

/** null: the file in the data directory. */
function databaseUrl(root: MapNode | null, findings: Findings): string | null {
  const at = (name: string) => nodeAt(root, ['hub', 'db', name])
  const typeNode = at('type')
  const type = typeNode ? plain(typeNode) : null
  const place = typeNode?.place ?? null
  if (type === 'sqlite-memory') return 'sqlite:///:memory:'
  if (type === null || type === 'sqlite-pvc') return null
  const urlNode = at('url')
  const url = urlNode ? plain(urlNode) : null
  if (typeof url !== 'string') {
    findings.report('DATABASE_URL_MISSING', { place, path: ['hub', 'db', 'type'] }, { type: String(type) })
    return null
  }
  if (type === 'mysql' || url.startsWith('mysql')) {
    findings.report(
      'DATABASE_NOT_SUPPORTED',
      { place: place ?? urlNode?.place ?? null, path: ['hub', 'db'] },
      undefined,
    )
    return null
  }
  const passwordNode = at('password')
  return withPassword(url, passwordNode ? plain(passwordNode) : null)
}

/** The URL with the password, unless it holds one. */
function withPassword(url: string, password: unknown): string {
  const [, before, user, after] = /^([a-z0-9+]+:\/\/)([^@/:]+)(@.*)$/.exec(url) ?? []
  if (typeof password !== 'string' || after === undefined) return url
  return `${before}${user}:${encodeURIComponent(password)}${after}`
}

/** `hub.loadRoles`: the key is the name, unless the role has one. */
function roles(root: MapNode | null): RoleSetting[] {
  return namedMaps(root, 'loadRoles').map(([key, role]) => roleSetting(String(role.name ?? key), role))
}

function roleSetting(name: string, role: Readonly<Record<string, unknown>>): RoleSetting {
  const names = (key: string) => (Array.isArray(role[key]) ? (role[key] as unknown[]).map(String) : null)
  const description = String(role.description ?? '')
  return {
    name,
    description,
    scopes: names('scopes'),
    users: names('users'),
    groups: names('groups'),
    services: names('services'),
  }
}

function services(root: MapNode | null, findings: Findings): ServiceSetting[] {
  return namedMaps(root, 'services').map(([key, service]) => {
    const name = String(service.name ?? key)
    if (service.command !== undefined && service.command !== null) {
      const place = nodeAt(root, ['hub', 'services', key, 'command'])?.place ?? null
      findings.report('SERVICE_MANAGED', { place, path: ['hub', 'services', key, 'command'], masked: true }, { name })
    }
    const text = (field: string) => (typeof service[field] === 'string' ? (service[field] as string) : null)
    return {
      name,
      admin: service.admin === true,
      url: text('url'),
      apiToken: text('api_token') ?? text('apiToken'),
      oauthClientId: text('oauth_client_id'),
      oauthRedirectUri: text('oauth_redirect_uri'),
      oauthNoConfirm: service.oauth_no_confirm === true,
      oauthClientAllowedScopes: (service.oauth_client_allowed_scopes as string[] | undefined) ?? [],
      display: service.display !== false,
      info: (service.info as Record<string, unknown> | undefined) ?? {},
    }
  })
}

/** The entries of a map below `hub`; a null entry is deleted, and an empty one is an empty map. */
function namedMaps(root: MapNode | null, name: string): [string, Readonly<Record<string, unknown>>][] {
  const node = nodeAt(root, ['hub', name])
  if (node?.kind !== 'map') return []
  return [...node.entries].flatMap(([key, { value }]) =>
    value.kind === 'map' ? [[key, plain(value) as Record<string, unknown>] as [string, Record<string, unknown>]] : [],
  )
}
