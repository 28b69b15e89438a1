/**
 * What the hub's parts are given: one record, made once in `hub/index.ts`, passed as an argument, never looked up.
 */

import type { Authenticator } from '#authenticators'
import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Log } from '#base/log.ts'
import type { Settings } from '#config'
import type { Hooks } from '#hooks'
import type { Spawner } from '#spawners'
import type { Store } from '#store'
import type { ReloadState } from './reload/index.ts'
import type { Servers } from './servers/contract.ts'

export interface HubContext {
  readonly store: Store
  /** Read at each use, never copied: a reload replaces the value. */
  readonly settings: () => Settings
  /** What became of the last change of the configuration. */
  readonly reloadState: () => ReloadState
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly spawner: Spawner
  /** Code of the administrator's own. */
  readonly hooks: Hooks
  readonly authenticators: readonly Authenticator[]
  readonly servers: Servers
  /** 32 bytes; signs cookies as tornado does, and seals secrets at rest. */
  readonly cookieSecret: Buffer
  /** Names this replica in leases and logs. */
  readonly replica: string
  readonly urls: HubUrls
}

export interface HubUrls {
  /** `/` or `/prefix/`. */
  readonly base: string
  /** `{base}hub/`. */
  readonly hub: string
  /** Where servers reach the hub, without a trailing slash: `http://127.0.0.1:8000/hub/api`. */
  readonly apiForServers: string
}

/** The version that clients see in `X-JupyterHub-Version`; it must parse as PEP 440, or servers refuse to start. */
export const jupyterHubVersion = '6.1.1'
