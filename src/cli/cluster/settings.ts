/** What the cluster changes in the settings. */
import { join } from 'node:path'
import { type Loaded, loadConfig, type Settings } from '#config'
import type { Release } from './release.ts'

/** The values as the chart hands them over, with the Secrets that they name. */
export function loadValues(configDir: string): Promise<Loaded> {
  return loadConfig({
    files: [join(configDir, 'secret', 'values.yaml')],
    mode: 'cluster',
    isComplete: true,
    secrets: join(configDir, 'secrets'),
  })
}

/** Servers reach the hub by its Service, and are packed on few nodes where the chart's scheduler would have done so. */
export function inCluster(settings: Settings, release: Release): Settings {
  const { hub, kubernetes } = settings
  return {
    ...settings,
    hub: { ...hub, connectUrl: hub.connectUrl ?? `http://${release.objects.hub}:8081` },
    kubernetes: kubernetes.userScheduler ? packed(kubernetes, release) : kubernetes,
  }
}

/**
 * The usual scheduler spreads pods. That a pod likes company outweighs that, and so autoscalers can take away nodes:
 * what z2jh's own scheduler is for.
 */
function packed(settings: Settings['kubernetes'], { name }: Release): Settings['kubernetes'] {
  const labelSelector = { matchLabels: { component: 'singleuser-server', release: name } }
  const company = { weight: 100, podAffinityTerm: { labelSelector, topologyKey: 'kubernetes.io/hostname' } }
  const before = settings.podAffinityPreferred
  const others = Array.isArray(before) ? before : Object.values(before)
  return { ...settings, userScheduler: false, podAffinityPreferred: [...others, company] }
}
