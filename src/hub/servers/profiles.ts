/** Which profiles there are for somebody: the configured ones, or what a hook of the administrator's makes of them. */
import { type Profile, profilesOf } from '#config'
import type { HookServer, HookUser } from '#hooks'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'

export interface ChoosingUser extends HookUser {
  readonly userId: number
  /** Asked only where a hook wants it. */
  readonly authState: () => Promise<HookServer['authState']>
}

/** Errors: PROFILES_UNUSABLE, and those of hooks. */
export async function profilesFor(
  { settings, hooks }: Pick<HubContext, 'settings' | 'hooks'>,
  { name, admin, groups, userId, authState }: ChoosingUser,
): Promise<readonly Profile[]> {
  // A form of the administrator's own stands in the place of profiles.
  if (hooks.has('optionsForm')) return []
  if (!hooks.has('profileList')) return settings().profiles
  const own = await hooks.profileList({ name, admin, groups, userId, authState: await authState() })
  if (own === null) return settings().profiles
  const { profiles, problem } = profilesOf(own)
  if (problem) throw errors.PROFILES_UNUSABLE({ problem })
  return profiles
}

/** Whether there is something to choose before a start. */
export function offersChoice({ settings, hooks }: Pick<HubContext, 'settings' | 'hooks'>): boolean {
  return settings().profiles.length > 0 || hooks.has('profileList') || hooks.has('optionsForm')
}
