/** What became of the last change of the values: a hub that goes on with the ones before says so in its log only. */
import type { Kube, Pod } from '#kube'
import { reloadSentences } from '../follow-config.ts'
import { isReady, podsOf, type Reload } from './sight.ts'

const lines = 1_000

export async function reloadsOf(kube: Kube, pods: readonly Pod[]): Promise<ReadonlyMap<string, Reload>> {
  const hubs = podsOf({ pods }, 'hub').filter(isReady)
  const read = hubs.map(async ({ metadata }) => {
    const reload = lastReload(await kube.log(metadata, { container: 'hub', lines }).catch(() => ''))
    return reload === null ? [] : [[metadata.name, reload] as const]
  })
  return new Map((await Promise.all(read)).flat())
}

export function lastReload(log: string): Reload | null {
  const line = log.split('\n').findLast((one) => Object.values(reloadSentences).some((said) => one.includes(said)))
  if (!line) return null
  try {
    // Safe: a line of our own log; a shortened one is caught.
    const { problem = null, waiting = [] } = JSON.parse(line) as { problem?: string; waiting?: readonly string[] }
    return { refused: problem, waiting }
  } catch {
    return null
  }
}
