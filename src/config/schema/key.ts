import type { Kind } from './kinds.ts'

/** One value of config.yaml. Everything known about it stands here, once. */
export interface Key {
  readonly kind: Kind
  /** The chart's default; undefined: the key is absent unless given. */
  readonly default?: unknown
  readonly description: string
  /** `Class.trait`: what `hub.config` calls it, and through which table it becomes a setting. */
  readonly trait?: string
  /** `cluster`: it has no meaning where servers are processes on one machine. */
  readonly where: 'everywhere' | 'cluster'
}

/** A group of keys: a map of the file whose keys are all known. */
export interface Section {
  readonly description: string
  readonly keys: Readonly<Record<string, Key | Section>>
}

type Facts = Omit<Key, 'kind' | 'where'>

/** A key that has a meaning everywhere. */
export const key = (kind: Kind, facts: Facts): Key => ({ kind, where: 'everywhere', ...facts })
/** A key that needs Kubernetes. */
export const clusterKey = (kind: Kind, facts: Facts): Key => ({ kind, where: 'cluster', ...facts })

export const section = (description: string, keys: Section['keys']): Section => ({ description, keys })

export const isSection = (entry: Key | Section): entry is Section => 'keys' in entry
