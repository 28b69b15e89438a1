/**
 * What a config.yaml means, in native terms: the trait tables' settings under their class, camelCase, defaults filled
 * in, units in the name where the type is a number. Everything outside `config` reads this and nothing else of the file.
 */
import type { HookCode, HookName } from '#hooks'
import type { Profile } from './profiles.ts'
import type { authenticator, cryptKeeper, dummy, native } from './traits/authenticator.ts'
import type { idleCuller } from './traits/culler.ts'
import type { firstUse, jwt, ldap, remoteUser, sharedPassword } from './traits/institutions.ts'
import type { jupyterHub } from './traits/jupyterhub.ts'
import type { kubeSpawner } from './traits/kubespawner.ts'
import type * as oauth from './traits/oauth.ts'
import type { configurableHttpProxy, proxy } from './traits/proxy.ts'
import type { localAuthenticator, localProcess, spawner } from './traits/spawner.ts'
import type { ClusterSettingsOf, SettingsOf } from './traits/table.ts'

export interface Settings {
  readonly hub: HubSettings
  readonly spawner: SpawnerSettings
  readonly localProcess: LocalProcessSettings
  readonly kubernetes: KubernetesSettings
  readonly authenticator: AuthenticatorSettings
  /** The ways of signing in, in the order of the page; empty: the local one-time link. */
  readonly ways: readonly WaySettings[]
  readonly dummy: DummySettings
  readonly native: NativeSettings
  readonly proxy: ProxySettings
  readonly cull: CullSettings
  readonly profiles: readonly Profile[]
  readonly hooks: HookSettings
  /** `singleuser.overrides`, in the order of their names. */
  readonly overrides: readonly ServerOverride[]
  /** `singleuser.authStateEnv`: the name of a variable → a path in what the sign-in gave. */
  readonly authStateEnv: Readonly<Record<string, string>>
  /** `debug.enabled`, or a log level that says as much. */
  readonly debug: boolean
  /** `custom`, verbatim: for templates and code of one's own. */
  readonly custom: Readonly<Record<string, unknown>>
}

type OfJupyterHub = SettingsOf<typeof jupyterHub> & SettingsOf<typeof cryptKeeper>

export interface HubSettings
  extends Omit<
    OfJupyterHub,
    'authenticatorClass' | 'tornadoSettings' | 'loadRoles' | 'loadGroups' | 'customScopes' | 'logLevel'
  > {
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** How long a start is waited for before the page moves on to the progress page; 0: not at all. */
  readonly slowSpawnTimeoutSeconds: number
  readonly slowStopTimeoutSeconds: number
  /** Headers added to every answer. */
  readonly extraHeaders: Readonly<Record<string, string>>
  readonly loadGroups: Readonly<
    Record<string, { users: readonly string[]; properties: Readonly<Record<string, unknown>> }>
  >
  readonly loadRoles: readonly RoleSetting[]
  readonly customScopes: Readonly<Record<string, { description: string; subscopes: readonly string[] }>>
  readonly services: readonly ServiceSetting[]
}

export interface RoleSetting {
  readonly name: string
  readonly description: string
  /** null: not given. */
  readonly scopes: readonly string[] | null
  readonly users: readonly string[] | null
  readonly groups: readonly string[] | null
  readonly services: readonly string[] | null
}

export interface ServiceSetting {
  readonly name: string
  readonly admin: boolean
  readonly url: string | null
  readonly apiToken: string | null
  readonly oauthClientId: string | null
  readonly oauthRedirectUri: string | null
  readonly oauthNoConfirm: boolean
  readonly oauthClientAllowedScopes: readonly string[]
  readonly display: boolean
  readonly info: Readonly<Record<string, unknown>>
}

export type SpawnerSettings = SettingsOf<typeof spawner>

export type LocalProcessSettings = SettingsOf<typeof localProcess> & SettingsOf<typeof localAuthenticator>

/** Servers as pods. Names of the release (its scheduler, priorities, labels) are for the one who knows the release. */
export interface KubernetesSettings
  extends Omit<ClusterSettingsOf<typeof kubeSpawner>, 'profileList'>,
    Pick<SpawnerSettings, 'args' | 'memLimitBytes' | 'memGuaranteeBytes' | 'cpuLimit' | 'cpuGuarantee'> {
  /** null: the image's own command. */
  readonly cmd: readonly string[] | null
  /** Texts, or Kubernetes' EnvVars with `value` or `valueFrom`. */
  readonly environment: Readonly<Record<string, unknown>>
  /** `scheduling.userScheduler.enabled` and `scheduling.podPriority.enabled`. */
  readonly userScheduler: boolean
  readonly podPriority: boolean
  /** The value of the label `app`; null: the chart's name. */
  readonly nameOverride: string | null
}

/** What the traits of `Authenticator` say, for one way of signing in: who may enter, as whom. */
export interface RuleSettings extends Omit<SettingsOf<typeof authenticator>, 'allowAll'> {
  readonly allowAll: boolean
}

/** The rules of the first way, and of what belongs to none. */
export interface AuthenticatorSettings extends RuleSettings {
  /** Built-in names, e.g. `['dummy']`; empty: the local one-time link. */
  readonly classes: readonly string[]
}

/** One way of signing in. */
export interface WaySettings {
  /** Unlike all others: its name, or what the configuration calls it. */
  readonly id: string
  /** Our name of its class. */
  readonly name: string
  /** Its section of `hub.config`. */
  readonly className: string
  readonly rules: RuleSettings
  /** The settings of its class's traits and of its parents', without those of `Authenticator`. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What is different for some people's servers. */
export interface ServerOverride {
  readonly name: string
  readonly users: readonly string[]
  /** May hold `*`. */
  readonly groups: readonly string[]
  readonly admins: boolean
  readonly override: Readonly<Record<string, unknown>>
}

/** Code of the administrator's own, and what it exports. */
export interface HookSettings extends HookCode {
  readonly names: readonly HookName[]
}

export type LdapSettings = SettingsOf<typeof ldap>
export type FirstUseSettings = SettingsOf<typeof firstUse>
export type JwtSettings = SettingsOf<typeof jwt>
export type RemoteUserSettings = SettingsOf<typeof remoteUser>
export type SharedPasswordSettings = SettingsOf<typeof sharedPassword>
export type OAuthSettings = SettingsOf<typeof oauth.oauthenticator>
/** Of the classes that extend it, each of which has its own part of these. */
export type ProviderSettings = OAuthSettings &
  SettingsOf<typeof oauth.generic> &
  SettingsOf<typeof oauth.github> &
  SettingsOf<typeof oauth.gitlab> &
  SettingsOf<typeof oauth.google> &
  SettingsOf<typeof oauth.azuread> &
  SettingsOf<typeof oauth.auth0> &
  SettingsOf<typeof oauth.bitbucket> &
  SettingsOf<typeof oauth.cilogon> &
  SettingsOf<typeof oauth.globus> &
  SettingsOf<typeof oauth.openshift> &
  SettingsOf<typeof oauth.canvas> &
  SettingsOf<typeof oauth.keycloak>
export type DummySettings = SettingsOf<typeof dummy>
export type NativeSettings = SettingsOf<typeof native>
export type ProxySettings = SettingsOf<typeof proxy> & SettingsOf<typeof configurableHttpProxy>
export type CullSettings = SettingsOf<typeof idleCuller>
