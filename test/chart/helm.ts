/** The real Helm, 3 and 4, on the chart: what it renders, as objects. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import { whyNoCluster } from '../../tools/setup/cluster/possible.js'
import { programs, root } from '../cluster/paths.ts'
import { run } from '../cluster/run.ts'

export const helms = ['helm', 'helm4'] as const
export type Helm = (typeof helms)[number]

export const chart = join(root, 'chart')

/** Why there is no Helm here, or false: it is built with the programs of the cluster. */
export const noHelm: string | false = existsSync(join(programs, 'helm4')) ? false : (whyNoCluster() ?? false)

export interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every kind of object, and fail where one is not there.
  readonly [field: string]: any
}

export interface RenderOptions {
  readonly helm?: Helm
  readonly release?: string
  readonly version?: string
  readonly path?: string
}

/** The text that `helm template` prints for these values. Throws with what Helm says. */
export function helmTemplate(values: object, options: RenderOptions = {}): Promise<string> {
  const { helm = 'helm', release = 'hub', version = '1.34.0', path = chart } = options
  const words = [join(programs, helm), 'template', release, path, '--namespace=class', `--kube-version=${version}`]
  return run([...words, '--values=-'], { input: stringify(values, { version: '1.1' }) })
}

/** The objects by kind and name: `Deployment hub`. */
export async function rendered(values: object = {}, options: RenderOptions = {}): Promise<Map<string, Rendered>> {
  const documents = parseAllDocuments(await helmTemplate(values, options))
  const objects = documents.map((document) => document.toJS() as Rendered | null).filter((object) => object !== null)
  return new Map(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]))
}

/** The values as the hub is given them. */
export function hubValues(objects: ReadonlyMap<string, Rendered>): Record<string, unknown> {
  return JSON.parse(objects.get('Secret hub')?.stringData['values.yaml']) as Record<string, unknown>
}
