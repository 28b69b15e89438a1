import type { Millis } from '#base/clock.ts'
import type { KubernetesSettings } from '#config'
import type { Pod } from '#kube'
import type { ProgressReport } from '../../contract.ts'

type Settings = Pick<KubernetesSettings, 'slowSpawnMessageThreshold' | 'slowSpawnMessageFrequency' | 'slowSpawnMessage'>

const usual = 'This takes longer than usual: {seconds} seconds so far. It goes on.'

/** A word to the person who waits for long; null: not yet, or not wanted. */
export function patience(pod: Pod, settings: Settings, now: Millis): (ProgressReport & { key: string }) | null {
  const { slowSpawnMessageThreshold: threshold, slowSpawnMessageFrequency: every, slowSpawnMessage } = settings
  const seconds = Math.floor((now - Date.parse(pod.metadata.creationTimestamp ?? '')) / 1000)
  if (!(threshold > 0) || !(seconds >= threshold)) return null
  const round = Math.floor((seconds - threshold) / Math.max(every, 1))
  const message = (slowSpawnMessage ?? usual).replaceAll('{seconds}', `${seconds}`)
  return { key: `slow-${round}`, progress: null, message }
}
