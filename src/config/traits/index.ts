/** All classes that `hub.config` may name, with their tables. A class has the traits of its parents, too. */
import { authenticator, cryptKeeper, dummy, native } from './authenticator.ts'
import { idleCuller } from './culler.ts'
import { jupyterHub } from './jupyterhub.ts'
import { kubeSpawner } from './kubespawner.ts'
import { configurableHttpProxy, proxy } from './proxy.ts'
import { localAuthenticator, localProcess, spawner } from './spawner.ts'
import type { TraitRow, TraitTable } from './table.ts'

interface TraitClass {
  readonly parents: readonly string[]
  readonly table: TraitTable
}

const classOf = (table: TraitTable, ...parents: string[]): TraitClass => ({ table, parents })

export const classes: Readonly<Record<string, TraitClass>> = {
  JupyterHub: classOf(jupyterHub),
  Spawner: classOf(spawner),
  LocalProcessSpawner: classOf(localProcess, 'Spawner'),
  SimpleLocalProcessSpawner: classOf({}, 'LocalProcessSpawner'),
  KubeSpawner: classOf(kubeSpawner, 'Spawner'),
  Authenticator: classOf(authenticator),
  LocalAuthenticator: classOf(localAuthenticator, 'Authenticator'),
  DummyAuthenticator: classOf(dummy, 'Authenticator'),
  NativeAuthenticator: classOf(native, 'Authenticator'),
  Proxy: classOf(proxy),
  ConfigurableHTTPProxy: classOf(configurableHttpProxy, 'Proxy'),
  CryptKeeper: classOf(cryptKeeper),
}

/** Classes of ours that the file reaches through keys of their own, never through `hub.config`. */
export const innerClasses: Readonly<Record<string, TraitClass>> = { IdleCuller: classOf(idleCuller) }

/** The row of a trait, its own class's first; null: nobody knows it. */
export function traitRow(className: string, traitName: string): TraitRow | null {
  const own = classes[className] ?? innerClasses[className]
  if (!own) return null
  if (Object.hasOwn(own.table, traitName)) return own.table[traitName] as TraitRow
  for (const parent of own.parents) {
    const row = traitRow(parent, traitName)
    if (row) return row
  }
  return null
}

/** A class and its parents, the most general one first. */
export function lineage(className: string): readonly string[] {
  const parents = classes[className]?.parents ?? []
  return [...parents.flatMap(lineage), className]
}

/** All traits that a class has, its parents' included. */
export function traitNames(className: string): readonly string[] {
  return lineage(className).flatMap((name) => Object.keys(classes[name]?.table ?? {}))
}
