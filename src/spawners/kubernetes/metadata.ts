/** Labels and annotations: KubeSpawner's, since network policies and older hubs find pods and claims by them. */

import type { Plan } from './plan.ts'
import { labelSlug } from './slugs.ts'
import { allFilledIn } from './templates.ts'

export type Labels = Readonly<Record<string, string>>

export const userAnnotation = 'hub.jupyter.org/username'
export const serverAnnotation = 'hub.jupyter.org/servername'
/** Ours: which server of which start a pod is, so that a start that is tried again knows its own pod. */
export const idAnnotation = 'hub.jupyter.org/himalia-server'
export const attemptAnnotation = 'hub.jupyter.org/himalia-attempt'
/** Ours: the edition that it was made as, in JSON. */
export const editionAnnotation = 'hub.jupyter.org/himalia-edition'
export const storageComponent = 'singleuser-storage'

/** Of a hub that is no release of the chart. */
const plainLabels: Labels = {
  'app.kubernetes.io/name': 'jupyterhub',
  'app.kubernetes.io/managed-by': 'kubespawner',
  app: 'jupyterhub',
  heritage: 'jupyterhub',
}

export function podLabels(plan: Plan): Labels {
  const { settings, server } = plan
  return {
    ...serviceLabels(plan),
    'app.kubernetes.io/component': settings.componentLabel,
    component: settings.componentLabel,
    [serverAnnotation]: labelSlug(server.serverName),
  }
}

export function serviceLabels(plan: Plan): Labels {
  return commonLabels(plan, plan.settings.extraLabels)
}

/** `app.kubernetes.io/component` says the same of a claim as of a pod: KubeSpawner's slip, which selectors count on. */
export function claimLabels(plan: Plan): Labels {
  return {
    ...commonLabels(plan, plan.settings.storageExtraLabels),
    'app.kubernetes.io/component': plan.settings.componentLabel,
    component: storageComponent,
  }
}

function commonLabels({ settings, server, names }: Plan, extra: Labels): Labels {
  return {
    [userAnnotation]: labelSlug(server.userName),
    ...allFilledIn(extra, names.fields),
    ...(settings.commonLabels ?? plainLabels),
  }
}

export function annotations({ server, names }: Plan, extra: Labels): Labels {
  return {
    [userAnnotation]: server.userName,
    ...(server.serverName ? { [serverAnnotation]: server.serverName } : {}),
    ...allFilledIn(extra, names.fields),
  }
}

/** Whether an object was made for this server, by this hub or any before it; the names in annotations are whole. */
export function isOfServer(
  { annotations: own = {} }: { readonly annotations?: Labels },
  { userName, serverName }: { readonly userName: string; readonly serverName: string },
): boolean {
  return own[userAnnotation] === userName && (own[serverAnnotation] ?? '') === serverName
}
