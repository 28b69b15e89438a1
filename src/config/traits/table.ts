import type { Kind, TypeOf } from '../schema/kinds.ts'

/**
 * One row of a class's table. What a trait may be to us:
 * `works`: it becomes a setting. `cluster`: it works where servers are pods; on one machine it is pointed out.
 * `later`: of a class that is not built yet, so that naming the class is what is refused.
 * `idle`: accepted, has nothing to do here, and `note` says why. `refused`: we know it and don't do it; `note` says
 * what to use instead. `hook`: Python code in the original.
 */
export type TraitRow =
  | WorkingTrait
  | ClusterTrait
  | {
      readonly state: 'later'
      readonly kind: Kind
      readonly default: unknown
      readonly description: string
    }
  | { readonly state: 'idle' | 'refused' | 'hook'; readonly note: string }

export interface WorkingTrait<S extends string = string, T = unknown> {
  readonly state: 'works'
  readonly kind: Kind
  readonly default: T
  /** The field of the class's part of `Settings`. */
  readonly setting: S
  readonly description: string
}

/** Its setting is its name in camelCase, in `Settings.kubernetes`. */
export interface ClusterTrait<T = unknown> {
  readonly state: 'cluster'
  readonly kind: Kind
  readonly default: T
  readonly description: string
}

export type TraitTable = Readonly<Record<string, TraitRow>>

interface Facts<S, D> {
  readonly default: D
  readonly setting: S
  readonly description: string
}

type Widen<T> = T extends object ? never : T

/** A trait that works here; its setting's type is the kind's, or null where that is the default. */
export function trait<const S extends string, K extends Kind, D>(
  kind: K,
  facts: Facts<S, D>,
): WorkingTrait<S, TypeOf<K> | Widen<D>> {
  return { state: 'works', kind, ...facts } as WorkingTrait<S, TypeOf<K> | Widen<D>>
}

/** A trait that works where servers are pods. */
export function clusterTrait<K extends Kind, D>(
  kind: K,
  fallback: D,
  description: string,
): ClusterTrait<TypeOf<K> | Extract<D, null>> {
  // Safe: a default is of its kind, or null.
  return { state: 'cluster', kind, default: fallback as Extract<D, null>, description }
}
export const later = (kind: Kind, fallback: unknown, description: string): TraitRow => ({
  state: 'later',
  kind,
  default: fallback,
  description,
})
export const idle = (note: string): TraitRow => ({ state: 'idle', note })
export const refused = (note: string): TraitRow => ({ state: 'refused', note })
export const hook = (note: string): TraitRow => ({ state: 'hook', note })

/** The part of `Settings` that a table gives. */
export type SettingsOf<Table> = {
  readonly [K in keyof Table as Table[K] extends WorkingTrait<infer S, unknown>
    ? S
    : never]: Table[K] extends WorkingTrait<string, infer T> ? T : never
}

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S

/** `image_pull_policy` → `imagePullPolicy`. */
export function camelCase(trait: string): string {
  return trait.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** What a table's traits of clusters are as settings. */
export type ClusterSettingsOf<Table> = {
  readonly [K in keyof Table as Table[K] extends ClusterTrait<unknown>
    ? CamelCase<K & string>
    : never]: Table[K] extends ClusterTrait<infer T> ? T : never
}

/** A trait of a class whose settings are named as it is, in camelCase. */
export interface OptionTrait<T = unknown> {
  readonly state: 'option'
  readonly kind: Kind
  readonly default: T
  readonly description: string
}

export function option<K extends Kind, D>(
  kind: K,
  fallback: D,
  description: string,
): OptionTrait<TypeOf<K> | Extract<D, null>> {
  // Safe: a default is of its kind, or null.
  return { state: 'option', kind, default: fallback as Extract<D, null>, description }
}

type WithSettings<T> = {
  readonly [K in keyof T]: T[K] extends OptionTrait<infer V> ? WorkingTrait<CamelCase<K & string>, V> : T[K]
}

/** Gives each option the name of its setting. */
export function optionTable<T extends Readonly<Record<string, OptionTrait | TraitRow>>>(rows: T): WithSettings<T> {
  const entries = Object.entries(rows).map(([name, row]) => [
    name,
    row.state === 'option' ? { ...row, state: 'works', setting: camelCase(name) } : row,
  ])
  // Safe: the loop makes what the type says.
  return Object.fromEntries(entries) as WithSettings<T>
}
