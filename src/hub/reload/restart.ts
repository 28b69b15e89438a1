import { isDeepStrictEqual } from 'node:util'
import type { Settings } from '#config'

/**
 * What is fixed when a hub starts: it listens there, keeps its rows there, or was built around it. All else is read at
 * each use. `key` is how the administrator writes it.
 */
export const restartSettings: readonly { readonly key: string; readonly path: readonly [keyof Settings, string] }[] = [
  { key: 'hub.baseUrl', path: ['hub', 'baseUrl'] },
  { key: 'hub.db', path: ['hub', 'dbUrl'] },
  { key: 'hub.cookieSecret', path: ['hub', 'cookieSecret'] },
  { key: 'debug.enabled', path: ['hub', 'logLevel'] },
  { key: 'hub.config.JupyterHub.authenticator_class', path: ['authenticator', 'classes'] },
  { key: 'hub.config.NativeAuthenticator.enable_signup', path: ['native', 'enableSignup'] },
  { key: 'hub.config.LocalProcessSpawner', path: ['localProcess', 'systemUsers'] },
  { key: 'hub.config.ConfigurableHTTPProxy.should_start', path: ['proxy', 'shouldStart'] },
  { key: 'hub.config.ConfigurableHTTPProxy.api_url', path: ['proxy', 'apiUrl'] },
  { key: 'hub.config.ConfigurableHTTPProxy.auth_token', path: ['proxy', 'authToken'] },
  { key: 'cull.enabled', path: ['cull', 'enabled'] },
  { key: 'hub.config.JupyterHub.hub_connect_url', path: ['hub', 'connectUrl'] },
  // What a spawner watches, it watches from the start.
  { key: 'singleuser.events', path: ['kubernetes', 'eventsEnabled'] },
  { key: 'hub.config.KubeSpawner.namespace', path: ['kubernetes', 'namespace'] },
  { key: 'hub.config.KubeSpawner.enable_user_namespaces', path: ['kubernetes', 'enableUserNamespaces'] },
  { key: 'hub.config.KubeSpawner.component_label', path: ['kubernetes', 'componentLabel'] },
  { key: 'hub.config.KubeSpawner.k8s_api_host', path: ['kubernetes', 'k8sApiHost'] },
  { key: 'hub.config.KubeSpawner.k8s_api_ssl_ca_cert', path: ['kubernetes', 'k8sApiSslCaCert'] },
  { key: 'hub.config.KubeSpawner.k8s_api_verify_ssl', path: ['kubernetes', 'k8sApiVerifySsl'] },
]

/** `next` with the values of `now` where only a restart can change them, and the keys of those that differ. */
export function withoutRestart(now: Settings, next: Settings): { settings: Settings; waiting: readonly string[] } {
  const differing = restartSettings.filter(({ path }) => !isDeepStrictEqual(valueAt(now, path), valueAt(next, path)))
  const kept = Map.groupBy(differing, ({ path: [group] }) => group)
  const groups = [...kept].map(([group, rows]) => {
    const values = rows.map(({ path }) => [path[1], valueAt(now, path)])
    return [group, { ...(next[group] as object), ...Object.fromEntries(values) }]
  })
  // Safe: each value comes from the same place of settings of the same type.
  const settings = { ...next, ...Object.fromEntries(groups) } as Settings
  return { settings, waiting: differing.map(({ key }) => key) }
}

export function valueAt(settings: Settings, [group, name]: readonly [keyof Settings, string]): unknown {
  return (settings[group] as Readonly<Record<string, unknown>>)[name]
}
