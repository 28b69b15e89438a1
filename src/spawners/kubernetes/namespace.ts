import type { KubeObject } from '#kube'
import type { Plan } from './plan.ts'
import { allFilledIn } from './templates.ts'

/** A user's own namespace, where they have one each. */
export function namespaceManifest({ settings, names }: Plan): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: names.namespace,
      labels: allFilledIn(settings.userNamespaceLabels, names.fields),
      annotations: allFilledIn(settings.userNamespaceAnnotations, names.fields),
    },
  }
}
