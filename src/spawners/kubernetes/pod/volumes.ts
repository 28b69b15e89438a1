/** What a server finds on its disks. */
import type { Plan } from '../plan.ts'
import { fitted } from '../slugs.ts'
import { allFilledIn } from '../templates.ts'
import { camelFields, type Fields, itemsOf } from './fields.ts'

/** A volume's name is a label of a DNS name. */
const longestName = 63
const memoryPath = '/dev/shm'
const memoryName = 'shared-memory'

export function volumes({ settings, names }: Plan): readonly Fields[] {
  const written = allFilledIn(itemsOf(settings.volumes), names.fields).map(camelFields).map(shortName)
  const { sharedMemory } = settings
  if (sharedMemory === null || hasOwnMemory(settings.volumeMounts)) return written
  return [...written, { name: memoryName, emptyDir: { medium: 'Memory', sizeLimit: sharedMemory } }]
}

export function volumeMounts({ settings, names }: Plan): readonly Fields[] {
  const written = allFilledIn(itemsOf(settings.volumeMounts), names.fields).map(camelFields).map(shortName)
  if (settings.sharedMemory === null || hasOwnMemory(settings.volumeMounts)) return written
  return [...written, { name: memoryName, mountPath: memoryPath }]
}

/** The volume that people have mounted there by hand stays theirs. */
function hasOwnMemory(mounts: readonly unknown[] | Fields): boolean {
  return itemsOf(mounts)
    .map(camelFields)
    .some(({ mountPath }) => `${mountPath}`.replace(/\/+$/, '') === memoryPath)
}

function shortName(entry: Fields): Fields {
  return typeof entry.name === 'string' ? { ...entry, name: fitted(entry.name, longestName) } : entry
}
