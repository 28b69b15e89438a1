import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adminConfig, programs } from './paths.ts'
import { type RunOptions, run } from './run.ts'

/** What `kubectl` printed; as the administrator of `kubeconfig`. */
export function kubectl(words: readonly string[], options: RunOptions & { kubeconfig?: string } = {}): Promise<string> {
  return run([join(programs, 'kubectl'), `--kubeconfig=${options.kubeconfig ?? adminConfig}`, ...words], options)
}

/** Applies a file of `manifests/`, with `${name}` replaced by what `values` has. */
export async function applyManifest(name: string, values: Readonly<Record<string, string>>): Promise<void> {
  const text = await readFile(join(import.meta.dirname, 'manifests', name), 'utf8')
  const input = text.replaceAll(/\$\{(\w+)\}/g, (_, word: string) => values[word] ?? '')
  await kubectl(['apply', '--server-side', '--filename=-'], { input })
}

/** Whether the object exists and has the condition `Ready`. */
export async function isReady(object: string): Promise<boolean> {
  const path = '-o=jsonpath={.status.conditions[?(@.type=="Ready")].status}'
  return (await asked(['get', object, path])) === 'True'
}

/** Whether every pod of a Deployment is there and ready. */
export async function isRolledOut(namespace: string, deployment: string): Promise<boolean> {
  return (
    (await asked(['get', deployment, `--namespace=${namespace}`, '-o=jsonpath={.status.availableReplicas}'])) === '1'
  )
}

/** Null when there is no answer. */
function asked(words: readonly string[]): Promise<string | null> {
  return kubectl(words, { timeoutMs: 5000 }).catch(() => null)
}
