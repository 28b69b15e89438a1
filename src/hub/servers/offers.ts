/** What each profile would give somebody, as far as that can be told before a start: hooks may change it still. */
import { messageOf } from '#base/errors.ts'
import type { Profile } from '#config'
import type { HookUser } from '#hooks'
import type { Edition } from '#spawners'
import type { ServersDeps } from './deps.ts'
import { resolveStoredOptions } from './options.ts'
import { overridesFor } from './overrides.ts'
import { groupOverrides } from './run-settings.ts'

export interface Offer {
  readonly user: HookUser & { readonly userId: number }
  readonly serverName: string
  /** Those that the user may pick. */
  readonly profiles: readonly Profile[]
}

/** By slug, with each profile's default choices; without those of which nothing can be told. */
export function offers(deps: ServersDeps, { user, serverName, profiles }: Offer): ReadonlyMap<string, Edition> {
  const { spawner, settings, log } = deps
  const told = new Map<string, Edition>()
  if (!spawner.edition) return told
  const { overrides, spawner: configured } = settings()
  const server = { id: 0, userId: user.userId, userName: user.name, serverName }
  for (const { slug } of profiles) {
    try {
      const picked = resolveStoredOptions({ profile: slug }, { profiles, groups: user.groups })
      const ofGroups = groupOverrides(configured.groupOverrides, user.groups)
      told.set(slug, spawner.edition(server, [...ofGroups, ...picked.overrides, ...overridesFor(overrides, user)]))
    } catch (error) {
      // What is wrong with a start is told to whoever starts.
      log.debug({ profile: slug, problem: messageOf(error) }, 'What a profile would give can not be told')
    }
  }
  return told
}
