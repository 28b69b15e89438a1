/** What each profile would give somebody, as far as that can be told before a start: hooks may change it still. */
import { messageOf } from '#base/errors.ts'
import type { Profile } from '#config'
import type { HookUser } from '#hooks'
import type { Edition } from '#spawners'
import type { ServersDeps } from './deps.ts'
import { changesOf } from './run.ts'

export interface Offer {
  readonly user: HookUser & { readonly userId: number }
  readonly serverName: string
  /** Those that the user may pick. */
  readonly profiles: readonly Profile[]
}

/** By slug, with each profile's default choices; without those of which nothing can be told. */
export function offers(deps: ServersDeps, { user, serverName, profiles }: Offer): ReadonlyMap<string, Edition> {
  const { spawner, log } = deps
  const told = new Map<string, Edition>()
  if (!spawner.edition) return told
  const server = { id: 0, userId: user.userId, userName: user.name, serverName }
  for (const { slug } of profiles) {
    try {
      const { ofGroups, chosen } = changesOf(deps, { user, profiles, options: { profile: slug } })
      told.set(slug, spawner.edition(server, [...ofGroups, ...chosen]))
    } catch (error) {
      // What is wrong with a start is told to whoever starts.
      log.debug({ profile: slug, problem: messageOf(error) }, 'What a profile would give can not be told')
    }
  }
  return told
}
