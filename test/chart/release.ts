/** A release of the chart in a namespace of the cluster, with images of this very source. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { buildContainers } from '../../tools/containers/build.ts'
import type { Cluster, Workspace } from '../cluster/index.ts'
import { programs, root } from '../cluster/paths.ts'
import { run } from '../cluster/run.ts'
import { chart, type Helm } from './helm.ts'

export interface Images {
  readonly hub: { readonly name: string; readonly tag: string }
  readonly proxy: { readonly name: string; readonly tag: string }
}

/** Where images are pushed to, as this machine reaches it: `198.18.0.1:5000`. */
export function registryOf(cluster: Cluster): string | null {
  return cluster.registry?.replace('http://', '') ?? process.env.HIMALIA_TEST_REGISTRY ?? null
}

/** Builds them, unless they are there. */
export async function imagesOf(registry: string): Promise<Images> {
  const tag = digest()
  const isThere = await fetch(`http://${registry}/v2/himalia/proxy/manifests/${tag}`, { headers: { accept: '*/*' } })
  if (!isThere.ok)
    buildContainers({ root, registry: `${registry}/himalia`, tag, base: `${registry}/base:1`, isPlain: true })
  return { hub: { name: 'himalia/hub', tag }, proxy: { name: 'himalia/proxy', tag } }
}

/** Changes with all that goes into an image. */
function digest(): string {
  const files = globSync(['src/**/*.ts', 'web/**/*', 'containers/*', 'package-lock.json'], { cwd: root }).sort()
  const hash = createHash('sha256')
  for (const file of files.filter((name) => !name.endsWith('.test.ts') && /\.\w+$|containers/.test(name))) {
    try {
      hash.update(file).update(readFileSync(join(root, file)))
    } catch {
      // A folder.
    }
  }
  return `test-${hash.digest('hex').slice(0, 16)}`
}

export interface Release {
  upgrade(values: object, helm?: Helm): Promise<void>
  rollback(revision: number, helm?: Helm): Promise<void>
  /** A field of an object, by a JSONPath: `spec.clusterIP`. */
  field(object: string, path: string): Promise<string>
}

export function releaseIn(space: Workspace, kubeconfig: string): Release {
  const helm = (program: Helm, words: readonly string[], input = '') =>
    run([join(programs, program), `--namespace=${space.name}`, ...words], {
      input,
      env: { KUBECONFIG: kubeconfig },
      timeoutMs: 420_000,
    })
  return {
    async upgrade(values, program = 'helm') {
      const words = ['upgrade', '--cleanup-on-fail', '--install', 'hub', chart, '--values=-', '--wait', '--timeout=6m']
      await helm(program, words, stringify(values, { version: '1.1' }))
    },
    async rollback(revision, program = 'helm') {
      await helm(program, ['rollback', 'hub', `${revision}`, '--wait', '--timeout=6m'])
    },
    field: (object, path) => space.kubectl(['get', object, `--output=jsonpath={.${path}}`]),
  }
}
