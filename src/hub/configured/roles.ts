import { checkCustomScopes, checkRoleName, checkScopes, type Role, roleDefaults } from '#access'
import type { RoleSetting } from '#config'
import {
  allRoles,
  createGroup,
  deleteRole,
  findGroup,
  findService,
  saveDefaultRoles,
  saveRole,
  setHolders,
} from '#store'
import { errors } from './errors.ts'
import type { Configured } from './index.ts'
import { ensureUsers } from './users.ts'

/** The file has the last word on roles: it defines them, lists who holds them, and what it no longer names is gone. */
export async function applyRoles(configured: Configured): Promise<void> {
  const { store, settings } = configured
  const { loadRoles, customScopes } = settings.hub
  check(loadRoles, settings)
  checkCustomScopes(customScopes)
  const roles = roleDefaults.map((role) => merged(role, loadRoles))
  await saveDefaultRoles(store.db, roles)
  for (const role of loadRoles) {
    if (!isDefault(role.name)) {
      await saveRole(store.db, { name: role.name, description: role.description, scopes: role.scopes ?? [] })
    }
    await applyHolders(configured, role)
  }
  const named = new Set([...roleDefaults, ...loadRoles].map(({ name }) => name))
  for (const { name, managed_by_auth } of await allRoles(store.db)) {
    if (!named.has(name) && !managed_by_auth) await deleteRole(store.db, name)
  }
}

function check(loadRoles: readonly RoleSetting[], settings: Configured['settings']): void {
  const seen = new Set<string>()
  for (const role of loadRoles) {
    checkRoleName(role.name)
    if (seen.has(role.name)) throw errors.ROLE_TWICE({ role: role.name })
    seen.add(role.name)
    if (role.name === 'admin' && (role.scopes || role.description)) throw errors.ROLE_FIXED({ role: role.name })
    checkScopes(role.scopes ?? [], settings.hub.customScopes)
  }
}

/** A default role with what the file overrides of it. */
function merged(role: Role, loadRoles: readonly RoleSetting[]): Role {
  const own = loadRoles.find(({ name }) => name === role.name)
  return { ...role, description: own?.description || role.description, scopes: own?.scopes ?? role.scopes }
}

async function applyHolders(configured: Configured, role: RoleSetting): Promise<void> {
  const { store } = configured
  // A list that is left out means nobody, except for the role that every user has.
  const everybody = role.name === 'user' && role.users === null
  if (!everybody) {
    await ensureUsers(store, role.users ?? [], configured)
    if (!isDefault(role.name) || role.users)
      await setHolders(store.db, { role: role.name, holder: 'user', names: role.users ?? [] })
  }
  for (const name of role.groups ?? []) if (!(await findGroup(store.db, name))) await createGroup(store.db, { name })
  for (const service of role.services ?? []) {
    if (!(await findService(store.db, service))) throw errors.SERVICE_UNKNOWN({ role: role.name, service })
  }
  await setHolders(store.db, { role: role.name, holder: 'group', names: role.groups ?? [] })
  await setHolders(store.db, { role: role.name, holder: 'service', names: role.services ?? [] })
}

function isDefault(name: string): boolean {
  return roleDefaults.some((role) => role.name === name)
}
