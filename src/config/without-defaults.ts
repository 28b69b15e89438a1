import { overridesText } from './overrides.ts'
import { allKeys } from './schema/index.ts'
import { type ReadFile, readYaml } from './yaml/read.ts'

/** A file that takes every default away: under one that has them all, a key that is missing there stays away. */
export function withoutDefaults(): ReadFile {
  const keys = [...allKeys()].filter(([, { default: fallback }]) => fallback !== undefined)
  return readYaml('defaults', overridesText(Object.fromEntries(keys.map(([path]) => [path.join('.'), null]))))
}
