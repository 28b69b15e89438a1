/** What config.yaml says about users, groups, roles and services, brought into the database at each start. */
import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Settings } from '#config'
import type { Store } from '#store'
import { applyGroups } from './groups.ts'
import { applyRoles } from './roles.ts'
import { applyServices } from './services.ts'
import { applyUsers } from './users.ts'

export interface Configured {
  readonly store: Store
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
}

/**
 * Order matters: roles name users, groups and services. Running it again, or on two replicas at once, gives the same.
 * Errors: ROLE_TWICE, ROLE_FIXED, SERVICE_UNKNOWN, SERVICE_TOKEN_SHORT, SERVICE_CLIENT_ID and those of scopes and role names.
 */
export async function applyConfiguration(configured: Configured): Promise<void> {
  await applyUsers(configured)
  await applyGroups(configured)
  await applyServices(configured)
  await applyRoles(configured)
}
