/** What the cluster changes in the settings. */
import { join, resolve } from 'node:path'
import { type Loaded, loadConfig, type Settings } from '#config'
import type { Release } from './release.ts'

/**
 * The values as the chart hands them over, with the Secrets that they name. `text`: a newer version of the mounted file,
 * which the kubelet brings only after a minute.
 */
export async function loadValues(configDir: string, text: string | null = null): Promise<Loaded> {
  const file = join(configDir, 'secret', 'values.yaml')
  const loaded = await loadConfig({
    ...(text === null ? { files: [file] } : { text, textName: file }),
    mode: 'cluster',
    isComplete: true,
    secrets: join(configDir, 'secrets'),
  })
  return text === null ? loaded : { ...loaded, readFiles: [resolve(file), ...loaded.readFiles] }
}

/** Servers reach the hub by its Service, and are packed on few nodes where the chart's scheduler would have done so. */
export function inCluster(settings: Settings, release: Release): Settings {
  const { hub } = settings
  const kubernetes = withPriority(settings.kubernetes, release)
  return {
    ...settings,
    hub: { ...hub, connectUrl: hub.connectUrl ?? `http://${release.objects.hub}:8081` },
    kubernetes: kubernetes.userScheduler ? packed(kubernetes, release) : kubernetes,
  }
}

/** A class of the whole cluster, whose name fullnameOverride changes. */
function withPriority(settings: Settings['kubernetes'], { objects }: Release): Settings['kubernetes'] {
  const isWanted = settings.podPriority && !settings.priorityClassName
  return isWanted ? { ...settings, priorityClassName: objects.priority } : settings
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
