/** All that a server's objects are made from: pure data, the user's choices applied. */
import { type KubernetesSettings, withOverrides } from '#config'
import type { ServerRef } from '../contract.ts'
import { type Names, namesOf } from './names.ts'

/** What the chart's release is called; its objects carry these names. */
export interface Release {
  readonly name: string
  readonly chart: string
  readonly version: string
}

export interface Plan {
  readonly server: ServerRef
  /** Overrides applied; what the release names is filled in. */
  readonly settings: KubernetesSettings
  readonly names: Names
}

export interface PlanFacts {
  readonly server: ServerRef
  readonly settings: KubernetesSettings
  readonly overrides: readonly Readonly<Record<string, unknown>>[]
  /** Where the hub's own objects are. */
  readonly namespace: string
  /** null: the hub is no release of the chart. */
  readonly release: Release | null
}

/** Templates are filled in after the user's choices, so that a profile may change them, too. */
export function planOf({ server, settings, overrides, namespace, release }: PlanFacts): Plan {
  const own = withOverrides(release ? ofRelease(settings, release) : settings, overrides)
  return { server, settings: own, names: namesOf(server, own, namespace) }
}

function ofRelease(settings: KubernetesSettings, { name, chart, version }: Release): KubernetesSettings {
  const app = settings.nameOverride ?? chart
  const chartLabel = `${chart}-${version.replaceAll('+', '_')}`
  return {
    ...settings,
    schedulerName: settings.schedulerName ?? (settings.userScheduler ? `${name}-user-scheduler` : null),
    priorityClassName: settings.priorityClassName || (settings.podPriority ? `${name}-default-priority` : ''),
    commonLabels: settings.commonLabels ?? {
      app,
      'app.kubernetes.io/name': app,
      release: name,
      'app.kubernetes.io/instance': name,
      chart: chartLabel,
      'helm.sh/chart': chartLabel,
      'app.kubernetes.io/managed-by': 'kubespawner',
    },
  }
}
