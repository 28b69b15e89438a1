/** What a server finds in its environment: the contract that every JupyterHub-ready server is written for. */
import type { ServerClient } from '../oauth/server-client.ts'
import { quoteName } from '../pages/views/server-path.ts'
import type { RunSettings } from './run-settings.ts'

export interface EnvironmentFacts {
  readonly userName: string
  readonly serverName: string
  /** Plain text. */
  readonly token: string
  readonly client: ServerClient
  /** `http://127.0.0.1:40123`, where it shall listen; an empty host means all addresses. */
  readonly listenUrl: string
  /** `/` or `/prefix/`. */
  readonly baseUrl: string
  /** Without a trailing slash. */
  readonly apiUrl: string
  /** `https://hub.example.org/` or null where requests tell. */
  readonly publicUrl: string | null
  readonly cookieHostPrefixEnabled: boolean
  readonly run: RunSettings
}

/** Variables in configured `environment` win over the hub's own, as in JupyterHub. */
export function serverEnvironment(facts: EnvironmentFacts): Record<string, string> {
  return { ...hubEnvironment(facts), ...mapped(facts.run.environment, (value) => filledIn(value, facts)) }
}

/** What the hub itself decides of it. */
export function hubEnvironment(facts: EnvironmentFacts): Record<string, string> {
  const { userName, serverName, token, run } = facts
  const { prefix, ...client } = facts.client
  const origin = facts.publicUrl === null ? '' : new URL(facts.publicUrl).origin
  const accessScopes = JSON.stringify(client.accessScopes)
  return {
    JUPYTERHUB_API_TOKEN: token,
    JPY_API_TOKEN: token,
    JUPYTERHUB_CLIENT_ID: client.identifier,
    JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED: facts.cookieHostPrefixEnabled ? '1' : '0',
    JUPYTERHUB_HOST: origin,
    JUPYTERHUB_OAUTH_CALLBACK_URL: client.redirectUri,
    JUPYTERHUB_OAUTH_ACCESS_SCOPES: accessScopes,
    JUPYTERHUB_OAUTH_SCOPES: accessScopes,
    JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES: JSON.stringify(run.oauthClientAllowedScopes),
    JUPYTERHUB_USER: userName,
    JUPYTERHUB_SERVER_NAME: serverName,
    JUPYTERHUB_API_URL: facts.apiUrl,
    JUPYTERHUB_ACTIVITY_URL: `${facts.apiUrl}/users/${quoteName(userName)}/activity`,
    JUPYTERHUB_BASE_URL: facts.baseUrl,
    JUPYTERHUB_SERVICE_PREFIX: prefix,
    JUPYTERHUB_SERVICE_URL: `${facts.listenUrl.replace(/\/+$/, '')}${prefix}`,
    JUPYTERHUB_PUBLIC_URL: origin && `${origin}${prefix}`,
    JUPYTERHUB_PUBLIC_HUB_URL: origin && `${origin}${facts.baseUrl}hub/`,
    ...limits(run),
    ...choices(facts),
  }
}

function limits(run: RunSettings): Record<string, string> {
  return given({
    MEM_LIMIT: run.memLimitBytes,
    MEM_GUARANTEE: run.memGuaranteeBytes,
    CPU_LIMIT: asFloat(run.cpuLimit),
    CPU_GUARANTEE: asFloat(run.cpuGuarantee),
  })
}

function choices(facts: EnvironmentFacts): Record<string, string> {
  const { run } = facts
  return given({
    JUPYTERHUB_ROOT_DIR: filledIn(run.notebookDir, facts) || null,
    JUPYTERHUB_DEFAULT_URL: filledIn(run.defaultUrl, facts) || null,
    JUPYTERHUB_DEBUG: run.debug ? '1' : null,
    JUPYTERHUB_DISABLE_USER_CONFIG: run.disableUserConfig ? '1' : null,
  })
}

/** The command line of the server, names filled in. */
export function serverCommand(facts: Pick<EnvironmentFacts, 'userName' | 'serverName' | 'baseUrl' | 'run'>): string[] {
  return [...facts.run.cmd, ...facts.run.args].map((word) => filledIn(word, facts))
}

/** `{username}`, `{servername}` and `{base_url}`; other braces stay, as in JSON. */
function filledIn(text: string, facts: Pick<EnvironmentFacts, 'userName' | 'serverName' | 'baseUrl'>): string {
  const values: Readonly<Record<string, string>> = {
    username: facts.userName,
    servername: facts.serverName,
    base_url: facts.baseUrl,
  }
  return text.replace(/\{(username|servername|base_url)\}/g, (_, name: string) => values[name] ?? '')
}

function given(values: Readonly<Record<string, string | number | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, `${value}`]])),
  )
}

/** As Python writes a float: `2.0`. */
function asFloat(value: number | null): string | null {
  return value === null ? null : Number.isInteger(value) ? value.toFixed(1) : `${value}`
}

function mapped(values: Readonly<Record<string, string>>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
}
