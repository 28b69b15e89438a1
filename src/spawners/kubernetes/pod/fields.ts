/** Pieces of manifests as an administrator writes them. */
import { errors } from '../errors.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Names that plain camelCase gets wrong. */
const exceptions: Readonly<Record<string, string>> = {
  host_ipc: 'hostIPC',
  host_pid: 'hostPID',
  set_hostname_as_fqdn: 'setHostnameAsFQDN',
  downward_api: 'downwardAPI',
  scale_io: 'scaleIO',
}

/**
 * The outermost names may be written as Python has them (`host_path`), as KubeSpawner allows. A null leaves a field out.
 * Names that nobody knows are passed on: the API server judges them.
 */
export function camelFields(written: Fields): Fields {
  return withoutNulls(Object.fromEntries(Object.entries(written).map(([key, value]) => [camel(key), value])))
}

/** Each outermost field that is written replaces the one that was made; a null takes it away. */
export function replaced<T extends Fields>(made: T, written: Fields): T {
  // Safe: the API server checks what an administrator puts there.
  return withoutNulls({ ...made, ...Object.fromEntries(Object.entries(written).map(([k, v]) => [camel(k), v])) }) as T
}

/** Security contexts must be written in camelCase: a wrong name would silently loosen one. Errors: FIELD_NAME. */
export function checkedContext(trait: string, written: Fields): Fields {
  const wrong = Object.keys(written).find((key) => key.includes('_'))
  if (wrong !== undefined) throw errors.FIELD_NAME({ trait, key: wrong })
  return written
}

export function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
}

/** A list in its order, a map in the order of its keys. */
export function itemsOf(written: readonly unknown[] | Fields): readonly Fields[] {
  if (Array.isArray(written)) return written as readonly Fields[]
  const map = written as Fields
  return Object.keys(map)
    .sort(byCodePoint)
    .map((key) => map[key] as Fields)
}

/** As Python sorts; plain comparison would sort by UTF-16 units. */
export function byCodePoint(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at] as string).codePointAt(0)! - (right[at] as string).codePointAt(0)!
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function camel(name: string): string {
  return exceptions[name] ?? name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
