/** Every key of config.yaml: those of z2jh's chart, with its names and defaults. The single source of types, checks and documentation. */
import { hub } from './hub.ts'
import { clusterKey, isSection, type Key, key, type Section, section } from './key.ts'
import { flag, freeMap, text } from './kinds.ts'
import { cull, httpRoute, imagePullSecret, ingress, prePuller } from './others.ts'
import { proxy } from './proxy.ts'
import { scheduling } from './scheduling.ts'
import { pullSecrets } from './shapes.ts'
import { singleuser } from './singleuser.ts'

export const values = section('The configuration.', {
  hub,
  singleuser,
  proxy,
  cull,
  debug: section('Finding out what is wrong.', {
    enabled: key(flag(), {
      default: false,
      trait: 'Spawner.debug',
      description: 'The hub, the proxy and servers log more.',
    }),
  }),
  custom: key(freeMap(), { default: {}, description: 'Anything of your own, for templates and code.' }),
  global: key(freeMap(), {
    default: {},
    description: 'Values that Helm hands to all charts of a parent; not looked at here.',
  }),
  scheduling,
  prePuller,
  ingress,
  httpRoute,
  imagePullSecret,
  imagePullSecrets: clusterKey(pullSecrets, {
    default: [],
    description: 'Secrets for private registries, for every pod.',
  }),
  rbac: section('Rights of the pods in the cluster.', {
    create: clusterKey(flag(), { default: true, description: 'Make roles and bindings.' }),
  }),
  enabled: clusterKey(flag(), { description: 'For parent charts: whether this chart is used.' }),
  fullnameOverride: clusterKey(text(), { default: '', description: 'The beginning of all names.' }),
  nameOverride: clusterKey(text(), { description: 'The name of the app in labels.' }),
})

let everyKey: readonly [readonly string[], Key][] | null = null

/** All keys with their paths, sections left out. */
export function allKeys(): readonly [readonly string[], Key][] {
  everyKey ??= [...keysWithin(values, [])]
  return everyKey
}

function* keysWithin(within: Section, path: readonly string[]): Iterable<[readonly string[], Key]> {
  for (const [name, entry] of Object.entries(within.keys)) {
    const here = [...path, name]
    if (isSection(entry)) yield* keysWithin(entry, here)
    else yield [here, entry]
  }
}

/** The key or section at a path; null where there is none. */
export function entryAt(path: readonly string[]): Key | Section | null {
  let entry: Key | Section = values
  for (const name of path) {
    if (!isSection(entry) || !Object.hasOwn(entry.keys, name)) return null
    entry = entry.keys[name] as Key | Section
  }
  return entry
}

export { isSection, type Key, type Section } from './key.ts'
export type { Kind } from './kinds.ts'
