import { addMembers, createGroup, findGroup, setGroupProperties } from '#store'
import type { Configured } from './index.ts'
import { ensureUsers } from './users.ts'

/** Groups and members of the file are added; what was made otherwise stays. */
export async function applyGroups(configured: Configured): Promise<void> {
  const { store, settings } = configured
  for (const [name, { users, properties }] of Object.entries(settings.hub.loadGroups)) {
    const ids = await ensureUsers(store, users, configured)
    await store.transaction(async (db) => {
      const group = (await findGroup(db, name)) ?? (await createGroup(db, { name }))
      if (Object.keys(properties).length > 0) await setGroupProperties(db, group.id, properties)
      await addMembers(db, group.id, [...ids.values()])
    })
  }
}
