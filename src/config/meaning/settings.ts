import { Findings } from '../check/findings.ts'
import { hookSource, snippetsOf } from '../code.ts'
import type { Mode } from '../load.ts'
import type { Settings } from '../settings.ts'
import { dummy, native } from '../traits/authenticator.ts'
import { idleCuller } from '../traits/culler.ts'
import { configurableHttpProxy, proxy } from '../traits/proxy.ts'
import { localAuthenticator, localProcess, spawner } from '../traits/spawner.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'
import { authenticatorSettings, waysOf } from './authenticator.ts'
import { chartValues } from './chart-value.ts'
import { hubSettings } from './hub.ts'
import { kubernetesSettings } from './kubernetes.ts'
import { serverOverrides } from './overrides.ts'
import { profiles } from './profiles.ts'
import { settingsOf, traitValues } from './trait-values.ts'

/** Servers are processes here, pods there; either way, what KubeSpawner shares with every spawner counts. */
const spawnerClasses: Readonly<Record<Mode, readonly string[]>> = {
  local: ['Spawner', 'KubeSpawner', 'LocalProcessSpawner', 'SimpleLocalProcessSpawner'],
  cluster: ['Spawner', 'KubeSpawner'],
}

/** What a checked file means; problems that only the meaning shows go to the findings. */
export function settingsFrom(root: MapNode | null, findings: Findings): Settings {
  const values = traitValues(root, findings)
  const hub = hubSettings(root, values, findings)
  const custom = nodeAt(root, ['custom'])
  const ways = waysOf(root, values, findings)
  return {
    hub,
    spawner: settingsOf(spawner, spawnerClasses[findings.mode], values),
    localProcess: {
      ...settingsOf(localProcess, ['Spawner', 'LocalProcessSpawner', 'SimpleLocalProcessSpawner'], values),
      ...settingsOf(localAuthenticator, ['Authenticator', 'LocalAuthenticator'], values),
    },
    kubernetes: kubernetesSettings(root, values),
    authenticator: authenticatorSettings(ways, values),
    ways,
    dummy: settingsOf(dummy, ['Authenticator', 'DummyAuthenticator'], values),
    native: settingsOf(native, ['Authenticator', 'NativeAuthenticator'], values),
    proxy: {
      ...settingsOf(proxy, ['Proxy', 'ConfigurableHTTPProxy'], values),
      ...settingsOf(configurableHttpProxy, ['Proxy', 'ConfigurableHTTPProxy'], values),
    },
    cull: settingsOf(idleCuller, ['IdleCuller'], values),
    profiles: profiles(root, findings),
    overrides: serverOverrides(root, findings),
    authStateEnv: (chartValues(root)('singleuser', 'authStateEnv') ?? {}) as Readonly<Record<string, string>>,
    hooks: {
      sources: root
        ? snippetsOf(root)
            .filter(({ language }) => language === 'script')
            .map(hookSource)
        : [],
      timeoutSeconds: Number(chartValues(root)('hub', 'hookTimeout') ?? 10),
      names: [],
    },
    debug: hub.logLevel === 'debug',
    custom: custom?.kind === 'map' ? (plain(custom) as Record<string, unknown>) : {},
  }
}

/** The settings of an empty file. */
export function defaultSettings(mode: Mode = 'local'): Settings {
  return settingsFrom(null, new Findings(mode))
}
