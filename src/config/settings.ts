/**
 * What a config.yaml means, in native terms: traits under their class, camelCase, defaults filled in, units in the
 * name where the type is a number. Everything outside `config` reads this and nothing else of the file.
 */
export interface Settings {
  readonly hub: HubSettings
  readonly spawner: SpawnerSettings
  readonly localProcess: LocalProcessSettings
  readonly authenticator: AuthenticatorSettings
  readonly dummy: { readonly password: string | null }
  readonly native: NativeSettings
  readonly proxy: ProxySettings
  readonly cull: CullSettings
  readonly profiles: readonly Profile[]
  /** `debug.enabled`. */
  readonly debug: boolean
}

export interface HubSettings {
  /** `/` or `/prefix/`, from `hub.baseUrl`. */
  readonly baseUrl: string
  /** `https://hub.example.org/` or null: then the request tells. */
  readonly publicUrl: string | null
  readonly dbUrl: string | null
  readonly allowNamedServers: boolean
  /** 0: no limit. */
  readonly namedServerLimitPerUser: number
  readonly defaultServerName: string
  /** Starts under way at once; more wait in the queue. 0: no limit. */
  readonly concurrentSpawnLimit: number
  /** Servers at once; 0: no limit. */
  readonly activeServerLimit: number
  readonly redirectToServer: boolean
  readonly defaultUrl: string | null
  readonly implicitSpawnSeconds: number
  readonly shutdownOnLogout: boolean
  readonly cleanupServers: boolean
  readonly activityResolutionSeconds: number
  readonly lastActivityIntervalSeconds: number
  /** 64 hex characters, or null: generated once and kept in the data directory. */
  readonly cookieSecret: string | null
  readonly cookieMaxAgeDays: number
  readonly oauthTokenExpiresInSeconds: number
  readonly oauthRequirePkce: boolean
  /** 0: no cap. */
  readonly tokenExpiresInMaxSeconds: number
  readonly apiPageDefaultLimit: number
  readonly apiPageMaxLimit: number
  readonly slowSpawnTimeoutSeconds: number
  readonly slowStopTimeoutSeconds: number
  readonly useLegacyStoppedServerStatusCode: boolean
  /** Addresses or CIDRs of proxies whose X-Forwarded-* are believed, beside our own. */
  readonly trustedDownstreamIps: readonly string[]
  readonly cookieHostPrefixEnabled: boolean
  readonly templatePaths: readonly string[]
  readonly templateVars: Readonly<Record<string, unknown>>
  readonly logoFile: string | null
  readonly authenticatePrometheus: boolean
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

export interface SpawnerSettings {
  readonly cmd: readonly string[]
  readonly args: readonly string[]
  readonly defaultUrl: string
  readonly notebookDir: string
  readonly environment: Readonly<Record<string, string>>
  readonly envKeep: readonly string[]
  readonly memLimitBytes: number | null
  readonly memGuaranteeBytes: number | null
  readonly cpuLimit: number | null
  readonly cpuGuarantee: number | null
  readonly startTimeoutSeconds: number
  readonly httpTimeoutSeconds: number
  readonly pollIntervalSeconds: number
  readonly debug: boolean
  readonly disableUserConfig: boolean
  readonly oauthClientAllowedScopes: readonly string[]
  readonly serverTokenScopes: readonly string[]
}

export interface LocalProcessSettings {
  readonly interruptTimeoutSeconds: number
  readonly termTimeoutSeconds: number
  readonly killTimeoutSeconds: number
  /** Run each server as the system user of the same name; only as root. */
  readonly systemUsers: boolean
  /** Make missing system users. */
  readonly createSystemUsers: boolean
}

export interface AuthenticatorSettings {
  /** Built-in names, e.g. `['dummy']`; empty: the local one-time link. */
  readonly classes: readonly string[]
  readonly allowAll: boolean
  readonly allowedUsers: readonly string[]
  readonly blockedUsers: readonly string[]
  readonly adminUsers: readonly string[]
  /** null: true iff allowedUsers is not empty. */
  readonly allowExistingUsers: boolean | null
  readonly usernameMap: Readonly<Record<string, string>>
  /** A regular expression, or null. */
  readonly usernamePattern: string | null
  readonly autoLogin: boolean
  readonly enableAuthState: boolean
}

export interface NativeSettings {
  readonly openSignup: boolean
  readonly enableSignup: boolean
  readonly minimumPasswordLength: number
  /** 0: no lock-out. */
  readonly allowedFailedLogins: number
  readonly secondsBeforeNextTry: number
}

export interface ProxySettings {
  /** False: somebody else runs it; `apiUrl` and `authToken` say where. */
  readonly shouldStart: boolean
  readonly apiUrl: string | null
  readonly authToken: string | null
  readonly extraRoutes: Readonly<Record<string, string>>
}

export interface CullSettings {
  readonly enabled: boolean
  readonly timeoutSeconds: number
  readonly everySeconds: number
  /** 0: no maximum age. */
  readonly maxAgeSeconds: number
  readonly concurrency: number
  readonly users: boolean
  readonly adminUsers: boolean
  readonly removeNamedServers: boolean
}

/** One entry of `singleuser.profileList`. */
export interface Profile {
  readonly slug: string
  readonly displayName: string
  readonly description: string
  readonly isDefault: boolean
  /** `kubespawner_override`, verbatim. */
  readonly override: Readonly<Record<string, unknown>>
}
