/** The spawner's settings for one run: the configured ones, overridden by groups and by what the user picked. */
import { parseBytes } from '#base/bytes.ts'
import type { SpawnerSettings } from '#config'
import { errors } from './errors.ts'
import type { Override } from './options.ts'

export type RunSettings = Pick<
  SpawnerSettings,
  | 'cmd'
  | 'args'
  | 'defaultUrl'
  | 'notebookDir'
  | 'environment'
  | 'memLimitBytes'
  | 'memGuaranteeBytes'
  | 'cpuLimit'
  | 'cpuGuarantee'
  | 'startTimeoutSeconds'
  | 'httpTimeoutSeconds'
  | 'debug'
  | 'disableUserConfig'
  | 'oauthClientAllowedScopes'
  | 'serverTokenScopes'
>

/** A key of an override, by its name as a trait: the setting that it changes, and how its value is read. */
const readers: Readonly<Record<string, readonly [keyof RunSettings, (value: unknown, key: string) => unknown]>> = {
  cmd: ['cmd', words],
  args: ['args', words],
  default_url: ['defaultUrl', text],
  notebook_dir: ['notebookDir', text],
  mem_limit: ['memLimitBytes', bytes],
  mem_guarantee: ['memGuaranteeBytes', bytes],
  cpu_limit: ['cpuLimit', cores],
  cpu_guarantee: ['cpuGuarantee', cores],
  start_timeout: ['startTimeoutSeconds', seconds],
  http_timeout: ['httpTimeoutSeconds', seconds],
  debug: ['debug', flag],
  disable_user_config: ['disableUserConfig', flag],
  oauth_client_allowed_scopes: ['oauthClientAllowedScopes', words],
  server_token_scopes: ['serverTokenScopes', words],
}

/** Later overrides win. Keys of other spawners are passed over: the configuration's check tells about them. Errors: PROFILE_UNUSABLE. */
export function runSettings(configured: SpawnerSettings, overrides: readonly Override[]): RunSettings {
  let settings: RunSettings = configured
  for (const override of overrides) settings = overridden(settings, override)
  return settings
}

function overridden(settings: RunSettings, override: Override): RunSettings {
  const changes: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(override)) {
    if (key === 'environment') changes.environment = mergedEnvironment(settings.environment, value)
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined
    if (reader) changes[reader[0]] = reader[1](value, key)
  }
  // Safe: each reader gives what its setting holds.
  return { ...settings, ...changes } as RunSettings
}

/** A null takes the variable away. What is not text, e.g. a reference to a secret of a cluster, is not for us. */
function mergedEnvironment(before: Readonly<Record<string, string>>, changes: unknown): Record<string, string> {
  if (typeof changes !== 'object' || changes === null) throw unusable('environment', 'a map of texts')
  const merged: Record<string, string> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete merged[name]
    else if (typeof value !== 'object') merged[name] = String(value)
  }
  return merged
}

/** Those that code of one's own sees on its spawner, by the names of their traits. */
export function runTraits(run: RunSettings): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(readers).map(([trait, [setting]]) => [trait, run[setting]]))
}

/** Overrides for the members of groups, `{name: {groups, spawner_override}}`, in the order of their names. */
export function groupOverrides(configured: Readonly<Record<string, unknown>>, groups: readonly string[]): Override[] {
  return Object.keys(configured)
    .sort()
    .flatMap((name) => {
      // Safe: both fields are looked at before they are used.
      const { groups: of, spawner_override: override } = configured[name] as Record<string, unknown>
      const isMember = Array.isArray(of) && of.some((group) => groups.includes(String(group)))
      return isMember && typeof override === 'object' && override !== null ? [override as Override] : []
    })
}

function words(value: unknown, key: string): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw unusable(key, 'a text or a list of texts')
}

function text(value: unknown, key: string): string {
  if (value === null) return ''
  if (typeof value !== 'string') throw unusable(key, 'a text')
  return value
}

function bytes(value: unknown, key: string): number | null {
  if (value === null) return null
  const size = typeof value === 'string' ? value.replace(/i$/, '') : value
  const parsed = typeof size === 'string' || typeof size === 'number' ? parseBytes(size) : null
  if (parsed === null) throw unusable(key, 'a memory size such as 512M or 1.5G')
  return parsed === 0 ? null : parsed
}

function cores(value: unknown, key: string): number | null {
  if (value === null) return null
  const [, digits, milli] = /^(\d+(?:\.\d+)?|\.\d+)(m?)$/.exec(String(value)) ?? []
  if (digits === undefined) throw unusable(key, 'a number of cores such as 0.5 or 2')
  const parsed = Number(digits) / (milli ? 1000 : 1)
  return parsed === 0 ? null : parsed
}

function seconds(value: unknown, key: string): number {
  if (typeof value !== 'number' || !(value >= 1)) throw unusable(key, 'a number of seconds')
  return value
}

function flag(value: unknown, key: string): boolean {
  if (typeof value !== 'boolean') throw unusable(key, 'true or false')
  return value
}

function unusable(key: string, expected: string) {
  return errors.PROFILE_UNUSABLE({ key, expected })
}
