/** Which profiles there are for somebody: the configured ones, or what a hook of the administrator's makes of them. */
import { type Profile, profilesOf } from '#config'
import type { HookUser } from '#hooks'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'

/** Errors: PROFILES_UNUSABLE, and those of hooks. */
export async function profilesFor(
  { settings, hooks }: Pick<HubContext, 'settings' | 'hooks'>,
  { name, admin, groups }: HookUser,
): Promise<readonly Profile[]> {
  // A form of the administrator's own stands in the place of profiles.
  if (hooks.has('optionsForm')) return []
  const own = await hooks.profileList({ name, admin, groups })
  if (own === null) return settings().profiles
  const { profiles, problem } = profilesOf(own)
  if (problem) throw errors.PROFILES_UNUSABLE({ problem })
  return profiles
}

/** Whether there is something to choose before a start. */
export function offersChoice({ settings, hooks }: Pick<HubContext, 'settings' | 'hooks'>): boolean {
  return settings().profiles.length > 0 || hooks.has('profileList') || hooks.has('optionsForm')
}
