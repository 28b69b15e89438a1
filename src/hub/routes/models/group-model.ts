import { groupFields, type models } from '#api'
import type { GroupWithAll } from '#store'
import { fieldsSeen, type View } from './view.ts'

/** Null when the view shows nothing of it. */
export function groupModel(group: GroupWithAll, view: View): models.Group | null {
  const fields = fieldsSeen(view, groupFields)({ kind: 'group', name: group.name })
  if (fields.size === 0) return null
  return {
    kind: 'group',
    name: group.name,
    ...(fields.has('users') ? { users: [...group.users] } : {}),
    ...(fields.has('properties') ? { properties: { ...group.properties } } : {}),
    ...(fields.has('roles') ? { roles: [...group.roles] } : {}),
  }
}
